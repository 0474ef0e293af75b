/**
 * What people are told of what happened to their account, and what is not theirs to know.
 */
import { expect } from 'chai';

import { STRANGER } from '../../../src/audit/audit.ts';
import type { AuditEvent } from '../../../src/models/audit-event.ts';
import { activityOf } from '../../../src/security-info/activity.ts';
import { noon } from '../verification/memory-people.ts';

describe('Recent activity', () => {
  const from = { address: '192.0.2.7', request: 'r', browser: 'Firefox, Linux', client: 'console' };
  const toldOf = async (by: string) => {
    const about = { by, account: 'ada', from };
    const event: AuditEvent = {
      id: 'e',
      at: noon,
      name: 'method.removed',
      result: 'done',
      ...about,
    };
    const { rows } = await activityOf('ada', undefined, {
      audited: {
        async *newestFirst() {
          yield { _id: 1, previous: '', hash: '', events: [event] };
        },
      },
      clients: { find: async () => undefined },
      methods: new Map(),
      clock: { now: () => noon },
    });
    return rows[0];
  };

  it('says that it was the administration, and not where that sits', async () => {
    const row = await toldOf('root');
    expect(row).to.include({ what: 'method.removed', isByOthers: true });
    expect(row).not.to.have.any.keys('address', 'browser', 'app');
  });

  it('says where they themselves were, and where a stranger was', async () => {
    for (const by of ['ada', STRANGER]) {
      const told = { isByOthers: false, address: '192.0.2.7', browser: 'Firefox, Linux' };
      expect(await toldOf(by)).to.include(told);
    }
  });
});
