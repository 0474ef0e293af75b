import { expect } from 'chai';

import { soundAccount } from '../../../src/models/sound-account.ts';
import { includes } from '../../../src/policy/audience.ts';

describe('An account of which parts cannot be read', () => {
  const stored = { credentials: undefined, known: undefined };

  it('is in no group, and is not let off what policy asks of everybody', () => {
    for (const groups of [undefined, null, 'staff', { staff: true }]) {
      const account = soundAccount({ ...stored, groups });
      const { groups: read } = account as unknown as { groups: readonly string[] };
      expect(read).to.deep.equal([]);
      expect(includes({ include: ['groups:staff'] }, read)).to.equal(false);
    }
  });

  it('keeps the groups that it has', () => {
    expect(soundAccount({ ...stored, groups: ['staff'] })?.groups).to.deep.equal(['staff']);
  });
});
