/**
 * Counting without losing a count: tallies are written only over what was read, and whoever
 * lost the race reads again.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import { secondsAfter } from '../lib/clock.ts';
import { Problem } from '../lib/problem.ts';
import type { Account } from '../models/account.ts';
import { type Attempts, noAttempts } from '../models/attempts.ts';
import { createLedgers, type Entry, type Ledger, type LedgersDeps } from './ledgers.ts';
import { type Charge, charge } from './limits.ts';
import { withoutUndecided } from './undecided.ts';
import { Undecided } from './wait-for-undecided.ts';

export interface CountersDeps extends LedgersDeps {
  /** From which part of a shared budget on the log warns. */
  readonly alarmAtPercent: number;
}

/** Whoever loses so many races is no person. */
const RACES = 20;
/** What one person may use up alone is nothing to warn of. */
const SHARED = 15;

export interface UnderKey {
  readonly code: string;
  readonly keptSeconds: number;
}

/** The tallies, or undefined where there is nothing (left) to change. */
type Change = (read: Attempts) => Attempts['tallies'] | undefined;

export type Counters = ReturnType<typeof createCounters>;

export function createCounters(deps: CountersDeps) {
  const { accounts, clock } = deps;
  const ledgers = createLedgers(deps);
  return { ...ledgers, into, inside, insideUntouched, under, change, check };

  /**
   * Throws the Problem of this code, with the time to wait, when a charge is not allowed; it is
   * Undecided where it might be allowed in a moment.
   */
  function check(read: Attempts | undefined, charges: readonly Charge[], code: string) {
    const { tallies } = read ?? noAttempts;
    const now = clock.now();
    const charged = charge(tallies, charges, now);
    if (charged.isAllowed) return charged.tallies;
    const keys = charges.map(({ key }) => key);
    const { isAllowed } = charge(withoutUndecided(tallies, keys, now), charges, now);
    const Refusal = isAllowed ? Undecided : Problem;
    throw new Refusal(code, charged.openAt ? { retryAt: charged.openAt } : {});
  }

  /** Counts wherever it is; `known` saves reading it. */
  async function into<Kept extends Entry>(
    ledger: Ledger<Kept>,
    charges: readonly Charge[],
    code: string,
    known?: Kept,
  ): Promise<Kept> {
    const counted = await change(ledger, (read) => check(read, charges, code), known);
    if (counted) return counted;
    throw new Problem('too-many-tries', { retryAt: secondsAfter(clock.now(), 1) });
  }

  async function inside(
    account: Account,
    charges: readonly Charge[],
    code: string,
  ): Promise<Account> {
    return into(ledgers.inAccount(account._id), charges, code, account);
  }

  /** The same in one round trip, for an account that was not read: most have nothing counted. */
  async function insideUntouched(
    accountId: string,
    charges: readonly Charge[],
    code: string,
  ): Promise<Account | undefined> {
    const first = await accounts.countFirst(accountId, check(noAttempts, charges, code));
    const account = first ?? (await accounts.findById(accountId));
    return first ?? (account && inside(account, charges, code));
  }

  async function under(
    key: string,
    charges: readonly Charge[],
    { code, keptSeconds }: UnderKey,
  ): Promise<void> {
    const ledger = ledgers.underKey(key, keptSeconds);
    const { attempts } = await into(ledger, charges, code);
    warnOf(key, attempts.tallies, charges, deps);
  }

  /** As it is then, changed or not; undefined when every race was lost, or it is gone. */
  async function change<Kept extends Entry>(
    ledger: Ledger<Kept>,
    changed: Change,
    known?: Kept,
  ): Promise<Kept | undefined> {
    let read = known ?? (await ledger.read());
    for (let race = 0; race < RACES && read; race += 1) {
      const tallies = changed(read.attempts);
      if (!tallies) return read;
      const written = await ledger.write(read, tallies);
      if (written) return written;
      await stepAside(race);
      read = await ledger.read();
    }
    return undefined;
  }
}

/** Whoever lost a race steps aside for a moment of chance length, or all would meet again. */
const stepAside = (race: number): Promise<void> => pause(randomInt(1, 5 * (race + 2)));

/** Says once, at the very message that passes the mark, that somebody spends a shared budget. */
function warnOf(
  key: string,
  tallies: Attempts['tallies'],
  charges: readonly Charge[],
  { alarmAtPercent, log }: CountersDeps,
): void {
  for (const charged of charges) {
    const used = tallies[charged.key]?.times.length;
    const marks = charged.rules
      .filter(({ free }) => free >= SHARED)
      .map(({ free }) => Math.ceil((free * alarmAtPercent) / 100));
    if (used !== undefined && marks.includes(used))
      log.warn({ budget: key, used }, 'budget.shrank');
  }
}
