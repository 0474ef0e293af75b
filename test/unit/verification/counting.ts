/**
 * A guard that counts in memory, with a database that takes a moment for everything.
 */
import { setImmediate as turn } from 'node:timers/promises';

import { secondsAfter } from '../../../src/lib/clock.ts';
import { createCrypt } from '../../../src/lib/crypt.ts';
import { type Account, completed, type Accounts } from '../../../src/models/account.ts';
import type { Attempts } from '../../../src/models/attempts.ts';
import type { Limits } from '../../../src/models/limit.ts';
import { createGuard } from '../../../src/verification/guard.ts';
import { createRules } from '../../../src/verification/limits.ts';

export const here = { network: 'here', browser: 'this' };

export const ada: Account = completed({
  ...{ _id: 'ada', username: 'ada', name: 'Ada', profile: {}, roles: [], groups: [] },
  ...{ credentials: [], createdAt: new Date(0) },
});

const figures = {
  wrongPasswords: {
    ...{ freeTries: 5, windowSeconds: 900, mostInARow: 100 },
    ...{ firstPauseSeconds: 30, longestPauseSeconds: 3600 },
  },
  wrongSecondFactors: {
    mostPerAccount: 10,
    windowSeconds: 900,
    pauseSeconds: 900,
    mostInARow: 100,
  },
  approvals: {
    ...{ mostOpen: 2, mostUnansweredIn10Minutes: 3, mostUnansweredInADay: 10, pauseSeconds: 1800 },
  },
  sends: {
    ...{ pausePerNumberSeconds: 60, perNumberIn10Minutes: 3, perNumberInAnHour: 5 },
    ...{ perNumberInADay: 10, perPrefixInAnHour: 20, perCountryInAnHour: 100 },
    ...{ perServiceInAnHour: 500, alarmAtPercent: 70 },
  },
};

export const crypt = createCrypt(['a key that is long enough for a test']);

export const rules = createRules({
  ...figures,
  approvals: { ...figures.approvals, openSeconds: 120 },
});

export function openCounting(account: Account = ada) {
  let stored = account;
  let now = new Date('2026-11-22T12:00:00Z');
  let operations = 0;
  const under = new Map<string, Attempts>();
  const accounts: Partial<Accounts> = {
    async findById(id) {
      if (id === undefined) return undefined;
      await takesAMoment();
      return stored;
    },
    async countAttempts(read, tallies) {
      await takesAMoment();
      const isFirst = read.attempts.version === stored.attempts.version;
      if (isFirst) stored = { ...stored, attempts: following(stored.attempts, tallies) };
      return isFirst;
    },
  };
  const limits: Partial<Limits> = {
    async read(key) {
      await takesAMoment();
      return under.get(key);
    },
    async write(key, read, tallies) {
      await takesAMoment();
      const current = under.get(key);
      if (current?.version !== read?.version) return false;
      under.set(key, following(current ?? { version: 0, tallies: {} }, tallies));
      return true;
    },
  };

  async function takesAMoment(): Promise<void> {
    operations += 1;
    await turn();
  }

  const deps: Parameters<typeof createGuard>[0] = {
    accounts: accounts as Accounts, // what counting asks of it
    limits: limits as Limits,
    crypt,
    clock: { now: () => now },
    rules,
    alarmAtPercent: 70,
    log: { warn: () => undefined },
  };

  return {
    guard: createGuard(deps),
    /** That of another process on the same database. */
    other: createGuard(deps),
    advance: (seconds: number) => (now = secondsAfter(now, seconds)),
    operations: () => operations,
    ofAccount: () => stored.attempts.tallies,
    ofStranger: (name: string) =>
      under.get(`stranger:${crypt.digest(name, 'limits/stranger')}`)?.tallies ?? {},
    clear: () => (stored = { ...stored, attempts: following(stored.attempts, {}) }),
  };
}

const following = ({ version }: Attempts, tallies: Attempts['tallies']): Attempts => ({
  version: version + 1,
  tallies,
});
