/**
 * What an administrator asked for cannot be done: a code, and what a sentence about it needs.
 * The words are of whoever asked, such as scripts/doorstep/refusals.ts. Anything else that is
 * thrown here is a bug.
 */
import type { z } from 'zod';

import type { PasswordFlaw } from '../credentials/password-rules.ts';
import { untilWritten as untilAnyWritten } from '../lib/optimistic.ts';

type Plain = Readonly<Record<string, never>>;
interface OfClient {
  readonly client: string;
}
/** What was given is not in them: it may be secret. */
type Issues = readonly z.core.$ZodIssue[];

/** Each code, with its details. */
export interface Refusals {
  'changed-meanwhile': Plain;
  /** `account`: the id of the one that is out of reach, where that is why. */
  'not-allowed': { account?: string };
  /** At the command line only policy must have one. */
  'reason-missing': Plain;
  'reason-too-long': { most: number };

  'account-unknown': { username: string };
  /** It was there when the act began. */
  'account-gone': Plain;
  'names-taken': { names: readonly string[] };
  'person-unfit': { issues: Issues };
  /** Nothing is there that could be verified. */
  'email-missing': Plain;
  'phone-number-missing': Plain;
  'password-unfit': { flaw: PasswordFlaw | 'password-no-text'; fewest: number };
  'membership-unfit': { name: string };
  'memberships-full': Plain;

  /** Whoever has none signs in by what would be taken away. */
  'password-missing': { username: string };
  'method-unknown': { username: string; id: string };
  'methods-full': { username: string };
  /** Of somebody who has none. */
  'pass-held': { username: string };
  'pass-missing': { username: string };
  'pass-not-allowed': { username: string };
  'pass-minutes-unfit': { fewest: number; most: number };
  'pass-start-unfit': { mostDays: number };
  'browser-unknown': { username: string; id: string };
  'app-unfit': { issues: Issues };
  'phone-unfit': { flaw: string };
  'phone-held': Plain;
  'email-unfit': Plain;
  'email-held': Plain;
  /** Sign-in can begin with these. */
  'default-unfit': { possible: readonly string[] };
  'default-not-allowed': { username: string; method: string };
  /** `id`: of the one that was wanted. */
  'default-not-held': { username: string; method: string; id?: string | undefined };
  /** Which of these is meant. */
  'default-ambiguous': { method: string; ids: readonly string[] };
  'app-held': Plain;
  'key-unfit': { issues: Issues };
  'key-unverifiable': Plain;
  /** Somebody has it already. */
  'key-held': Plain;
  'key-of-another-handle': Plain;

  'client-unknown': OfClient;
  'client-taken': OfClient;
  'client-id-unfit': Plain;
  'client-name-unfit': Plain;
  'redirect-uri-missing': Plain;
  'address-unfit': { address: string; flaw: AddressFlaw };
  'acr-unreachable': { reachable: readonly string[] };
  'id-token-alg-unfit': { algorithms: readonly string[] };
  'scope-unfit': { limited: readonly string[] };
  'client-without-secret': OfClient;
  'client-secret-unfit': Plain;
  'client-secret-unchanged': OfClient;
  'client-secret-unwanted': Plain;
  'overlap-unfit': { mostHours: number };
  'native-proof': Plain;
  'public-proof': Plain;
  'pkce-needed': Plain;
  'keys-missing': Plain;
  /** Without them it could no longer prove itself. */
  'keys-needed': Plain;
  /** In a set and at an address. */
  'keys-twice': Plain;
  'keys-unfit': { issues: Issues };

  'policy-unfit': { issues: Issues; given: unknown };
  'policy-key-unknown': { key: string };
  'policy-version-unknown': { version: number };
  /** Of what is allowed to nobody. */
  'policy-nobody-to-exclude': { key: string };
  'policy-without-second-step': Plain;
  /** What it would do to people, and whoever decides it has not confirmed. */
  'policy-locks-out': Effect;
  'groups-lock-out': Effect;
  'policy-changed-meanwhile': Plain;

  'import-array': Plain;
  /** Of one line, which others go on without. */
  'line-unreadable': Plain;
  'line-no-object': Plain;
  'line-unfit': { issues: Issues };
  'line-with-password': Plain;
  'line-without-username': Plain;
  'line-hash-unverifiable': Plain;
  'line-seed-twice': Plain;
  'line-key-twice': Plain;
  'line-email-twice': Plain;
  'line-default-unfit': Plain;
  /** `line`: the other that has it, too, once invisible signs are taken out. */
  'line-username-twice': { line: number };
  'line-username-merged': Plain;
  'line-names-taken': { names: readonly ('id' | 'username' | 'email' | 'securityKeys')[] };
  'line-account-gone': Plain;
}

/** What a change of policy would do to people. */
export interface Effect {
  /** They would have no second step left, and none to set up. */
  readonly lockedOut: Affected;
  /** They would have none left, and could set up another with their password alone. */
  readonly startingAnew: Affected;
}

export interface Affected {
  readonly count: number;
  /** User names, the first few. */
  readonly first: readonly string[];
}

export type AddressFlaw =
  | ('no-address' | 'fragment' | 'user' | 'wildcard' | 'changing-signs')
  | ('no-https' | 'no-https-on-web' | 'no-https-on-native')
  | ('loopback-with-https' | 'loopback-by-name' | 'scheme-without-dot' | 'path-missing');

export type RefusalCode = keyof Refusals;

type Details<Code extends RefusalCode> = Refusals[Code] extends Plain ? [] : [Refusals[Code]];

export class Refusal<Code extends RefusalCode = RefusalCode> extends Error {
  readonly code: Code;
  readonly details: Refusals[Code];

  constructor(code: Code, ...[details]: Details<Code>) {
    super(code);
    this.name = 'Refusal';
    this.code = code;
    // Without them there are none to be read.
    this.details = (details ?? {}) as Refusals[Code];
  }
}

export const isRefusal = (error: unknown): error is Refusal => error instanceof Refusal;

export const isRefusalOf = <Code extends RefusalCode>(
  code: Code,
  error: unknown,
): error is Refusal<Code> => isRefusal(error) && error.code === code;

/** Writes are made only over what was read; whoever loses this often is no person. */
const RACES = 10;

/** Reads and writes again until nobody was quicker; throws Refusal when it loses too often. */
export const untilWritten = <Read>(
  read: () => Promise<Read>,
  write: (read: Read) => Promise<boolean>,
): Promise<Read> =>
  untilAnyWritten({
    ...{ read, write },
    most: RACES,
    lost: () => new Refusal('changed-meanwhile'),
  });
