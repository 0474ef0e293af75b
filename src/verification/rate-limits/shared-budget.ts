/**
 * What many people share of what may be sent: the budgets of prefixes, countries and the service.
 * Each is counted in one conditional write, which also says who tells the administration that
 * a budget shrinks, once an hour, or that a prefix is paused, once.
 */
import { type Audit, STRANGER } from '../../audit/audit.ts';
import type { Happenings } from '../../audit/event-types.ts';
import { secondsAfter } from '../../lib/clock.ts';
import type { Meter } from '../../lib/meter.ts';
import { Problem } from '../../lib/problem.ts';
import type { Attempts, Counters, SendClass, SendKeys } from '../../models/counter.ts';
import { type CompletionFigures, isAbandoned, pausedUntil, withPause } from './completion-rate.ts';
import { type CountersDeps, createCounters } from './counters.ts';
import type { Limit } from './limits.ts';

export interface SharedBudgetDeps extends CountersDeps {
  readonly audit: Pick<Audit, 'event' | 'alert'>;
  readonly meter: Meter;
  /** From which part of a budget on the administration is told. */
  readonly alarmAtPercent: number;
}

export interface SharedBudget {
  readonly id: string;
  readonly keys: SendKeys;
  readonly sendClass: SendClass;
  readonly limit: Limit;
  /** Whose it is, for the administration. */
  readonly to: string;
  /** Where messages are judged by the codes that come back. */
  readonly completion?: CompletionFigures;
}

/** Two days, so that no count of a day is lost. */
export const KEPT_SECONDS = 2 * 24 * 60 * 60;
export const code = 'too-many-messages';

/** What one person may use up alone is nothing to tell of. */
const SHARED = 15;
const HOUR = 60 * 60;

export function createSharedBudgets(deps: SharedBudgetDeps) {
  const { clock, audit, meter, alarmAtPercent, log } = deps;
  const counters = createCounters(deps);

  return { countShared };

  /** One message; throws Problem before anything leaves. What is counted then. */
  async function countShared(budget: SharedBudget): Promise<{ readonly attempts: Attempts }> {
    const { id, keys } = budget;
    const now = clock.now();
    const before: { counters: Counters } = { counters: {} };
    const kept = await counters.change(counters.under(id, KEPT_SECONDS), (read) => {
      before.counters = read.tallies;
      return counted(read, budget, now);
    });
    if (!kept) throw new Problem('too-many-tries', { retryAt: secondsAfter(now, 1) });
    const began = (key: string): boolean =>
      kept.attempts.tallies[key]?.times.at(-1) !== before.counters[key]?.times.at(-1);
    if (began(keys.paused)) await paused(budget, now);
    if (began(keys.alarmed)) await shrank(budget, kept.attempts.tallies);
    return kept;
  }

  function counted(read: Attempts, budget: SharedBudget, now: Date): Counters {
    const { keys, limit, completion: figures } = budget;
    const until = figures && pausedUntil(read.tallies, keys, { figures, now });
    if (until) throw new Problem(PAUSED, { retryAt: until });
    if (figures && isAbandoned(read.tallies, keys, { figures, now })) {
      return withPause(read.tallies, keys, now);
    }
    const next = counters.check(read, { [keys.counted]: limit }, code);
    const toldAt = next[keys.alarmed]?.times.at(-1);
    const isTold = toldAt !== undefined && secondsAfter(toldAt, HOUR) > now;
    const alarms = !isTold && isShrinking(next, budget);
    return alarms ? { ...next, [keys.alarmed]: { times: [now], streak: 1 } } : next;
  }

  function isShrinking(next: Counters, { keys, limit }: SharedBudget): boolean {
    const used = next[keys.counted]?.times.length ?? 0;
    return Object.values(limit).some(
      ({ most }) => most >= SHARED && used >= Math.ceil((most * alarmAtPercent) / 100),
    );
  }

  /** Refuses what began the pause; whoever comes later meets it. */
  async function paused({ to, sendClass, completion }: SharedBudget, now: Date): Promise<never> {
    const until = secondsAfter(now, completion?.pauseSeconds ?? 0);
    meter.count('message_pauses_total', { purpose: sendClass });
    await tell('messages.paused', { to, purpose: sendClass, until: until.toISOString() });
    throw new Problem(PAUSED, { retryAt: until });
  }

  async function shrank({ to, sendClass, keys, limit }: SharedBudget, tallies: Counters) {
    const used = tallies[keys.counted]?.times.length ?? 0;
    const most = Math.min(...Object.values(limit).map((window) => window.most));
    meter.count('budget_alarms_total', { purpose: sendClass });
    await tell('budget.shrank', { to, purpose: sendClass, used, most });
  }

  /** Never throws: what is sent or refused does not depend on who hears of it. */
  async function tell<Name extends 'messages.paused' | 'budget.shrank'>(
    name: Name,
    details: Happenings[Name],
  ): Promise<void> {
    try {
      await audit.alert(audit.event(name, { by: STRANGER }, details));
    } catch (err) {
      log.warn({ err, name, ...details }, 'alert.failed');
    }
  }
}

const PAUSED = 'messages-paused';
