/**
 * Whether the codes that are sent to one prefix come back; pure. Whoever earns from messages has
 * them sent to ever new numbers and types no code, so many messages and few right codes pause the
 * prefix for the class of purposes that caused it.
 *
 * Why so: a message is judged once its code was used or cannot be any more, so that ten people of
 * one firm who sign in at once pause nobody; and of one number two a day, so that nobody
 * pauses a whole prefix from a phone or two of their own.
 */
import { secondsAfter } from '../../lib/clock.ts';
import type { Counter, Counters, SendKeys } from '../../models/counter.ts';

export interface CompletionFigures {
  readonly fromMessages: number;
  readonly leastPercent: number;
  readonly pauseSeconds: number;
}

/** A message: when it was sent, and what counts it where it is judged. */
export interface Sent {
  readonly counter?: string;
  readonly at: Date;
}

export const MOST_JUDGED = 100;
export const MOST_OF_A_NUMBER = 2;

const DAY = 24 * 60 * 60;
/** The longest that any code is good for. */
const ANSWERED_WITHIN_SECONDS = 600;

export function pausedUntil(
  counters: Counters,
  keys: SendKeys,
  { figures, now }: { readonly figures: CompletionFigures; readonly now: Date },
): Date | undefined {
  const since = counters[keys.paused]?.times.at(-1);
  const until = since && secondsAfter(since, figures.pauseSeconds);
  return until && until > now ? until : undefined;
}

/** Whether there were so many messages and so few right codes that the prefix must be paused. */
export function isAbandoned(
  counters: Counters,
  keys: SendKeys,
  { figures, now }: { readonly figures: CompletionFigures; readonly now: Date },
): boolean {
  const sent = timesSince(counters[keys.sent], secondsAfter(now, -DAY));
  const completed = timesSince(counters[keys.completed], sent[0] ?? now);
  const over = secondsAfter(now, -ANSWERED_WITHIN_SECONDS);
  const isOver = (at: Date): boolean => at <= over;
  const abandoned = sent.filter(isOver).length - completed.filter(isOver).length;
  const judged = completed.length + abandoned;
  const { fromMessages, leastPercent } = figures;
  return judged >= fromMessages && completed.length * 100 < leastPercent * judged;
}

/** What led to the pause is forgotten: what comes after it is judged by itself. */
export function withPause(counters: Counters, keys: SendKeys, now: Date): Counters {
  const { [keys.sent]: _, [keys.completed]: __, ...others } = counters;
  return { ...others, [keys.paused]: { times: [now], streak: 1 } };
}

export function withSent(counters: Counters, keys: SendKeys, now: Date): Counters {
  const { times, streak } = counters[keys.sent] ?? { times: [], streak: 0 };
  const kept = [...times, now].slice(-MOST_JUDGED);
  return { ...counters, [keys.sent]: { times: kept, streak: streak + 1 } };
}

const timesSince = (counter: Counter | undefined, since: Date): readonly Date[] =>
  (counter?.times ?? []).filter((at) => at >= since);
