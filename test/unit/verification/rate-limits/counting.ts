/**
 * A rate limiter that counts in memory, with a database that takes a moment for everything.
 */
import { setImmediate as turn } from 'node:timers/promises';

import type { Audit } from '../../../../src/audit/audit.ts';
import { secondsAfter } from '../../../../src/lib/clock.ts';
import { createCrypt } from '../../../../src/lib/crypt.ts';
import { noMeter } from '../../../../src/lib/meter.ts';
import { type Account, completed, type Accounts } from '../../../../src/models/account.ts';
import type { Attempts, Counters } from '../../../../src/models/counter.ts';
import type { SharedCounters } from '../../../../src/models/shared-counter.ts';
import { createAdmissionBudget } from '../../../../src/verification/rate-limits/admission-budget.ts';
import { createLimits } from '../../../../src/verification/rate-limits/limits.ts';
import { createRateLimiter } from '../../../../src/verification/rate-limits/rate-limiter.ts';
import { createRequestBudget } from '../../../../src/verification/rate-limits/request-budget.ts';
import { createSendBudget } from '../../../../src/verification/rate-limits/send-budget.ts';

export const here = { network: 'here', browser: 'this' };

export const ada: Account = completed({
  ...{ _id: 'ada', username: 'ada', name: 'Ada', profile: {}, roles: [], groups: [] },
  ...{ credentials: [], createdAt: new Date(0) },
});

export const figures = {
  wrongPasswords: {
    ...{ freeTries: 5, windowSeconds: 900, mostInARow: 100 },
    ...{ firstPauseSeconds: 30, longestPauseSeconds: 3600 },
    fromOneNetworkIn15Minutes: 100,
  },
  wrongSecondFactors: {
    mostPerChallenge: 5,
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
    ...{ perNumberInADayForResets: 3, percentForResets: 20 },
    ...{ perNumberInADayForEnrolments: 5, percentForEnrolments: 50 },
    ...{ completionFromMessages: 10, leastCompletionPercent: 25 },
    lowCompletionPauseSeconds: 6 * 3600,
  },
};

export const crypt = createCrypt(['a key that is long enough for a test']);

export const limits = createLimits({
  ...figures,
  approvals: { ...figures.approvals, openSeconds: 120 },
});

/** Tells nobody. */
export const silent: Pick<Audit, 'event' | 'alert'> = {
  event: (name) => ({ id: name, name, at: new Date(0), by: '', result: 'done' }),
  alert: async () => undefined,
};

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
    async countFirst(_id, tallies) {
      await takesAMoment();
      const { attempts } = stored;
      if (Object.keys(tallies).some((key) => key in attempts.tallies)) return undefined;
      const counted = { ...attempts.tallies, ...tallies };
      stored = { ...stored, attempts: following(attempts, counted) };
      return stored;
    },
  };
  const sharedCounters: Partial<SharedCounters> = {
    async read(key) {
      await takesAMoment();
      return under.get(key);
    },
    async write(key, read, { tallies }) {
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

  const deps: Parameters<typeof createSendBudget>[0] = {
    accounts: accounts as Accounts, // what counting asks of it
    sharedCounters: sharedCounters as SharedCounters,
    crypt,
    clock: { now: () => now },
    limits,
    alarmAtPercent: 70,
    ...{ meter: noMeter, audit: silent, isServed: async () => true },
    log: { warn: () => undefined },
  };

  return {
    rateLimiter: createRateLimiter(deps),
    /** That of another process on the same database. */
    other: createRateLimiter(deps),
    countSend: createSendBudget(deps).countSend,
    countAdmission: createAdmissionBudget(deps),
    requestBudget: createRequestBudget(deps),
    now: () => now,
    advance: (seconds: number) => (now = secondsAfter(now, seconds)),
    operations: () => operations,
    account: () => stored,
    ofAccount: () => stored.attempts.tallies,
    ofStranger: (name: string) =>
      under.get(`stranger:${crypt.digest(name, 'limits/stranger')}`)?.tallies ?? {},
    clear: () => (stored = { ...stored, attempts: following(stored.attempts, {}) }),
  };
}

const following = ({ version }: Attempts, tallies: Counters): Attempts => ({
  version: version + 1,
  tallies,
});
