/**
 * Records that cannot be: wrong types, missing fields, unknown kinds, broken seals, written
 * straight into the database. What cannot be read is unusable and logged, and nothing
 * else suffers for it.
 */
import { expect } from 'chai';

import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import { begin, rowsOn, signedIn } from '../support/my-account.ts';
import { people } from '../support/people.ts';
import type { Visitor } from '../support/visitor.ts';
import { uidOf } from '../support/at-each-step.ts';

type Stored = Readonly<Record<string, unknown>>;
interface Credential extends Stored {
  readonly id: string;
  readonly data: Stored;
}

const without = (stored: Stored, name: string): Stored =>
  Object.fromEntries(Object.entries(stored).filter(([key]) => key !== name));
const dataOf = ({ data }: Credential, change: (value: unknown) => unknown): Stored =>
  Object.fromEntries(Object.entries(data).map(([name, value]) => [name, change(value)]));

const poisons: Readonly<Record<string, (credential: Credential) => unknown>> = {
  'no data': (credential) => without(credential, 'data'),
  'data that is null': (credential) => ({ ...credential, data: null }),
  'data of other types': (credential) => ({ ...credential, data: dataOf(credential, () => 7) }),
  'rubbish for every text': (credential) => ({
    ...credential,
    data: dataOf(credential, (value) => (typeof value === 'string' ? 'rubbish' : value)),
  }),
  'an unknown kind': (credential) => ({ ...credential, kind: 'hologram' }),
  'a kind that is a number': (credential) => ({ ...credential, kind: 7 }),
  'no id': (credential) => without(credential, 'id'),
  'null in its place': () => null,
  'text in its place': () => 'rubbish',
};

describe('Poison in the database', () => {
  let house: House;
  before(async () => {
    house = await openHouse({ log: { level: 'warn' } });
  });
  beforeEach(() => clock.advance({ days: 1 }));
  after(() => house.close());

  const stored = (model: string) => house.connection.model(model).collection;

  async function poison(name: 'ada' | 'bob', change: (account: Stored) => Stored) {
    const filter: object = { _id: `id-${name}` };
    const account = await stored('Account').findOne(filter);
    if (!account) throw new Error(`nobody is called ${name}`);
    await stored('Account').updateOne(filter, { $set: change(account) });
    return async (): Promise<void> => {
      await stored('Account').replaceOne(filter, account);
    };
  }

  const poisonCredential = (name: 'ada' | 'bob', id: string, change: (typeof poisons)[string]) =>
    poison(name, (account) => ({
      credentials: (account.credentials as Credential[]).map((credential) =>
        credential.id === id ? change(credential) : credential,
      ),
    }));

  const loggedSince = async (before: string): Promise<string> =>
    (await house.logged()).slice(before.length);

  async function says(visitor: Visitor, name: 'ada' | 'bob'): Promise<void> {
    const { phone } = people[name];
    const isCode = visitor.sees() === 'methods/code/answer';
    await visitor.says({ code: isCode ? visitor.code() : house.carrier.lastCode(phone) });
  }

  async function signsIn(name: 'ada' | 'bob'): Promise<void> {
    const visitor = await house.atSecondStep(name);
    await says(visitor, name);
    if (visitor.sees() === 'methods/code/answer') {
      expect(visitor.reads()).to.contain('cannot be used right now');
      await visitor.presses('another-way');
      await visitor.says({ method: 'text' });
      await says(visitor, name);
    }
    expect((await house.shop.claims(visitor.landed())).sub).to.equal(`id-${name}`);
  }

  for (const [what, change] of Object.entries(poisons)) {
    for (const id of ['app', 'phone', 'codes']) {
      it(`(${what}) in ${id} leaves her other ways to Ada`, async () => {
        const before = await house.logged();
        const mend = await poisonCredential('ada', id, change);
        await signsIn('ada');
        await mend();
        // Recovery codes are digests and a number is text: rubbish there is only never right.
        const isTold = what !== 'rubbish for every text' || id === 'app';
        if (isTold) expect(await loggedSince(before)).to.contain('credential.unreadable');
      });
    }

    it(`(${what}) in a password lets nobody in, and says what is said of nobody's`, async () => {
      const mend = await poisonCredential('ada', 'password', change);
      const ada = await house.atSecondStep('ada');
      await mend();
      expect(ada.status()).to.equal(200);
      expect(ada.reads()).to.contain('Wrong user name or password');
    });

    it(`(${what}) in Bob's only second step is no reason to set up another`, async () => {
      const mend = await poisonCredential('bob', 'phone', change);
      const bob = await house.atSecondStep('bob');
      await mend();
      expect(bob.status()).to.equal(200);
      expect(bob.sees()).to.equal('sign-in/no-way');
      await signsIn('ada');
    });
  }

  for (const [what, fields] of Object.entries<Stored>({
    'credentials that are text': { credentials: 'rubbish' },
    'no credentials': { credentials: null },
    'tries that nobody can count': { attempts: { version: 0, tallies: { password: 7 } } },
  })) {
    it(`(${what}) keeps Bob out calmly, and Ada signs in`, async () => {
      const mend = await poison('bob', () => fields);
      const bob = house.visitor('bob');
      await bob.opens(await house.shop.signIn());
      await bob.says({ identifier: 'bob' });
      await bob.says({ password: people.bob.password });
      await mend();
      expect(bob.sees()).to.be.oneOf(['problem', 'methods/password/answer']);
      await signsIn('ada');
    });
  }

  for (const update of [
    { $set: { challenge: 'rubbish' } },
    { $set: { 'challenge.method': 'hologram' } },
    { $set: { 'challenge.attemptsLeft': 'many' } },
    { $set: { 'challenge.expiresAt': 'never' } },
    { $set: { facts: null } },
    { $unset: { facts: 1 } },
    { $set: { proofs: [null, 7, {}] } },
    { $set: { 'proofs.0.amr': 7 } },
    { $set: { request: null } },
    { $set: { 'request.goal': null } },
    { $set: { version: 'rubbish' } },
    { $set: { endsAt: 'never' } },
    { $unset: { endsAt: 1, expiresAt: 1 } },
  ]) {
    it(`in a flow (${JSON.stringify(update)}) ends it, and another is begun`, async () => {
      const before = await house.logged();
      const bob = await house.atSecondStep('bob');
      const form = bob.formFor('form[data-step="answer"]');
      await stored('Flow').updateOne({ _id: uidOf(bob) } as object, update);
      await bob.submit(form, { code: house.carrier.lastCode(people.bob.phone) });
      // Nothing can be counted on from a version that is no number: the page leads back.
      if (bob.status() === 500) await bob.opens(`/sign-in/${uidOf(bob)}`);
      expect(bob.status()).to.equal(410);
      expect(await loggedSince(before)).to.contain('flow.unreadable');
      await house.settles();
      await bob.opens(await house.shop.signIn());
      expect(bob.sees()).to.equal('sign-in/identify');
    });
  }

  it('in what was promised to be sent holds nothing up that waits behind it', async () => {
    const bob = await house.atSecondStep('bob');
    const due = { leasedUntil: new Date(0), tries: 'many', sealed: 7 };
    const pending = [{ id: 'poison', challenge: 'none', ...due }];
    await stored('Flow').updateOne({ _id: uidOf(bob) } as object, { $set: { pending } });
    await house.settles();
  });

  const removed = {
    ...{ id: 'gone', kind: 'app', version: 0, session: 's', sealed: 'rubbish' },
    ...{ addedAt: new Date(0), removedAt: new Date(), erasedAt: new Date('2100-01-01') },
  };
  for (const [what, fields] of Object.entries<Stored>({
    'what was removed, none of it a record': { removedCredentials: [null, 7, {}, 'rubbish'] },
    'what was removed, as text': { removedCredentials: 'rubbish' },
    'what was removed, with broken seals': {
      removedCredentials: [{ ...removed, contestedAt: new Date() }],
    },
    'trusted browsers, none of them a record': { trustedBrowsers: [null, 7, {}, 'rubbish'] },
    'trusted browsers, as text': { trustedBrowsers: 'rubbish' },
  })) {
    it(`in ${what}, leaves My account as it is, where methods go and come back`, async () => {
      const before = await house.logged();
      const ada = await signedIn(house, 'ada');
      const mend = await poison('ada', () => fields);
      for (const page of ['security-info', 'sessions', 'activity']) {
        await ada.opens(`/account/${page}`);
        expect([ada.status(), ada.sees()]).to.deep.equal([200, `account/${page}`]);
      }
      await ada.opens('/account/security-info');
      await begin(ada, 'remove', 'phone');
      await ada.presses('remove');
      expect(rowsOn(ada)).to.deep.equal(['Authenticator app']);
      await begin(ada, 'restore');
      expect(rowsOn(ada)).to.deep.equal(['Authenticator app', 'Phone']);
      await mend();
      if (what.includes('seals')) {
        expect(await loggedSince(before)).to.contain('credential.unreadable');
      }
    });
  }

  for (const kind of ['Session', 'Grant']) {
    for (const [what, fields] of Object.entries<Stored>({
      'a broken seal': { payload: 'rubbish' },
      'no text': { payload: 7 },
      'an end that is no date': { expiresAt: 'never' },
    })) {
      it(`in a ${kind} (${what}) is as if there were none`, async () => {
        const bob = await house.atSecondStep('bob');
        await says(bob, 'bob');
        await house.shop.welcome(bob.landed());
        await stored('OidcRecord').updateMany({ kind }, { $set: fields });
        await bob.opens(await house.shop.signIn());
        if (kind === 'Session') expect(bob.sees()).to.equal('sign-in/pick-account');
        else expect((await house.shop.claims(bob.landed())).sub).to.equal('id-bob');
        await stored('OidcRecord').deleteMany({ kind });
      });
    }
  }

  for (const fields of [
    { tallies: 'rubbish' },
    { tallies: { sms: 7, wrong: 7 } },
    { tallies: { sms: { times: ['never'], streak: 'long' } } },
    { version: 'rubbish' },
  ]) {
    it(`in a counter (${JSON.stringify(fields)}) is refused, and then counted anew`, async () => {
      await house.atSecondStep('bob');
      clock.advance({ minutes: 2 });
      await stored('Limit').updateMany({}, { $set: fields });
      let bob = house.visitor('bob');
      await bob.opens(await house.shop.signIn());
      await bob.identifies().catch(() => undefined);
      expect(bob.status()).to.equal(503);
      for (let tries = 0; bob.sees() === 'problem' && tries < 8; tries += 1) {
        clock.advance({ minutes: 2 });
        bob = house.visitor('bob');
        await bob.opens(await house.shop.signIn());
        await bob.identifies().catch(() => undefined);
      }
      expect(bob.sees()).to.equal('methods/text/answer');
    });
  }

  it('in the policy lets nobody in until it is mended', async () => {
    for (const [index, policy] of [null, 7, { methods: 7 }, { twoSteps: 'never' }].entries()) {
      const newest: object = { _id: 99 + index };
      clock.advance({ seconds: 10 });
      await stored('Policy').insertOne({ ...newest, policy });
      const bob = house.visitor('bob');
      await bob.opens(await house.shop.signIn());
      await stored('Policy').deleteOne(newest);
      expect(bob.sees(), JSON.stringify(policy)).to.equal('problem');
    }
    clock.advance({ seconds: 10 });
    await signsIn('ada');
  });
});
