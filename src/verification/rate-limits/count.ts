/**
 * Applies limits to counters; pure. An attempt is counted before anything is compared, and
 * under every key or, if any of its limits refuses, under none.
 */
import { secondsAfter } from '../../lib/clock.ts';
import type { Outlook } from '../../models/challenge.ts';
import { type Counter, type Counters, PLACE } from '../../models/counter.ts';
import type { Limit, Window } from './limits.ts';

/** One attempt: the keys it is counted under, each with its limit. */
export type Attempt = Readonly<Record<string, Limit>>;

export type Counted = { readonly isAllowed: true; readonly counters: Counters } | Refused;

interface Refused {
  readonly isAllowed: false;
  /** Undefined: never, by waiting alone. */
  readonly openAt: Date | undefined;
  /** The keys whose limits refuse, in the order of the alphabet. */
  readonly by: readonly string[];
}

const DAY = 24 * 60 * 60;
const NONE: Counter = { times: [], streak: 0 };

export function count(counters: Counters, attempt: Attempt, now: Date): Counted {
  const entries = Object.entries(attempt);
  const opens = entries.map(([key, limit]) => ({
    key,
    at: Math.max(
      ...Object.values(limit).map((window) => opensAt(counters[key] ?? NONE, window, now)),
    ),
  }));
  const last = Math.max(0, ...opens.map(({ at }) => at));
  if (last > now.getTime()) {
    const refusing = opens.filter(({ at }) => at > now.getTime());
    const by = refusing.map(({ key }) => key).sort();
    return { isAllowed: false, openAt: Number.isFinite(last) ? new Date(last) : undefined, by };
  }
  const next = entries.map(
    ([key, limit]) => [key, raised(counters[key] ?? NONE, limit, now)] as const,
  );
  return { isAllowed: true, counters: pruned({ ...counters, ...Object.fromEntries(next) }) };
}

/** What a further attempt would meet: a wait until then, or that a wait follows upon it. */
export function outlookOf(counters: Counters, attempt: Attempt, now: Date): Outlook | undefined {
  const next = count(counters, attempt, now);
  if (!next.isAllowed) return next.openAt && { pausedUntil: next.openAt };
  return count(next.counters, attempt, now).isAllowed ? undefined : { isLast: true };
}

/** Takes back the attempt of that time: it was no guess. What is not counted (any more) is not. */
export function takeBack(counters: Counters, keys: readonly string[], at: Date): Counters {
  const changed = keys.flatMap((key): [string, Counter][] => {
    const { times, streak } = counters[key] ?? NONE;
    // Of attempts in the same millisecond it does not matter which is meant.
    const index = times.findLastIndex((time) => time.getTime() === at.getTime());
    if (index < 0) return [];
    return [[key, { times: times.toSpliced(index, 1), streak: Math.max(0, streak - 1) }]];
  });
  return { ...counters, ...Object.fromEntries(changed) };
}

/** In milliseconds since 1970. */
function opensAt({ times, streak }: Counter, window: Window, now: Date): number {
  const { most, seconds, pause, mostInARow = Infinity } = window;
  if (streak >= mostInARow) return Infinity;

  const last = times.at(-1);
  if (pause && last) {
    const { firstSeconds, longestSeconds } = pause;
    // As it stood at the last attempt: a pause is not over because the window moved on meanwhile.
    const recent = within(times, seconds, last).length;
    const over = (longestSeconds > firstSeconds ? streak : recent) - most;
    if (over < 0) return 0;
    const waits = Math.min(firstSeconds * 2 ** Math.min(over, 30), longestSeconds);
    return secondsAfter(last, waits).getTime();
  }
  const oldest = within(times, seconds, now).at(-most);
  return oldest ? secondsAfter(oldest, seconds).getTime() : 0;
}

function raised({ times, streak }: Counter, limit: Limit, now: Date): Counter {
  const windows = Object.values(limit);
  const longest = Math.max(...windows.map(({ seconds }) => seconds));
  const most = Math.max(...windows.map((window) => window.most));
  // Guesses in a row towards a ceiling are never forgotten; those towards a pause are.
  const hasCeiling = windows.some(({ mostInARow }) => mostInARow !== undefined);
  const isForgotten = !hasCeiling && within(times.slice(-1), DAY, now).length === 0;
  return {
    // One more than is asked for, because this one may be taken back.
    times: [...within(times, longest, now), now].slice(-most - 1),
    streak: (isForgotten ? 0 : streak) + 1,
  };
}

const MOST_PLACES = 20;

/** An attacker with many addresses must not grow the document without end. */
function pruned(counters: Counters): Counters {
  const age = (key: string): number => -(counters[key]?.times.at(-1)?.getTime() ?? 0);
  const places = Map.groupBy(
    Object.keys(counters).filter((key) => key.includes(PLACE)),
    (key) => key.split(PLACE)[0],
  );
  const dropped = new Set(
    [...places.values()].flatMap((alike) =>
      alike.sort((a, b) => age(a) - age(b)).slice(MOST_PLACES),
    ),
  );
  return Object.fromEntries(Object.entries(counters).filter(([key]) => !dropped.has(key)));
}

const within = (times: readonly Date[], seconds: number, now: Date): readonly Date[] =>
  times.filter((time) => now.getTime() - time.getTime() < seconds * 1000);
