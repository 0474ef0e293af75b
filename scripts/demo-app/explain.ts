/**
 * What came back, in plain words.
 */
import type { Ask, Tokens } from './sign-in.ts';

export interface Line {
  readonly name: string;
  readonly value: string;
  readonly meaning: string;
}

const references: Readonly<Record<string, string>> = {
  pwd: 'a password',
  otp: 'a one-time code',
  sms: 'a code sent by text',
  pop: 'an approval on the phone',
  mfa: 'two different kinds of proof',
};

const levels: Readonly<Record<string, string>> = {
  'urn:doorstep:acr:pwd': 'one step: a password was enough',
  'urn:doorstep:acr:mfa': 'two steps: a password and something the person has',
  phr: 'two steps, one of which cannot be phished',
  phrh: 'the same, with a key in hardware',
};

export const title: Readonly<Record<Ask, string>> = {
  plain: 'You are signed in',
  'two-steps': 'You are signed in with two steps',
  again: 'You signed in again',
  vault: 'You may open the vault now',
  partner: 'The partner app knows you now',
};

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

function meaningOfAmr(value: string): string {
  const words = value.split(', ').map((reference) => references[reference] ?? reference);
  return `what was proved: ${words.join(', ')}`;
}

const clockTime = (seconds: number): string => new Date(seconds * 1000).toLocaleTimeString('en-GB');

const calmWords: Readonly<Record<string, string>> = {
  access_denied: 'You chose not to sign in, or not to share. Nothing has happened.',
  unmet_authentication_requirements:
    'The app asked for two steps, and this account could not do that now.',
  login_required: 'The app asked for somebody else than who is signed in.',
  temporarily_unavailable: 'Doorstep is busy. Please try again in a moment.',
};

/** By the error code of RFC 6749 and its relatives. */
export const calmly = (code: string): string =>
  calmWords[code] ?? 'The sign-in did not come to an end. Nothing is broken; please try again.';
