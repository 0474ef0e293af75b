/**
 * People who bring their passwords along from another system, and what an administrator may do
 * with those who are here.
 */
import { expect } from 'chai';
import * as client from 'openid-client';

import { createAccounts } from '../../src/models/account.ts';
import { administrationOf } from '../support/administration.ts';
import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import { people } from '../support/people.ts';
import { prefers } from '../support/prefers.ts';
import { suspend } from '../support/suspending.ts';
import { createVisitor } from '../support/visitor.ts';

const lanterns = 'seven green lanterns';
const salt = 'AAECAwQFBgcICQoLDA0ODw';
/** Made by libxcrypt and by Python's hashlib. */
const hashes = {
  bcrypt: '$2b$05$abcdefghijklmnopqrstuu3fb8vZZhjHcOXTEoPpRuj/T20/Fy3fa',
  scrypt: `$scrypt$ln=14,r=8,p=1$${salt}$0yB0MQI5it4Meegqj+3je6QgPUVXgQWUObvBCfC4BJg`,
  pbkdf2: `$pbkdf2-sha256$29000$${salt}$B0pRJKQwB5X1py6sa/yTGREc30/5IxgUrksO9yq3/qw`,
};

describe('Moving in', () => {
  let house: House;
  let office: ReturnType<typeof administrationOf>;
  before(async () => {
    house = await openHouse({ policy: { twoSteps: 'when-asked' } });
    office = administrationOf(house);
  });
  after(() => house.close());

  async function signsIn(username: string, password: string) {
    const visitor = createVisitor(house.issuer, { ...people.cleo, username, password });
    await visitor.opens(await house.shop.signIn());
    await visitor.identifies();
    return visitor;
  }
  const hashOf = async (username: string): Promise<string> => {
    const account = await office.stored(username);
    return (account?.credentials[0]?.data as { hash: string }).hash;
  };

  for (const [kind, passwordHash] of Object.entries(hashes)) {
    it(`takes the old password of ${kind}, and hashes it anew`, async () => {
      const username = `from-${kind}`;
      const { counts } = await office.imports([{ username, passwordHash }]);
      expect(counts.added).to.equal(1);

      const stranger = await signsIn(username, `${lanterns}!`);
      expect(stranger.sees()).to.equal('methods/password/answer');
      expect(await hashOf(username)).to.equal(passwordHash);

      const owner = await signsIn(username, lanterns);
      expect((await house.shop.claims(owner.landed())).amr).to.deep.equal(['pwd']);
      expect(await hashOf(username)).to.match(/^\$argon2id\$/);

      const again = await signsIn(username, lanterns);
      expect(again.landed().searchParams.get('code')).to.be.a('string');
    });
  }

  it('keeps the id that apps know somebody by, whatever it looks like', async () => {
    const id = `auth0|${'$set. /~'.repeat(40)}`.slice(0, 255);
    await office.imports([{ username: 'otto', id, passwordHash: hashes.pbkdf2 }]);
    expect((await signsIn('otto', `${lanterns}!`)).sees()).to.equal('methods/password/answer');
    const otto = await signsIn('otto', lanterns);
    expect((await house.shop.claims(otto.landed())).sub).to.equal(id);
    await office.accounts.endSessions('otto');
    expect((await office.accounts.remove('otto'))._id).to.equal(id);
  });

  it('names each bad line and takes the others, and may be repeated', async () => {
    const lines = [
      { username: 'ines', email: 'ines@example.org', passwordHash: hashes.bcrypt },
      '{"username": "half',
      { username: 'jon', password: lanterns },
      { username: 'ada2', email: people.ada.email },
      { username: 'INES', name: 'The same' },
      { username: 'kim', groups: ['staff'], phones: ['+14255550134'] },
    ];
    const first = await office.imports(lines);
    expect(first.counts).to.deep.equal({ added: 2, updated: 0, unchanged: 1, refused: 3 });
    expect(first.refused.map((each) => each.split(':')[0])).to.have.members(['2', '3', '4']);
    expect(first.refused.join()).not.to.contain(lanterns);

    const second = await office.imports(lines);
    expect(second.counts).to.deep.equal({ added: 0, updated: 0, unchanged: 3, refused: 3 });
  });

  it('brings somebody up to date whose id another line claims', async () => {
    const ida = { username: 'ida', id: 'ida-1' };
    await office.imports([ida]);
    const lines = [
      { ...ida, groups: ['staff'] },
      { username: 'not-ida', id: 'ida-1' },
    ];
    const { counts } = await office.imports(lines, true);
    expect(counts).to.deep.equal({ added: 0, updated: 1, unchanged: 0, refused: 1 });
    expect((await office.accounts.find('ida')).groups).to.deep.equal(['staff']);
  });

  it('takes no two names for one because of signs that nobody sees', async () => {
    const lines = [
      { username: 'ola\u200b', name: 'Ola B', id: 'ola-b' },
      { username: 'ola', name: 'Ola A', id: 'ola-a', groups: ['admins'] },
      { username: '\ufeffpia' },
    ];
    const first = await office.imports(lines, true);
    expect(first.counts).to.deep.include({ added: 2, updated: 0, unchanged: 0 });
    expect(first.refused).to.have.lengthOf(1);
    expect(first.refused[0]).to.match(/^2: .*line 1.*invisible/);
    // Whoever has an id is known by it; without one nobody can tell whose name it is.
    const second = await office.imports(lines, true);
    expect(second.counts).to.deep.include({ added: 0, updated: 0, unchanged: 1 });
    expect(second.refused.map((each) => each.slice(0, 1))).to.deep.equal(['2', '3']);
    expect((await office.accounts.find('OLA')).groups).to.deep.equal([]);
  });

  it('brings up to date on request, and never puts an old password back', async () => {
    const line = { username: 'lea', groups: ['staff'], passwordHash: hashes.bcrypt };
    await office.imports([line]);
    await signsIn('lea', lanterns);
    const changed = { ...line, name: 'Lea', groups: ['sales'], phones: ['+14255550134'] };
    expect((await office.imports([changed], true)).counts.updated).to.equal(1);
    const { name, groups, methods } = await office.accounts.find('lea');
    expect({ name, groups }).to.deep.equal({ name: 'Lea', groups: ['sales'] });
    expect(methods.map(({ kind }) => kind)).to.deep.equal(['password', 'phone']);
    expect(await hashOf('lea')).to.match(/^\$argon2id\$/);
    expect((await office.imports([changed], true)).counts.unchanged).to.equal(1);
  });

  it('brings a password that must be changed only with that mark (S-017)', async () => {
    const line = { username: 'mia', email: 'mia@example.org' };
    const passwordChangeDueAt = '2026-01-01T00:00:00Z';
    const known = { ...line, passwordHash: hashes.bcrypt, passwordChangeDueAt };
    await office.imports([line]);
    expect((await office.imports([known], true)).counts.updated).to.equal(1);
    expect((await signsIn('mia', lanterns)).sees()).to.equal('sign-in/new-password');
    await office.passwords.set('mia', { password: 'seven grey geese' });
    expect((await office.imports([known], true)).counts.unchanged).to.equal(1);
    expect((await office.accounts.find('mia')).passwordChangeDueAt).to.equal(undefined);
  });

  it('lists an approver by its device, and a phone by the end of its number', async () => {
    const hints = async (name: string) =>
      (await office.methods.list(name)).map(({ kind, hint }) => [kind, hint]);
    expect(await hints('dan')).to.deep.include(['app', 'Chrome, Android']);
    expect(await hints('dan')).to.deep.include(['password', undefined]);
    expect((await hints('bob')).join()).to.match(/phone,\+\d+ •••/);
  });

  it('comes to the same when everybody moves out and in again', async () => {
    const due = { dueAt: new Date() };
    await createAccounts(house.connection).requirePasswordChange('id-bob', due);
    await suspend(house, 'id-bob', 'phone');
    await prefers(house, 'ada', { method: 'text', credential: 'phone' });
    // This one stays paired here, and is a code elsewhere.
    await prefers(house, 'dan', { method: 'approve', credential: 'app' });
    const exported = await everybody();
    const defaults = exported.filter(({ defaultMethod }) => defaultMethod !== undefined);
    expect(defaults.map((one) => [one.username, one.defaultMethod])).to.deep.equal([
      ['ada', 'text'],
    ]);
    expect(exported.length).to.be.greaterThan(4);
    for (const { username } of exported) await office.accounts.remove(String(username));
    const { counts, refused } = await office.imports(exported);
    expect(refused).to.deep.equal([]);
    expect(counts.added).to.equal(exported.length);
    expect(await everybody()).to.deep.equal(exported);
    const [, held] = await office.methods.list('bob');
    expect(held?.suspendedAt, 'what bob had said was not his').to.be.an.instanceOf(Date);
    const { credentials = [], preferred } = (await office.stored('ada')) ?? {};
    const phone = credentials.find(({ kind }) => kind === 'phone');
    expect(preferred).to.deep.equal({ method: 'text', credential: phone?.id });
  });

  it('exports no default that would be another one elsewhere, and imports none of nothing', async () => {
    // Not the first that can be called.
    const { id } = await office.methods.addPhone('bob', { number: '+14255550199' });
    await prefers(house, 'bob', { method: 'call', credential: id });
    const bob = (await everybody()).find(({ username }) => username === 'bob');
    expect(bob).not.to.have.property('defaultMethod');
    const { refused } = await office.imports([
      { username: 'uma', phones: ['+4930123456'], defaultMethod: 'text' },
      { username: 'uta', defaultMethod: 'recovery-code' },
      { username: 'ulf', phones: ['+4930123456'], defaultMethod: 'call' },
    ]);
    expect(refused.map((each) => each.slice(0, 16))).to.deep.equal([
      '1: defaultMethod',
      '2: defaultMethod',
    ]);
  });

  it('finds nothing wrong afterwards', async () => {
    const found: string[] = [];
    for await (const { what } of await office.checks.run()) found.push(what);
    expect(found.filter((what) => !what.includes('has no password'))).to.deep.equal([]);
  });

  async function everybody(): Promise<Record<string, unknown>[]> {
    const all: Record<string, unknown>[] = [];
    for await (const line of await office.accounts.export({
      secrets: true,
      onUnreadable: (name) => expect.fail(name),
    })) {
      all.push(JSON.parse(JSON.stringify(line)) as Record<string, unknown>);
    }
    return all;
  }

  describe('an administrator', () => {
    async function signedIn() {
      const { username, password } = people.cleo;
      const cleo = await signsIn(username, password);
      return { cleo, tokens: await house.shop.welcome(cleo.landed()) };
    }
    const isActive = async (token: string): Promise<boolean> =>
      (await client.tokenIntrospection(await house.shop.configuration(), token)).active;
    const mayRefresh = async (token = ''): Promise<boolean> =>
      client.refreshTokenGrant(await house.shop.configuration(), token).then(
        () => true,
        () => false,
      );

    it('signs somebody out of sessions, tokens and sign-ins under way (S-147)', async () => {
      const { cleo, tokens } = await signedIn();
      const halfway = createVisitor(house.issuer, people.cleo);
      await halfway.opens(await house.shop.signIn({ acr_values: 'urn:doorstep:acr:mfa' }));
      await halfway.identifies();
      expect(halfway.sees()).to.equal('sign-in/enrol-intro');
      expect(await isActive(tokens.access_token)).to.equal(true);

      // Tokens know whole seconds.
      clock.advance({ seconds: 1 });
      await office.accounts.endSessions('cleo');
      expect(await isActive(tokens.access_token)).to.equal(false);
      expect(await mayRefresh(tokens.refresh_token)).to.equal(false);
      await halfway.reloads();
      expect(halfway.sees()).not.to.equal('sign-in/enrol-intro');
      await cleo.opens(await house.shop.signIn());
      expect(cleo.sees()).to.match(/^(sign-in\/|methods\/password)/);
    });

    it('makes tokens of a disabled account inactive (S-147)', async () => {
      const { tokens } = await signedIn();
      await office.accounts.disable('cleo');
      expect(await isActive(tokens.access_token)).to.equal(false);
      await office.accounts.enable('cleo');
    });

    it('takes a method away, and signs out whoever loses it (S-145)', async () => {
      await office.methods.makeRecoveryCodes('cleo');
      const { tokens } = await signedIn();
      expect(await isActive(tokens.access_token)).to.equal(true);
      clock.advance({ seconds: 1 });
      const held = await office.methods.list('cleo');
      const { id = '' } = held.find(({ kind }) => kind === 'recovery-codes') ?? {};
      await office.methods.remove('cleo', { id });
      expect(await isActive(tokens.access_token)).to.equal(false);
      expect(await mayRefresh(tokens.refresh_token)).to.equal(false);
    });

    it('gives a new password, and the old one no longer opens', async () => {
      await office.passwords.set('cleo', { password: 'a wholly new password' });
      expect((await signsIn('cleo', people.cleo.password)).sees()).to.equal(
        'methods/password/answer',
      );
      const cleo = await signsIn('cleo', 'a wholly new password');
      expect(cleo.landed().searchParams.get('code')).to.be.a('string');
    });
  });
});
