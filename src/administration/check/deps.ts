/**
 * What the checks look at, and by which rules.
 */
import type { PasswordHasher } from '../../credentials/password-hasher.ts';
import type { Clock } from '../../lib/clock.ts';
import { secondsAfter } from '../../lib/clock.ts';
import type { Crypt } from '../../lib/crypt.ts';
import type { Jwks } from '../../lib/jwks.ts';
import type { Accounts } from '../../models/account.ts';
import type { AuditRecords } from '../../models/audit-record.ts';
import type { Flows } from '../../models/flow.ts';
import type { SharedCounters } from '../../models/shared-counter.ts';
import type { createOidcRecords } from '../../models/oidc-record.ts';
import type { MethodRules } from '../../verification/choices.ts';

export interface CheckDeps {
  readonly accounts: Pick<Accounts, 'model' | 'withEventsBefore'>;
  readonly flows: Pick<Flows, 'model' | 'withEventsBefore'>;
  readonly sharedCounters: Pick<SharedCounters, 'model'>;
  readonly records: Pick<ReturnType<typeof createOidcRecords>, 'model'>;
  readonly audited: Pick<AuditRecords, 'inOrder' | 'head'>;
  /** Declared indexes that are not there. */
  readonly missingIndexes: () => Promise<readonly string[]>;
  readonly crypt: Crypt;
  /** The keys that sign tokens. */
  readonly jwks: Jwks;
  readonly clock: Clock;
  readonly hasher: Pick<PasswordHasher, 'canVerify'>;
  readonly rules: MethodRules;
  /** Whether policy lets nobody in without a second step. */
  readonly needsTwoSteps: boolean;
}

export interface Found {
  /** A note is worth knowing, and nothing is wrong. */
  readonly isNote?: true;
  readonly what: string;
}

/** The database's broom comes every minute or so; what is left after an hour was forgotten. */
export const SWEPT_WITHIN_SECONDS = 3600;

export const isLeftOver = (expiresAt: Date | undefined, now: Date): boolean =>
  expiresAt !== undefined && expiresAt < secondsAfter(now, -SWEPT_WITHIN_SECONDS);

/** Clocks of several machines differ a little. */
const SKEW_SECONDS = 60;

export const isAhead = (instant: Date, now: Date): boolean =>
  instant > secondsAfter(now, SKEW_SECONDS);
