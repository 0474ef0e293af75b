import { expect } from 'chai';

import type { AuditEvent } from '../../../src/models/audit-event.ts';
import { createPasswordRules } from '../../../src/credentials/password-rules.ts';
import { Problem } from '../../../src/lib/problem.ts';
import { completed } from '../../../src/models/account.ts';
import type { Replaced } from '../../../src/models/account-password.ts';
import { createNewPasswords } from '../../../src/flow/new-password.ts';

const now = new Date('2026-11-22T12:00:00Z');
const OLD = 'the old one of ada';
const from = { address: '192.0.2.1', request: 'r' };

const ada = completed({
  ...{ _id: 'id-ada', username: 'ada.ekberg', name: 'Ada Ekberg', roles: [], groups: [] },
  profile: { email: 'mail.of.ada@example.org' },
  credentials: [
    { id: 'a', kind: 'app', data: {}, version: 0, addedAt: now },
    { id: 'p', kind: 'password', data: { hash: `#${OLD}`, setAt: now }, version: 3, addedAt: now },
  ],
  createdAt: now,
});

/** A house whose hasher counts, and whose database says whether the account was as read. */
function setUp({ isAsRead = true, isBusy = false } = {}) {
  let runs = 0;
  const run = (): void => {
    runs += 1;
    if (isBusy) throw new Problem('busy');
  };
  const stored: Replaced[] = [];
  const happened: string[] = [];
  const passwords = createNewPasswords({
    accounts: {
      async replacePassword({ _id }, { id, version }, replaced) {
        expect([_id, id, version]).to.deep.equal(['id-ada', 'p', 3]);
        if (isAsRead) stored.push(replaced);
        return isAsRead;
      },
      async addPassword({ _id }, added, first) {
        expect([_id, Object.keys(added)]).to.deep.equal([
          'id-ada',
          ['id', 'kind', 'version', 'addedAt'],
        ]);
        if (isAsRead) stored.push(first);
        return isAsRead;
      },
    },
    hasher: {
      async hash(password) {
        run();
        return `#${password}`;
      },
      async match(hash, typed) {
        run();
        return hash === `#${typed}` ? typed : undefined;
      },
    },
    checkPassword: createPasswordRules({
      minimum: () => 8,
      loadCommon: async () => new Set(['qwertyuiop']),
    }),
    organisation: 'Guild & Sons',
    audit: {
      event: (name, about, details) =>
        ({ id: 'e', at: now, result: 'done', name, ...about, details }) as AuditEvent,
      happened: (holder, id) => void happened.push(`${holder} ${id}`),
    },
    clock: { now: () => now },
  });
  return {
    choose: (password: string, repeated = password) =>
      passwords.choose(ada, { password, repeated }, from),
    chooseFirst: (password: string) =>
      passwords.choose({ ...ada, credentials: [] }, { password }, from),
    stored,
    happened,
    runs: () => runs,
  };
}

describe('A new password', () => {
  const flaws: [title: string, password: string, repeated: string, flaw: string, runs: number][] = [
    ['is typed differently', 'one of these', 'or another one', 'passwords-differ', 0],
    ['differs only in a space', 'one of these', 'one of these ', 'passwords-differ', 0],
    ['is nothing', '', '', 'password-too-short', 0],
    ['is too short', 'seven77', 'seven77', 'password-too-short', 0],
    ['is too long', 'x'.repeat(257), 'x'.repeat(257), 'password-too-long', 0],
    ['is common', 'QwertyUIOP', 'QwertyUIOP', 'password-common', 0],
    ['is the user name', 'Ada.Ekberg', 'Ada.Ekberg', 'password-about-you', 0],
    ['is the name', 'ada ekberg', 'ada ekberg', 'password-about-you', 0],
    ['is a part of the address', 'mail.of.ada', 'mail.of.ada', 'password-about-you', 0],
    ['is the organisation', 'guild & sons', 'guild & sons', 'password-about-you', 0],
    ['is the old one', OLD, OLD, 'password-unchanged', 1],
  ];
  for (const [title, password, repeated, flaw, runs] of flaws) {
    it(`is refused where it ${title} (hashes: ${runs})`, async () => {
      const house = setUp();
      const chosen = await house.choose(password, repeated);
      expect(chosen).to.deep.equal({ outcome: 'refused', flaw });
      expect(house.runs()).to.equal(runs);
      expect([...house.stored, ...house.happened]).to.deep.equal([]);
    });
  }

  it('is stored with the end of all that was before and what is told of it, for two hashes', async () => {
    const house = setUp();
    const chosen = await house.choose('paper boats at dawn');
    expect(chosen).to.deep.equal({ outcome: 'changed', changedAt: now });
    const [stored, ...more] = house.stored;
    expect(more).to.deep.equal([]);
    expect(stored?.data).to.deep.equal({
      ...{ hash: '#paper boats at dawn', setAt: now },
      previous: [`#${OLD}`],
    });
    expect(stored?.signedOutAt).to.equal(now);
    const [event] = stored?.events ?? [];
    expect(event).to.include({ name: 'password.changed', by: 'id-ada', account: 'id-ada' });
    expect(house.happened).to.deep.equal(['accounts id-ada']);
    expect(house.runs()).to.equal(2);
  });

  it('is the first where there was none, for one hash and by the same rules (S-144)', async () => {
    const house = setUp();
    expect(await house.chooseFirst('seven77')).to.have.property('flaw', 'password-too-short');
    expect(await house.chooseFirst('paper boats at dawn')).to.have.property('outcome', 'changed');
    expect(house.stored.map(({ data }) => data)).to.deep.equal([
      { hash: '#paper boats at dawn', setAt: now },
    ]);
    expect(house.happened).to.deep.equal(['accounts id-ada']);
    expect(house.runs()).to.equal(1);
  });

  it('is not stored over anything but what was read, and then nothing is told', async () => {
    const house = setUp({ isAsRead: false });
    expect(await house.choose('paper boats at dawn')).to.equal(undefined);
    expect(house.happened).to.deep.equal([]);
  });

  it('says so when too many wait already, and stores nothing', async () => {
    const house = setUp({ isBusy: true });
    const thrown = await house.choose('paper boats at dawn').catch((error: unknown) => error);
    expect(thrown).to.be.an.instanceOf(Problem).with.property('code', 'busy');
    expect(house.stored).to.deep.equal([]);
  });
});
