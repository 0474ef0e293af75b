/**
 * The samples of calls: ringing, over, read aloud, and setting a phone up for them.
 */
import type { AddPage } from '../src/flow/adding-pages.ts';
import type { AnswerPage } from '../src/flow/pages.ts';

const flow = { at: '/sign-in/u1', csrf: 'c1', client: { name: 'Tea Shop' } };
const waits = { since: 3, seconds: 298 };
const challenge = {
  ...{ id: 'ch1', method: 'call', hint: '+1 ••• 34', attemptsLeft: 1 },
  ...{ page: { number: '47', digits: 2 }, undelivered: false, open: true, againInSeconds: 58 },
};
const over = { ...challenge, attemptsLeft: 0, open: false, againInSeconds: 20 };
const read = { ...challenge, attemptsLeft: 5, page: { digits: 6 } };

const answer: AnswerPage = {
  ...{ ...flow, challenge, username: 'ada@example.org', hasOtherWays: true, waits },
};
const add: AddPage = {
  ...{ ...flow, username: 'ada', progress: { step: 2, of: 3 } },
  ...{ method: 'call', together: ['text', 'call'], shown: { number: '+49 30 123456' } },
  ...{ typed: {}, hasOtherMethods: true, waits },
};

export const callSamples = {
  'methods/call/answer': {
    plain: answer,
    'only way': { ...answer, hasOtherWays: false },
    'may call again': { ...answer, challenge: { ...challenge, againInSeconds: 0 } },
    'other digits': { ...answer, challenge: { ...over, failure: 'wrong-answer' } },
    'hung up': { ...answer, challenge: { ...over, failure: 'unanswered' } },
    'too late, only way': {
      ...{ ...answer, hasOtherWays: false },
      challenge: { ...challenge, open: false, againInSeconds: 0 },
    },
    undelivered: { ...answer, challenge: { ...challenge, undelivered: true } },
    'a code is read': { ...answer, challenge: read },
    'a wrong code': { ...answer, challenge: { ...read, attemptsLeft: 3, failure: 'wrong-answer' } },
  },
  'methods/call/add': {
    plain: { ...add, shown: { countries: [{ code: 'DE', callingCode: '49' }] } },
    ringing: { ...add, challenge },
    'without its extension': { ...add, challenge, shown: { ...add.shown, isShortened: true } },
    'other digits': { ...add, challenge: { ...over, failure: 'wrong-answer' } },
  },
} satisfies Readonly<Record<string, Readonly<Record<string, AddPage | AnswerPage>>>>;
