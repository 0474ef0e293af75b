/**
 * The checker, on a house in which one thing after the other is broken by hand.
 */
import { expect } from 'chai';

import { createIndexes } from '../../src/database/connect.ts';
import { administrationOf } from '../support/administration.ts';
import { type House, openHouse } from '../support/house.ts';
import { rememberRecords } from '../support/records.ts';

describe('doorstep check', () => {
  let house: House;
  let restore: () => Promise<void>;
  before(async () => {
    house = await openHouse();
    const ada = await house.atSecondStep('ada');
    await ada.says({ code: ada.code() });
    await house.shop.welcome(ada.landed());
    await house.atSecondStep('bob');
    await house.settles();
    restore = await rememberRecords(house);
  });
  after(() => house.close());
  afterEach(() => restore());

  const findings = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { check, isNote, what } of await administrationOf(house).checks.run()) {
      found.push(`${isNote ? 'note ' : ''}${check}: ${what}`);
    }
    return found;
  };
  const change = (collection: string, filter: object, update: object) =>
    house.connection.collection(collection).updateOne(filter, update);
  const ada = { username: 'ada' };
  const long = new Date('2020-01-01');

  it('finds nothing where people signed in and are signing in', async () => {
    expect(await findings()).to.deep.equal([]);
  });

  it('calls nobody unusable who approves on the phone where no texts are sent', async () => {
    const silent = await openHouse({ channels: { sms: { url: undefined } } });
    try {
      const found: string[] = [];
      for await (const { what } of await administrationOf(silent).checks.run()) found.push(what);
      expect(found.filter((what) => what.startsWith('dan '))).to.deep.equal([]);
      expect(found.join(), 'whoever has nothing but texts').to.match(/bob .*cannot be used now/);
    } finally {
      await silent.close();
    }
  });

  const broken: readonly (readonly [string, string, object, object, RegExp])[] = [
    [
      'a name that is not looked for',
      'accounts',
      ada,
      { $set: { identifiers: ['eve'] } },
      /identifiers/,
    ],
    [
      'a seed of another account',
      'accounts',
      { ...ada, 'credentials.kind': 'app' },
      { $set: { 'credentials.$.data.seed': 'x.y' } },
      /code app does not open/,
    ],
    [
      'a code of next week',
      'accounts',
      { ...ada, 'credentials.kind': 'app' },
      { $set: { 'credentials.$.data.lastStep': 1e9 } },
      /future/,
    ],
    [
      'a change of the password that is due next century',
      'accounts',
      ada,
      { $set: { passwordChangeDueAt: new Date('2100-01-01') } },
      /lets nobody in before 2100/,
    ],
    [
      'a credential that is no record',
      'accounts',
      { ...ada, 'credentials.kind': 'phone' },
      { $set: { 'credentials.$.data': 7 } },
      /call phone cannot be read/,
    ],
    [
      'a kind that nobody knows',
      'accounts',
      { ...ada, 'credentials.kind': 'phone' },
      { $set: { 'credentials.$.kind': 'pigeon' } },
      /no known kind/,
    ],
    [
      'a hash of nothing',
      'accounts',
      { ...ada, 'credentials.kind': 'password' },
      { $set: { 'credentials.$.data.hash': 'x' } },
      /nobody can verify/,
    ],
    [
      'no password',
      'accounts',
      ada,
      { $pull: { credentials: { kind: 'password' } } },
      /cannot sign in/,
    ],
    [
      'a counter of the future',
      'accounts',
      ada,
      {
        $set: { 'attempts.tallies': { password: { times: [new Date('2999-01-01')], streak: 1 } } },
      },
      /counter password/,
    ],
    [
      'a method preferred and gone',
      'accounts',
      ada,
      { $set: { preferred: { method: 'text', credential: 'gone' } } },
      /prefers/,
    ],
    [
      'a session above its proofs',
      'oidc_records',
      { kind: 'Session' },
      { $set: { proofs: [] } },
      /above what was proved/,
    ],
    [
      'a session without proofs',
      'oidc_records',
      { kind: 'Session' },
      { $unset: { proofs: 1 } },
      /proofs cannot be read/,
    ],
    [
      'a grant of lost keys',
      'oidc_records',
      { kind: 'Grant' },
      { $set: { payload: 'a.b' } },
      /does not open/,
    ],
    [
      'a kind of record that nobody knows',
      'oidc_records',
      { kind: 'Grant' },
      { $set: { kind: 'Ticket' } },
      /no known kind/,
    ],
    [
      'a record that nobody swept',
      'oidc_records',
      { kind: 'Grant' },
      { $set: { expiresAt: long } },
      /still there/,
    ],
    [
      'an app that cannot be read',
      'oidc_records',
      { kind: 'Client' },
      { $set: { payload: '{' } },
      /clients: .*cannot be read/,
    ],
    [
      'a message that never left',
      'flows',
      { challenge: { $exists: true } },
      { $set: { pending: [{ id: 'm', expiresAt: long }] } },
      /message too long/,
    ],
    [
      'more attempts than there were',
      'flows',
      { challenge: { $exists: true } },
      { $set: { 'challenge.attemptsLeft': -1 } },
      /more attempts/,
    ],
    [
      'an event that waits for ever',
      'accounts',
      ada,
      { $set: { events: [{ id: 'e', name: 'account.unlocked', at: long }] } },
      /waiting .*: account\.unlocked$/,
    ],
    [
      'a record of the audit that was edited',
      'audit_records',
      {},
      { $set: { 'events.0.by': 'id-eve' } },
      /^audit: Record \d+ was edited/,
    ],
  ];
  for (const [name, collection, filter, update, expected] of broken) {
    it(`names ${name}, and nothing else`, async () => {
      expect((await change(collection, filter, update)).modifiedCount).to.equal(1);
      const found = await findings();
      expect(found.filter((each) => expected.test(each))).to.have.length(1);
      expect(
        found.filter((each) => !expected.test(each) && !each.includes('(id-ada)')),
      ).to.deep.equal([]);
    });
  }

  it('names an index that is gone', async () => {
    await house.connection.collection('accounts').dropIndex('identifiers_1');
    expect(await findings()).to.deep.equal(['indexes: missing: accounts {"identifiers":1}']);
    await createIndexes(house.connection);
  });

  it('finds an app whose ID tokens no key can sign', async () => {
    await house.registers('shop', { id_token_signed_response_alg: 'PS256' });
    expect(await findings()).to.deep.equal([
      'clients: shop: its ID tokens are to be signed with PS256, and no key is for that',
    ]);
  });

  it('notes an app that may do without PKCE', async () => {
    await house.registers('shop', { require_pkce: false });
    expect(await findings()).to.deep.equal(['note clients: shop: may do without PKCE']);
  });
});
