/**
 * The samples of approving on the phone: waiting, refused, too late, and setting it up.
 */
import { qrOf } from '../src/credentials/qr.ts';
import type { AddPage } from '../src/flow/adding-pages.ts';
import type { AnswerPage } from '../src/flow/pages.ts';

const flow = { at: '/sign-in/u1', csrf: 'c1', client: { name: 'Tea Shop' } };
const waits = { since: 3, seconds: 118 };
const challenge = {
  ...{ id: 'ch1', method: 'approve', hint: 'Chrome, Android', attemptsLeft: 1 },
  ...{ page: { number: '47', digits: 2 }, undelivered: false, open: true, againInSeconds: 0 },
};
const over = { ...challenge, attemptsLeft: 0, open: false };

const answer: AnswerPage = {
  ...{ ...flow, challenge, username: 'ada@example.org', hasOtherWays: true, waits },
  instead: { method: 'code', credential: 'a1' },
};
const code = 'MZXW6YTBOI5DKNRTGQ2TMNZYHA';
const address = 'https://id.example.org/approver';
const qr = await qrOf(`${address}#${code}`);
const add: AddPage = {
  ...{ ...flow, username: 'ada', progress: { step: 2, of: 3 } },
  ...{ method: 'approve', together: ['approve'], shown: { code, address, qr } },
  ...{ typed: {}, hasOtherMethods: true, waits },
};

export const approveSamples = {
  'methods/approve/answer': {
    plain: answer,
    'may not be asked again': { ...answer, trustBrowser: { days: 90 } },
    'six digits, only way': {
      ...answer,
      hasOtherWays: false,
      challenge: { ...challenge, page: { number: '048213', digits: 6 } },
    },
    'phone not reached': { ...answer, challenge: { ...challenge, undelivered: true } },
    'wrong number': { ...answer, challenge: { ...over, failure: 'wrong-answer' } },
    'too late, only way': {
      ...{ ...answer, hasOtherWays: false },
      challenge: { ...challenge, open: false },
    },
  },
  'methods/approve/add': {
    plain: add,
    'code too old': { ...add, shown: {} },
    'try it': { ...add, challenge, shown: {} },
    'wrong number': { ...add, challenge: { ...over, failure: 'wrong-answer' }, shown: {} },
    refused: { ...add, challenge: { ...over, failure: 'denied' }, shown: {} },
  },
} satisfies Readonly<Record<string, Readonly<Record<string, AddPage | AnswerPage>>>>;
