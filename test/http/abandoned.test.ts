/**
 * Sign-ins that nobody goes on with leave nothing behind, and whatever people do, no query
 * looks at everything. With 100,000 of them: npm run soak -- R-40
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';
import * as client from 'openid-client';

import { type EmbeddedDatabase, startEmbeddedDatabase } from '../../src/database/embedded/index.ts';
import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import { rememberRecords } from '../support/records.ts';
import { everyWay, ways } from '../support/at-each-step.ts';

describe('Sign-ins that are abandoned', () => {
  let directory: string;
  let database: EmbeddedDatabase;
  let house: House;
  let moveBack: () => Promise<void>;
  const scans: string[] = [];

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'doorstep-test-'));
    const onScan = (command: string, namespace: string) => scans.push(`${command} ${namespace}`);
    database = await startEmbeddedDatabase({ directory, onScan });
    house = await openHouse({ ...everyWay, database: { uri: database.uri } });
    moveBack = await rememberRecords(house);
    await house.connection.model('Flow').find({ version: 1 }).exec();
    expect(scans, 'a query without an index is told').not.to.deep.equal([]);
  });
  after(async () => {
    await house.close();
    await database.stop();
    await rm(directory, { recursive: true });
  });
  beforeEach(async () => {
    clock.advance({ days: 2 });
    await moveBack();
    // Moving back asks as only tests may.
    scans.length = 0;
  });

  for (const [step, way] of Object.entries(ways)) {
    it(`are found without a look at everything, and gone after their end: ${step}`, async () => {
      await way(house);
      await house.settles();
      expect(scans, 'queries without an index').to.deep.equal([]);
      expect(await left(house)).to.include({ interaction: true });
      clock.advance({ hours: 1, seconds: 1 });
      await database.sweep();
      expect(await left(house)).to.deep.equal({ flow: false, interaction: false });
    });
  }

  it('are the only ones that are: what follows a sign-in finds its way by index, too', async () => {
    const ada = await ways['answer, code'](house);
    await ada.says({ code: ada.code() });
    const tokens = await house.shop.welcome(ada.landed());
    const configuration = await house.shop.configuration();
    await client.fetchUserInfo(configuration, tokens.access_token, 'id-ada');
    const fresh = await client.refreshTokenGrant(configuration, tokens.refresh_token ?? '');
    await ada.opens(await house.shop.signIn());
    await ada.opens(await house.shop.signIn({ prompt: 'login' }));
    await client.tokenRevocation(configuration, fresh.refresh_token ?? '');
    await ada.opens('/session/end');
    await house.settles();
    expect(scans).to.deep.equal([]);
  });
});

/** Whether there is any flow of ours, and any interaction of the provider. */
async function left({ connection }: House) {
  const [flow, interaction] = await Promise.all([
    connection.model('Flow').exists({}),
    connection.model('OidcRecord').exists({ kind: 'Interaction' }),
  ]);
  return { flow: flow !== null, interaction: interaction !== null };
}
