import { expect } from 'chai';

import { createAdmissionMails } from '../../../src/audit/admission-mails.ts';
import type { Letter } from '../../../src/audit/notices.ts';
import { createMailboxes } from '../../../src/credentials/mailboxes.ts';
import { digestOf } from '../../../src/lib/codes.ts';
import type { Account } from '../../../src/models/account.ts';
import type { Admission } from '../../../src/models/admission.ts';
import type { AuditEvent } from '../../../src/models/audit-event.ts';
import type { Message } from '../../../src/models/message.ts';
import { crypt, event, log } from '../../support/chain.ts';
import { credential } from '../../support/people.ts';
import { ada } from '../verification/rate-limits/counting.ts';

const now = new Date('2026-03-01T12:00:30Z');
const her: Account = { ...ada, profile: { email: 'ada@example.org', locale: 'de' } };
const from = { address: '192.0.2.7', request: 'r1', browser: 'Firefox, Windows' };
const requested = event('e1', {
  ...{ name: 'browser.admission-requested', by: 'stranger', account: 'ada', from },
});

async function promised(events: readonly AuditEvent[], account = her, isOn = true) {
  const stored = new Map<string, Message>();
  const asked: Admission[] = [];
  const mails = createAdmissionMails({
    accounts: {
      findById: async (id) => (id === account._id ? account : undefined),
      askAdmission: async (_, admission) => void asked.push(admission),
    },
    messages: {
      async promise(message) {
        if (stored.has(message._id)) return false;
        stored.set(message._id, message);
        return true;
      },
    },
    isOn,
    mailboxes: createMailboxes({ log }),
    crypt: { ...crypt, seal: (text) => text },
    clock: { now: () => now },
  });
  await mails.promise(events);
  const letters = [...stored.values()].map(({ sealed }) => JSON.parse(sealed) as Letter);
  return { asked, letters, messages: [...stored.values()] };
}

describe('The mail that lets a browser in', () => {
  it('goes to the account’s address in its language, and says where it was asked for', async () => {
    const { letters, messages, asked } = await promised([requested]);
    const [{ values, ...letter } = expect.fail('no letter')] = letters;
    expect(letter).to.deep.equal({ to: 'ada@example.org', message: 'let-in', locale: 'de' });
    const { token = '', ...others } = values;
    expect(others).to.deep.equal({
      ...{ username: 'ada', name: 'Ada', at: '2026-03-01T12:00:00.000Z' },
      ...{ address: '192.0.2.7', browser: 'Firefox, Windows' },
    });
    const expiresAt = new Date('2026-03-01T12:30:00Z');
    expect(asked).to.deep.equal([{ digest: digestOf(token), expiresAt }]);
    expect(messages[0]?.expiresAt).to.deep.equal(expiresAt);
  });

  it('goes to addresses for resets too, and to none that its owner disowned', async () => {
    const [one, other] = ['one', 'other'].map((id) =>
      credential(id, 'email', { address: `${id}@home.example` }),
    );
    const credentials = [one ?? expect.fail(), { ...(other ?? expect.fail()), suspendedAt: now }];
    const { letters } = await promised([requested], { ...her, credentials });
    expect(letters.map(({ to }) => to)).to.deep.equal(['ada@example.org', 'one@home.example']);
  });

  it('has a token of 32 bytes, another one for each request and each account', async () => {
    const tokens = [];
    for (const [id, account] of [
      ['e1', her],
      ['e2', her],
      ['e1', { ...her, _id: 'bob' }],
    ] as const) {
      const { letters } = await promised([{ ...requested, id, account: account._id }], account);
      tokens.push(letters[0]?.values.token ?? '');
    }
    expect(new Set(tokens).size).to.equal(3);
    for (const token of tokens) expect(Buffer.from(token, 'base64url')).to.have.length(32);
  });

  it('is the same mail when its event is moved a second time', async () => {
    const { letters, asked } = await promised([requested, requested]);
    expect(letters).to.have.length(1);
    expect(asked[1]).to.deep.equal(asked[0]);
  });

  it('is promised to nobody where there is nobody, no address, no mail, or it is too late', async () => {
    const { account: _, ...nobodys } = requested;
    const late = { ...requested, at: new Date('2026-03-01T11:30:30Z') };
    for (const { letters, asked } of [
      await promised([nobodys]),
      await promised([requested], { ...her, profile: {} }),
      await promised([requested], her, false),
      await promised([late]),
      await promised([event('e3', { account: 'ada' })]),
    ]) {
      expect({ letters, asked }).to.deep.equal({ letters: [], asked: [] });
    }
  });
});
