/**
 * The samples of every page that asks for an answer: each method in each state.
 */
import type { AnswerPage } from '../src/flow/pages.ts';

type States = Readonly<Record<string, AnswerPage>>;

interface About {
  readonly method: string;
  readonly hint?: string;
  readonly page?: AnswerPage['challenge']['page'];
  readonly againInSeconds?: number;
}

function states({ method, page = {}, ...more }: About): States {
  const challenge = {
    ...{ id: 'ch1', method, page, attemptsLeft: 5, undelivered: false, open: true },
    ...more,
  };
  const plain: AnswerPage = {
    at: '/sign-in/u1',
    csrf: 'c1',
    client: { name: 'Tea Shop' },
    challenge,
    username: 'ada@example.org',
    hasOtherWays: true,
  };
  const wrong = { ...challenge, failure: 'wrong-answer' as const };
  return {
    plain,
    'wrong, 3 left': { ...plain, challenge: { ...wrong, attemptsLeft: 3 } },
    'wrong, 1 left': { ...plain, hasOtherWays: false, challenge: { ...wrong, attemptsLeft: 1 } },
    'one before a pause': { ...plain, challenge: { ...wrong, isLastBeforePause: true } },
    'in a pause': { ...plain, challenge: { ...wrong, pausedSeconds: 30 } },
    malformed: { ...plain, challenge: { ...wrong, failure: 'malformed', attemptsLeft: 4 } },
    'no tries left': { ...plain, challenge: { ...wrong, attemptsLeft: 0, open: false } },
    'too late, only way': {
      ...plain,
      hasOtherWays: false,
      challenge: { ...challenge, open: false },
    },
    'only way': { ...plain, hasOtherWays: false },
  };
}

const text = states({
  ...{ method: 'text', hint: '+1 ••• 34', page: { to: '+1 ••• 34', digits: 6 } },
  againInSeconds: 24,
});
const email = states({
  ...{ method: 'email', hint: 'a•••@e•••.org', page: { to: 'a•••@e•••.org', digits: 8 } },
  againInSeconds: 24,
});
const password = states({ method: 'password' });
const code = states({ method: 'code', page: { digits: 6 } });

const also = (page: AnswerPage | undefined, more: Partial<AnswerPage['challenge']>): AnswerPage => {
  if (!page) throw new Error('No such sample');
  return { ...page, challenge: { ...page.challenge, ...more } };
};

const staying = (
  page: AnswerPage | undefined,
  staySignedIn: NonNullable<AnswerPage['staySignedIn']>,
): AnswerPage => ({ ...also(page, {}), staySignedIn });

export const answers = {
  'methods/password/answer': {
    ...password,
    'may stay': staying(password.plain, { days: 30, isTicked: false }),
    'stays, wrong': staying(password['wrong, 3 left'], { days: 30, isTicked: true }),
    'may stay for a day': staying(password.plain, { days: 1, isTicked: false }),
  },
  'methods/code/answer': {
    ...code,
    'used already': also(code.plain, { failure: 'already-used', attemptsLeft: 4 }),
    'may not be asked again': { ...also(code.plain, {}), trustBrowser: { days: 90 } },
    'of the approver': also(code.plain, { hint: 'Safari, iOS' }),
    'instead of a text': { ...also(code.plain, {}), isInstead: true },
    'before their own default': { ...also(code.plain, {}), isRaised: true },
  },
  'methods/text/answer': {
    ...text,
    'may send again': also(text.plain, { againInSeconds: 0 }),
    undelivered: also(text.plain, { undelivered: true, againInSeconds: 0 }),
    'opted out': also(text.plain, {
      ...{ undelivered: true, undeliveredBecause: 'opted-out', againInSeconds: 0 },
    }),
    'undelivered, only way': also(text['only way'], { undelivered: true, againInSeconds: 30 }),
  },
  'methods/email/answer': {
    ...email,
    undelivered: also(email.plain, { undelivered: true, againInSeconds: 0 }),
  },
  'methods/security-questions/answer': states({
    method: 'security-questions',
    page: { questions: ['first-dish', 'first-concert', 'Which room did you work in first?'] },
  }),
  'methods/recovery-code/answer': states({ method: 'recovery-code' }),
  'methods/temporary-access-pass/answer': states({ method: 'temporary-access-pass' }),
} satisfies Readonly<Record<string, States>>;
