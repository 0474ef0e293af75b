/**
 * Counting without losing a count: tallies are written only over what was read, and whoever
 * lost the race reads again. In the account where there is one, and under a key where not.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import { type Clock, secondsAfter } from '../lib/clock.ts';
import { Problem } from '../lib/problem.ts';
import type { Account, Accounts } from '../models/account.ts';
import { type Attempts, isSoundCount, noAttempts } from '../models/attempts.ts';
import type { Limits } from '../models/limit.ts';
import { type Charge, charge } from './limits.ts';

export interface CountersDeps {
  readonly accounts: Accounts;
  readonly limits: Limits;
  readonly clock: Clock;
  /** From which part of a shared budget on the log warns. */
  readonly alarmAtPercent: number;
  readonly log: { warn(fields: object, event: string): void };
}

/** Whoever loses so many races is no person. */
const RACES = 10;
/** What one person may use up alone is nothing to warn of. */
const SHARED = 15;

export interface UnderKey {
  readonly code: string;
  readonly keptSeconds: number;
}

/** The tallies, or undefined where there is nothing (left) to change. */
type Change = (read: Attempts) => Attempts['tallies'] | undefined;

export function createCounters(deps: CountersDeps) {
  const { accounts, limits, clock } = deps;
  return { inside, insideUntouched, under, changeInside, changeUnder, check, readUnder };

  /** One that cannot be read is forgotten; whoever meets it is asked to come again. */
  async function readUnder(key: string): Promise<Attempts | undefined> {
    const read = await limits.read(key);
    if (!read || isSoundCount(read)) return read;
    deps.log.warn({ counter: key }, 'counter.unreadable');
    await limits.forget(key);
    throw new Problem('unavailable', { retryAt: secondsAfter(clock.now(), 1) });
  }

  /** Throws the Problem of this code, with the time to wait, when a charge is not allowed. */
  function check(read: Attempts | undefined, charges: readonly Charge[], code: string) {
    const charged = charge(read?.tallies ?? {}, charges, clock.now());
    if (charged.isAllowed) return charged.tallies;
    throw new Problem(code, charged.openAt ? { retryAt: charged.openAt } : {});
  }

  async function inside(
    account: Account,
    charges: readonly Charge[],
    code: string,
  ): Promise<Account> {
    const counted = await changeInside(account, (read) => check(read, charges, code));
    if (counted) return counted;
    throw lostTheRace();
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
    const change: Change = (read) => check(read, charges, code);
    const tallies = await changeUnder(key, change, keptSeconds);
    if (!tallies) throw lostTheRace();
    warnOf(key, tallies, charges, deps);
  }

  /** The account as it is then; undefined when every race was lost, or it is gone. */
  async function changeInside(account: Account, change: Change): Promise<Account | undefined> {
    let read: Account | undefined = account;
    for (let race = 0; race < RACES && read; race += 1) {
      const tallies = change(read.attempts);
      if (!tallies) return read;
      if (await accounts.countAttempts(read, tallies)) return withTallies(read, tallies);
      await stepAside(race);
      read = await accounts.findById(account._id);
    }
    return undefined;
  }

  /** The tallies as they are then; undefined when nothing was changed. */
  async function changeUnder(key: string, change: Change, keptSeconds: number) {
    for (let race = 0; race < RACES; race += 1) {
      const read = await readUnder(key);
      const tallies = change(read ?? noAttempts);
      if (!tallies) return undefined;
      const expiresAt = secondsAfter(clock.now(), keptSeconds);
      if (await limits.write(key, read, tallies, expiresAt)) return tallies;
      await stepAside(race);
    }
    return undefined;
  }

  function lostTheRace(): Problem {
    return new Problem('too-many-tries', { retryAt: secondsAfter(clock.now(), 1) });
  }
}

/** Whoever lost a race steps aside for a moment of chance length, or all would meet again. */
const stepAside = (race: number): Promise<void> => pause(randomInt(1, 5 * (race + 2)));

/** The account as `countAttempts` left it, without reading it again. */
const withTallies = (account: Account, tallies: Attempts['tallies']): Account => ({
  ...account,
  attempts: { version: account.attempts.version + 1, tallies },
});

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
