/**
 * When a flow is over, whatever is still stored of it.
 */
import { secondsAfter } from '../lib/clock.ts';
import type { Flow } from './flow.ts';

/** Judged whenever a flow is read; the TTL index is only the broom. */
export const hasEnded = (flow: Flow, now: Date): boolean => flow.endsAt <= now;

/** The longest a half-finished sign-in may wait for its next step. */
export const endsAfter = (
  now: Date,
  { seconds, atMost }: { readonly seconds: number; readonly atMost: Date },
): Date => {
  const end = secondsAfter(now, seconds);
  return end < atMost ? end : atMost;
};
