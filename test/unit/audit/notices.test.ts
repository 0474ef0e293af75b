import { expect } from 'chai';

import { createDisownTokens } from '../../../src/audit/disown-tokens.ts';
import { createNotices, type Letter, notices } from '../../../src/audit/notices.ts';
import { createMailboxes } from '../../../src/credentials/mailboxes.ts';
import { loadLanguages } from '../../../src/web/language.ts';
import type { Account } from '../../../src/models/account.ts';
import { noAttempts } from '../../../src/models/counter.ts';
import type { AuditEvent } from '../../../src/models/audit-event.ts';
import type { Message } from '../../../src/models/message.ts';
import { event, log } from '../../support/chain.ts';
import { credential } from '../../support/people.ts';

const now = new Date('2026-03-01T12:00:30Z');

const crypt = { seal: (text: string) => text, open: (sealed: string) => sealed };

const ada: Account = {
  _id: 'id-ada',
  username: 'ada',
  name: 'Ada Lovelace',
  profile: { email: 'ada@example.org' },
  identifiers: ['ada'],
  roles: [],
  groups: [],
  credentials: [],
  credentialsVersion: 0,
  attempts: noAttempts,
  known: { networks: [], browsers: [] },
  createdAt: now,
};

async function promised(events: readonly AuditEvent[], account = ada, isOn = true) {
  const stored = new Map<string, Message>();
  const made = createNotices({
    accounts: { findById: async (id) => (id === account._id ? account : undefined) },
    messages: {
      async promise(message) {
        if (stored.has(message._id)) return false;
        stored.set(message._id, message);
        return true;
      },
    },
    isOn,
    crypt,
    mailboxes: createMailboxes({ log }),
    alertsTo: 'security@example.org',
    clock: { now: () => now },
  });
  await made.promise(events);
  const letters = [...stored.values()].map(({ sealed }) => JSON.parse(sealed) as Letter);
  return { letters, ids: [...stored.keys()], messages: [...stored.values()] };
}

const added = event('e1', { name: 'method.added', details: { method: 'code', credential: 'c1' } });

describe('notices', () => {
  it('say when, from where and by which browser, to the account’s address', async () => {
    const from = { address: '192.0.2.7', request: 'r1', browser: 'Firefox, Windows', locale: 'de' };
    const { letters, messages } = await promised([{ ...added, from }]);
    const [first = expect.fail('no letter')] = letters;
    const { values: { token = '', ...values }, ...letter } = first; // prettier-ignore
    expect(createDisownTokens(crypt).read(token)).to.deep.equal({
      ...{ account: 'id-ada', event: 'e1', what: 'method.added', credential: 'c1' },
      until: new Date('2026-03-04T12:00:00Z'),
    });
    expect([{ ...letter, values }]).to.deep.equal([
      {
        to: 'ada@example.org',
        message: 'notice',
        locale: 'de',
        values: {
          about: 'method-added',
          username: 'ada',
          name: 'Ada Lovelace',
          at: '2026-03-01T12:00:00.000Z',
          by: 'person',
          address: '192.0.2.7',
          browser: 'Firefox, Windows',
          method: 'code',
        },
      },
    ]);
    expect(messages[0]?.expiresAt).to.deep.equal(new Date('2026-03-02T12:00:00Z'));
  });

  it('are promised once for one event, however often it is moved', async () => {
    const { ids } = await promised([added, added]);
    expect(ids).to.have.length(1);
    expect(ids[0]).to.match(/^e1\.[\w-]{16}$/);
  });

  const email = (id: string, address: unknown) => credential(id, 'email', { address });
  const reset = [email('m1', 'ada@home.example'), email('m2', 'ADA@Example.ORG')];
  const told = ({ letters }: Awaited<ReturnType<typeof promised>>) => letters.map(({ to }) => to);

  it('go to all addresses of the account, to each mailbox once (S-115)', async () => {
    const account = { ...ada, credentials: reset };
    expect(told(await promised([added], account))).to.deep.equal([
      'ada@example.org',
      'ada@home.example',
    ]);
    const others = { ...account, profile: {} };
    expect(told(await promised([added], others))).to.deep.equal([
      'ada@home.example',
      'ADA@example.org',
    ]);
    const spelt = { ...ada, profile: { email: 'ada@bücher.example' } };
    const twice = { ...spelt, credentials: [email('m1', 'Ada@xn--bcher-kva.example')] };
    expect(told(await promised([added], twice))).to.deep.equal(['ada@bücher.example']);
  });

  it('go to what was an address until then, too, and of what follows no more', async () => {
    const removed = event('e2', {
      ...{ name: 'method.removed', details: { method: 'email', credential: 'm1' } },
      formerly: { address: 'ada@home.example' },
    });
    const gone = await promised([removed, added]);
    expect(told(gone)).to.deep.equal(['ada@example.org', 'ada@home.example', 'ada@example.org']);
    const same = { ...removed, formerly: { address: 'ADA@example.org' } };
    expect(told(await promised([same]))).to.deep.equal(['ada@example.org']);
  });

  it('tell the old address and the new one when an administrator changes it, and of nothing else', async () => {
    const changed = (what: readonly string[]) =>
      event('e3', {
        ...{ name: 'account.changed', by: 'command-line', details: { what: [...what] } },
        ...{ formerly: { address: 'ada@old.example' } },
        from: { address: '192.0.2.9', request: 'r1', browser: 'Firefox, Windows', locale: 'de' },
      });
    const { letters } = await promised([changed(['name', 'email'])]);
    expect(letters.map(({ to }) => to)).to.deep.equal(['ada@example.org', 'ada@old.example']);
    const [{ values }] = letters as [Letter];
    expect(values).to.include({ about: 'email-changed', by: 'administration' });
    expect(values, 'where an administrator sits').not.to.have.any.keys('address', 'browser');
    expect((await promised([changed(['name'])])).letters).to.deep.equal([]);
  });

  it('go to the others where the address of the profile is none (R-43)', async () => {
    for (const poison of [42, null, ['a@b.example'], { $gt: '' }, true]) {
      const account = {
        ...ada,
        profile: { email: poison as never },
        credentials: [reset[0] as never],
      };
      expect(told(await promised([added], account)), JSON.stringify(poison)).to.deep.equal([
        'ada@home.example',
      ]);
    }
  });

  it('have the same ids, whatever becomes of the list of addresses', async () => {
    const idsBy = async (account: Account) => {
      const { ids, letters } = await promised([added], account);
      return Object.fromEntries(letters.map(({ to }, at) => [to.toLowerCase(), ids[at]]));
    };
    const before = await idsBy({ ...ada, credentials: reset });
    const after = await idsBy({ ...ada, profile: {}, credentials: reset.toReversed() });
    expect(after).to.deep.equal(before);
    expect(new Set(Object.values(before)).size).to.equal(2);
  });

  it('go to an address that its owner disowned, without the link', async () => {
    const [first = expect.fail()] = reset;
    const account = { ...ada, credentials: [{ ...first, suspendedAt: now }] };
    const { letters } = await promised([added], account);
    const links = letters.map(({ to, values }) => [to, 'token' in values]);
    expect(links).to.deep.equal([
      ['ada@example.org', true],
      ['ada@home.example', false],
    ]);
  });

  for (const [what, poison] of Object.entries({
    'no address': email('m1', undefined),
    'a number': email('m1', 7),
    rubbish: email('m1', 'rubbish'),
    'two of them': email('m1', 'a@b.example, c@d.example'),
    'no data': { ...email('m1', ''), data: undefined },
  })) {
    it(`go to the others where one cannot be read: ${what} (R-43)`, async () => {
      const account = { ...ada, credentials: [poison, ...reset] };
      expect(told(await promised([added], account))).to.deep.equal([
        'ada@example.org',
        'ada@home.example',
      ]);
    });
  }

  it('hold a link for whom it happened to, and none where nothing can be disowned', async () => {
    const said = { disowned: 'e1', what: 'method.added', suspended: [] };
    const { letters } = await promised([event('e2', { name: 'change.disowned', details: said })]);
    expect(letters.map(({ message }) => message)).to.deep.equal(['notice', 'alert']);
    for (const { values } of letters) expect(values).not.to.have.property('token');
  });

  it('speak the account’s language before the browser’s', async () => {
    const { letters } = await promised([added], {
      ...ada,
      profile: { ...ada.profile, locale: 'de-AT', zoneinfo: 'Europe/Vienna' },
    });
    expect(letters[0]).to.include({ locale: 'de-AT' });
    expect(letters[0]?.values).to.include({ zone: 'Europe/Vienna' });
  });

  it('say so when it was not the person', async () => {
    const { letters } = await promised([{ ...added, by: 'command-line' }]);
    expect(letters[0]?.values.by).to.equal('administration');
  });

  for (const [inARow, told] of [
    [1, 0],
    [2, 0],
    [3, 1],
    [4, 1],
  ] as const) {
    it(`tell ${told} time of ${inARow} wrong codes after the right password (S-216)`, async () => {
      const details = { method: 'code', credential: 'c', inARow };
      const failed = event('e', { name: 'second-factor.failed', result: 'failed', details });
      expect((await promised([failed])).letters).to.have.length(told);
    });
  }

  it('tell once a day of what may happen often', async () => {
    const replay = (id: string, day: number) =>
      event(id, {
        name: 'code.replayed',
        at: new Date(`2026-03-0${day}T12:00:00Z`),
        details: { method: 'code', credential: 'c' },
      });
    const { ids } = await promised([replay('a', 1), replay('b', 1), replay('c', 2)]);
    expect(ids.map((id) => id.replace(/\.[\w-]{16}$/, ''))).to.deep.equal([
      'code-replayed.id-ada.2026-03-01',
      'code-replayed.id-ada.2026-03-02',
    ]);
  });

  it('name the browsers that are no longer trusted, those that have a name', async () => {
    for (const [name, trustedAs, trusted] of [
      [
        'browser.trust-revoked',
        ['Firefox, Windows', '', 'Safari, iOS'],
        'Firefox, Windows; Safari, iOS',
      ],
      ['browser.trust-replayed', 'Safari, iOS', 'Safari, iOS'],
      ['browser.trust-replayed', '', undefined],
    ] as const) {
      const { letters } = await promised([event('e', { name, details: { trustedAs } })]);
      expect(letters.map(({ values }) => values.trusted)).to.deep.equal([trusted]);
    }
  });

  for (const [failuresBefore, told] of [
    [4, 0],
    [5, 1],
  ] as const) {
    it(`tell ${told} time of a sign-in after ${failuresBefore} failures (S-216)`, async () => {
      const details = { acr: 'x', methods: [], failuresBefore };
      expect((await promised([event('e', { details })])).letters).to.have.length(told);
    });
  }

  it('are not promised where they cannot be sent, have nobody to go to, or come too late', async () => {
    expect((await promised([added], ada, false)).letters).to.deep.equal([]);
    expect((await promised([{ ...added, account: 'id-nobody' }])).letters).to.deep.equal([]);
    expect((await promised([added], { ...ada, profile: {} })).letters).to.deep.equal([]);
    const late = { ...added, at: new Date('2026-02-28T12:00:30Z') };
    expect((await promised([late])).letters).to.deep.equal([]);
  });

  it('have words for each row in every language, and for what to do then', () => {
    const languages = loadLanguages('views/words');
    for (const locale of languages.available) {
      const { knows } = languages.choose([locale]);
      for (const { about } of Object.values(notices)) {
        for (const part of ['subject', 'text', 'not-you']) {
          expect(knows(`messages/notice.${about}.${part}`), `${about} ${part}`).to.equal(true);
        }
      }
    }
  });
});
