/**
 * How often somebody may be asked out of band: what nobody answered and what was refused is counted
 * inside the account, over all its flows and processes. What was answered is taken back, so that
 * nobody is held up by signing in often.
 */
import type { Purpose } from '../../assurance/purpose.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Account } from '../../models/account.ts';
import { type Counters, counterKeys } from '../../models/counter.ts';
import { count, takeBack } from './count.ts';
import { type CountersDeps, createCounters } from './counters.ts';
import type { Limit, Limits } from './limits.ts';

type OfRequests = Pick<Limits, 'requests'>;

export interface RequestBudgetDeps extends CountersDeps {
  readonly limits: OfRequests;
}

export type RequestBudget = ReturnType<typeof createRequestBudget>;

/** Why nobody may be asked now, and until when: so long the method is listed, and not begun. */
export interface RequestPause {
  readonly reason: 'denied' | 'unanswered';
  readonly until?: Date;
}

export function pauseOfRequests(
  { attempts: { tallies } }: Account,
  purpose: Purpose,
  { limits, now }: { limits: OfRequests; now: Date },
): RequestPause | undefined {
  const key = counterKeys(purpose).requests;
  const counted = count(tallies, { [key]: limits.requests }, now);
  if (counted.isAllowed) return undefined;
  const reason = tallies[key]?.deniedAt ? 'denied' : 'unanswered';
  return { reason, ...(counted.openAt && { until: counted.openAt }) };
}

export function createRequestBudget(deps: RequestBudgetDeps) {
  const { limits, clock } = deps;
  const { open: _, ...lasting } = limits.requests;
  const counters = createCounters(deps);

  return {
    /** One request; throws Problem before anybody is disturbed. */
    count: (account: Account, purpose: Purpose): Promise<Account> =>
      counters.count(counters.ofAccount(account._id), {
        attempt: { [counterKeys(purpose).requests]: limits.requests },
        code: 'too-many-approvals',
        known: account,
      }),

    /** Until when there will be no more of them, where this was the last one for now. */
    pausedUntil: ({ attempts }: Account, purpose: Purpose): Date | undefined =>
      opensAt(attempts.tallies, { key: counterKeys(purpose).requests, limit: lasting }, clock),

    /** Takes back the request that was counted when this was begun: it was answered. */
    async takeBack(
      account: Account,
      { begunAt, purpose }: { begunAt: Date; purpose: Purpose },
    ): Promise<void> {
      const key = counterKeys(purpose).requests;
      await counters.change(
        counters.ofAccount(account._id),
        ({ tallies }) => {
          const its = tallies[key]?.times.find((at) => at >= begunAt);
          return its && takeBack(tallies, [key], its);
        },
        account,
      );
    },

    /** It was refused by its owner: as if the whole budget had been spent on it. */
    async pause(account: Account, purpose: Purpose): Promise<void> {
      const key = counterKeys(purpose).requests;
      const { unanswered } = limits.requests;
      await counters.change(counters.ofAccount(account._id), ({ tallies }) => {
        // Asked of this limit alone: a day's budget may be spent and open again in a minute.
        if (opensAt(tallies, { key, limit: { unanswered } }, clock)) return undefined;
        const deniedAt = clock.now();
        const spent = Array<Date>(unanswered.most).fill(deniedAt);
        const { times: before = [], streak = 0 } = tallies[key] ?? {};
        const times = [...before, ...spent].slice(-MOST_KEPT);
        return { ...tallies, [key]: { times, streak, deniedAt } };
      });
    },
  };
}

/** More than any limit of requests asks for. */
const MOST_KEPT = 40;

function opensAt(
  counters: Counters,
  { key, limit }: { key: string; limit: Limit },
  clock: Clock,
): Date | undefined {
  const counted = count(counters, { [key]: limit }, clock.now());
  return counted.isAllowed ? undefined : counted.openAt;
}
