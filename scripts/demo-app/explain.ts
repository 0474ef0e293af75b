/**
 * What came back, in plain words.
 */
import type { SignedIn } from './session.ts';
import type { Ask, Begun, Tokens } from './sign-in.ts';

export interface Line {
  readonly name: string;
  readonly value: string;
  readonly meaning: string;
}

const references: Readonly<Record<string, string>> = {
  pwd: 'a password',
  otp: 'a one-time code',
  sms: 'a code sent by text',
  tel: 'a phone call',
  pop: 'an approval on the phone',
  swk: 'a key that may be software',
  hwk: 'a key in hardware',
  user: 'a key that checked its user by PIN or fingerprint',
  mfa: 'two different kinds of proof',
};

const levels: Readonly<Record<string, string>> = {
  'urn:doorstep:acr:pwd': 'one step: a password was enough',
  'urn:doorstep:acr:mfa': 'two steps: a password and something the person has',
  phr: 'two steps by a key, which answers to the real page alone: nobody can phish it',
  phrh: 'the same, by a key in hardware that its maker vouches for',
};

const cameBack: Readonly<Record<Ask, string>> = {
  plain: 'You are signed in.',
  'two-steps': 'You are signed in with two steps.',
  again: 'You signed in again, although you were signed in.',
  payslips: 'The payslips wanted more than you had proved, so Doorstep asked you for it.',
  'bank-account': 'The bank account wanted a key, so Doorstep asked you for it.',
  partner: 'The partner app knows you now.',
};

/** What has just happened. */
export function happened({ begun, tokens }: Pick<SignedIn, 'begun' | 'tokens'>): string {
  // Consent is something to be asked for, too.
  if (begun.ask === 'partner' || !wasSilent(begun, tokens)) return cameBack[begun.ask];
  const what = stepsOf(tokens.claims.acr) === 2 ? 'both' : 'your password';
  return `Nothing was asked: you proved ${what} at ${shortTime(Number(tokens.claims.auth_time))}.`;
}

/** The latest proof is older than the question. */
const wasSilent = ({ begunAt }: Begun, { claims }: Tokens): boolean =>
  typeof claims.auth_time === 'number' && claims.auth_time < Math.floor(begunAt / 1000);

export const stepsOf = (acr: unknown): 1 | 2 =>
  ['urn:doorstep:acr:mfa', 'phr', 'phrh'].includes(String(acr)) ? 2 : 1;

/** What stands behind each step; a step that nobody took yet has nothing. */
export function proofsIn({ claims }: Tokens): readonly [string, string | undefined] {
  const all = [claims.amr ?? []].flat().map(String);
  const second = all.filter((reference) => !['pwd', 'mfa', 'user'].includes(reference));
  const first = ['pwd', 'user'].find((reference) => all.includes(reference));
  return [first ? wordsFor(first) : 'done', second.map(wordsFor).join(', ') || undefined];
}

/** The claims that say how sure this sign-in is, before all the others. */
export function explain({ claims }: Tokens): readonly Line[] {
  const known: readonly Line[] = [
    line('acr', claims.acr, (value) => levels[value] ?? 'how sure this sign-in is'),
    line('amr', claims.amr, meaningOfAmr),
    line('auth_time', claims.auth_time, (value) => `proved at ${clockTime(Number(value))}`),
    line('sub', claims.sub, () => 'who it is: never changes, whatever the name'),
    line('iss', claims.iss, () => 'who says so'),
    line('aud', claims.aud, () => 'for which app this was written'),
    line('exp', claims.exp, (value) => `believed until ${clockTime(Number(value))}`),
  ];
  return known.filter(({ value }) => value !== '');
}

function line(name: string, claim: unknown, meaning: (value: string) => string): Line {
  const value = [claim ?? []].flat().map(String).join(', ');
  return { name, value, meaning: meaning(value) };
}

const wordsFor = (reference: string): string => references[reference] ?? reference;

const meaningOfAmr = (value: string): string =>
  `what was proved: ${value.split(', ').map(wordsFor).join(', ')}`;

export const clockTime = (seconds: number): string =>
  new Date(seconds * 1000).toLocaleTimeString('en-GB');

const shortTime = (seconds: number): string => clockTime(seconds).slice(0, 5);

const calmWords: Readonly<Record<string, string>> = {
  access_denied: 'You chose not to sign in, or not to share. Nothing has happened.',
  unmet_authentication_requirements:
    'The app asked for more than this account can prove now: two steps, or for the bank account a security key. Nothing has changed.',
  login_required: 'The app asked for somebody else than who is signed in.',
  temporarily_unavailable: 'Doorstep is busy. Please try again in a moment.',
  not_begun: 'This browser began no such sign-in, or has finished it already. Please begin again.',
};

/** By the error code of RFC 6749 and its relatives. */
export const calmly = (code: string): string =>
  calmWords[code] ?? 'The sign-in did not come to an end. Nothing is broken; please try again.';
