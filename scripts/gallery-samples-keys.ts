/**
 * The samples of security keys: asked for, set up, and as a passkey where nobody is named yet.
 */
import type { AddPage } from '../src/flow/adding-pages.ts';
import type { AnswerPage } from '../src/flow/pages.ts';
import type { IdentifyPage } from '../src/sign-in/pages.ts';

const flow = { at: '/sign-in/u1', csrf: 'c1', client: { name: 'Tea Shop' } };
const options = { challenge: 'AAAA', rpId: 'localhost', userVerification: 'preferred' };
const challenge = {
  ...{ id: 'ch1.1', method: 'security-key', page: { options }, attemptsLeft: 1 },
  ...{ undelivered: false, open: true },
};
const over = { ...challenge, attemptsLeft: 0, open: false };

const asking: AnswerPage = { ...flow, challenge, username: 'ada@example.org', hasOtherWays: true };
const adding: AddPage = {
  ...{ ...flow, username: 'ada', progress: { step: 2, of: 3 }, method: 'security-key' },
  ...{ together: ['security-key'], challenge, shown: {}, typed: {}, hasOtherMethods: true },
};

const answer = (failure: string): AnswerPage => ({ ...asking, challenge: { ...over, failure } });
const added = (failure: string): AddPage => ({ ...adding, challenge: { ...over, failure } });

export const keySamples = {
  'methods/security-key/answer': {
    plain: asking,
    'only way': { ...asking, hasOtherWays: false },
    'may not be asked again': { ...asking, trustBrowser: { days: 90 } },
    'too late': { ...asking, challenge: { ...challenge, open: false } },
    'another key': answer('wrong-answer'),
    'model no longer allowed': answer('not-allowed'),
    'without its PIN': answer('not-verified'),
    'may be copied': { ...answer('suspended'), hasOtherWays: false },
  },
  'methods/security-key/add': {
    plain: adding,
    'not made': added('wrong-answer'),
    'model not allowed': added('not-allowed'),
    'too late, only method': {
      ...{ ...adding, challenge: { ...challenge, open: false } },
      hasOtherMethods: false,
    },
  },
} satisfies Readonly<Record<string, Readonly<Record<string, AnswerPage | AddPage>>>>;

const passkey = { id: 'ch1.1', options, seconds: 300 };
const naming: IdentifyPage = {
  ...{ ...flow, identifier: '', longest: 320, isMissing: false, hasKnownAccounts: false, passkey },
  staySignedIn: { days: 30, isTicked: false },
};

export const passkeySamples = {
  'with a passkey': naming,
  'strange passkey': { ...naming, passkey: { ...passkey, seconds: 0, failure: 'strange' } },
  'passkey without its PIN': {
    ...naming,
    passkey: { ...passkey, seconds: 0, failure: 'not-verified' },
  },
} satisfies Readonly<Record<string, IdentifyPage>>;
