import { expect } from 'chai';

import { createClientAdministration } from '../../../src/administration/clients.ts';
import { createTelling } from '../../../src/administration/telling.ts';
import { COMMAND_LINE } from '../../../src/audit/audit.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { createClients } from '../../../src/oidc/clients.ts';
import { crypt, event } from '../../support/chain.ts';
import { memoryRecords } from '../oidc/memory-records.ts';

describe('An act that cannot be recorded', () => {
  it('is not done (R-44)', async () => {
    const records = memoryRecords();
    const clients = createClients({ records, crypt, clock: systemClock });
    await clients.save({ client_id: 'app', client_name: 'App' });
    const audit = {
      event: () => event('e1'),
      happened: () => undefined,
      record: async () => Promise.reject(new Error('no room in the audit')),
      move: async () => false,
    };
    const telling = createTelling({ audit, administrator: { by: COMMAND_LINE, roles: 'all' } });
    const deps = { clients, telling, clock: systemClock, jwks: { keys: [] }, reachable: () => [] };
    const office = createClientAdministration(deps);
    const written = records.writes.length;
    const web = { kind: 'web', proof: 'none', redirectUris: ['https://app.example.org/'] } as const;
    for (const act of [
      () => office.create('other', web),
      () => office.update('app', { name: 'The app' }),
      () => office.remove('app'),
    ]) {
      const failed = await act().catch((error: unknown) => String(error));
      expect(failed).to.equal('Error: no room in the audit');
    }
    expect(records.writes).to.have.length(written);
  });
});
