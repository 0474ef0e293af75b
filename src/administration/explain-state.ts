/**
 * What keeps somebody out or makes them wait, whatever they have. Pure.
 */
import type { Account } from '../models/account.ts';
import { counterKeys } from '../models/counter.ts';
import type { MethodRules } from '../verification/choices.ts';
import { count } from '../verification/rate-limits/count.ts';
import type { Limit, Limits } from '../verification/rate-limits/limits.ts';
import { pauseOfRequests } from '../verification/rate-limits/request-budget.ts';

export interface StateRules extends MethodRules {
  readonly limits: Limits;
  readonly now: Date;
}

/** Until then; without an instant, until an administrator unlocks it. */
interface Wait {
  readonly until?: Date;
}

export interface ExplainedState {
  readonly disabledAt?: Date;
  /** The password opens nothing but its own change. */
  readonly passwordChangeDueAt?: Date;
  /** After wrong tries from where the account was never seen; where it is known, people are let try. */
  readonly passwordWaits?: Wait;
  /** After wrong codes and keys, everywhere. */
  readonly secondStepWaits?: Wait;
  /** Nobody is asked to approve. */
  readonly approvalsPaused?: Wait & { readonly reason: 'denied' | 'unanswered' };
}

const keys = counterKeys('sign-in');

export function stateOf(account: Account, { limits, now }: StateRules): ExplainedState {
  const { disabledAt, passwordChangeDueAt } = account;
  const passwordWaits = waitOf(account, keys.knowledge, {
    limit: limits.knowledge.everywhere,
    now,
  });
  const secondStepWaits = waitOf(account, keys.secondFactor, { limit: limits.secondFactor, now });
  const approvalsPaused = pauseOfRequests(account, 'sign-in', { limits, now });
  return {
    ...(disabledAt && { disabledAt }),
    ...(passwordChangeDueAt && { passwordChangeDueAt }),
    ...(passwordWaits && { passwordWaits }),
    ...(secondStepWaits && { secondStepWaits }),
    ...(approvalsPaused && { approvalsPaused }),
  };
}

export function waitOf(
  { attempts: { tallies } }: Account,
  key: string,
  { limit, now }: { readonly limit: Limit; readonly now: Date },
): Wait | undefined {
  const counted = count(tallies, { [key]: limit }, now);
  if (counted.isAllowed) return undefined;
  return counted.openAt ? { until: counted.openAt } : {};
}
