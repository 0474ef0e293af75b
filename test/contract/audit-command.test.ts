/**
 * doorstep audit, as an administrator uses it.
 */
import { expect } from 'chai';

import { createChain } from '../../src/audit/chain.ts';
import { loadSettings } from '../../src/config/load.ts';
import { connectDatabase, createIndexes } from '../../src/database/connect.ts';
import { createCrypt } from '../../src/lib/crypt.ts';
import { createAuditRecords } from '../../src/models/audit-record.ts';
import { event, log } from '../support/chain.ts';
import { openCommandLine } from '../support/command-line.ts';

describe('npm run doorstep -- audit', () => {
  it('shows what happened, as plain text (S-150), and says whether the record of it is whole', async () => {
    const { directory, doorstep, refused, runs, close } = await openCommandLine();
    expect(await doorstep('audit', 'verify')).to.match(/^0 events in 0 records/);
    const database = await connectDatabase({ directory, log });
    const { connection } = database;
    const records = createAuditRecords(connection);
    await createIndexes(connection);
    const { secrets } = await loadSettings({
      environment: { NODE_ENV: 'test', DATA_DIRECTORY: directory, ISSUER: 'http://localhost:1' },
    });
    const crypt = createCrypt(secrets.encryptionKeys);
    const odd = event('e1', { reason: 'odd\u001b[2J', account: 'id-ada' });
    await createChain({ records, crypt, log }).append([odd, event('e2')]);
    const told = await doorstep('audit', 'verify');
    expect(told).to.match(/^2 events in 1 records/);
    const shown = await doorstep('audit', 'list', '--account', 'id-ada', '--last', '5');
    expect(shown).to.contain('sign-in.finished').and.not.to.contain('\u001b');
    expect(shown).to.contain('accountId="id-ada"');
    expect(await doorstep('audit', 'list', '--since', '2027-01-01')).to.equal('');
    expect(
      await doorstep('audit', 'list', '--account', 'id-ada', '--since', '2027-01-01'),
    ).to.equal('');
    expect(await refused('audit', 'list', '--account', 'nobody')).to.match(
      /^No account has this name now;/,
    );
    const environment = { NODE_ENV: 'test', DATA_DIRECTORY: directory };
    for (const [typed, meant] of [
      ['sign-in.finshed', '; did you mean sign-in.finished?'],
      ['anything', '.'],
    ] as const) {
      const { code, stderr } = await runs(environment, 'audit', 'list', '--event', typed);
      expect([code, stderr]).to.deep.equal([2, `There is no event "${typed}"${meant}\n`]);
    }
    const json = await doorstep('audit', 'list', '--json', '--last', '1');
    expect(JSON.parse(json)).to.include({ id: 'e2' });

    await records.model.updateOne({ _id: 1 }, { $set: { 'events.0.by': 'id-eve' } });
    expect(await refused('audit', 'verify')).to.equal('Record 1 was edited.\n');
    await records.model.deleteMany({});
    const head = /Head: (\S+)/.exec(told)?.[1] ?? '';
    expect(await refused('audit', 'verify', '--head', head)).to.contain('cut off');
    await connection.collection('audit_heads').deleteMany({});
    await database.close();
    await close();
  });
});
