/**
 * Tries that were counted and not judged yet, and what a verdict changes of them. Until then
 * each counts as wrong, so nothing here lets anybody in: it only tells whether somebody is held
 * up by wrong tries, or by tries that may yet turn out to be right (patience.ts).
 */
import type { Attempts, Tally } from '../models/attempts.ts';

/** What takes longer is not judged any more: its process broke, or cannot reach the database. */
const JUDGED_WITHIN_MILLISECONDS = 3000;

/** Clocks differ, so a try may seem to come from the future. */
export const undecidedIn = ({ undecided = [] }: Tally, now: Date): readonly Date[] =>
  undecided.filter((at) => Math.abs(now.getTime() - at.getTime()) < JUDGED_WITHIN_MILLISECONDS);

/**
 * Takes back the try of that time under every key, because it turned out not to be a guess.
 * Where it is not counted (any more), because a sign-in was finished meanwhile, nothing is.
 */
export const giveBack = (
  tallies: Attempts['tallies'],
  keys: readonly string[],
  at: Date,
): Attempts['tallies'] =>
  changed(tallies, keys, (tally) => {
    const times = without(tally.times, at);
    return times && { ...decided(tally, at), times, streak: Math.max(0, tally.streak - 1) };
  });

/** Says of the try of that time that it was a guess; undefined where that is known already. */
export function settle(
  tallies: Attempts['tallies'],
  keys: readonly string[],
  at: Date,
): Attempts['tallies'] | undefined {
  const open = keys.filter((key) => isUndecided(tallies[key], at));
  return open.length > 0 ? changed(tallies, open, (tally) => decided(tally, at)) : undefined;
}

export const isUndecided = (tally: Tally | undefined, at: Date): boolean =>
  without(tally?.undecided ?? [], at) !== undefined;

/** As it would be if every try that is undecided turned out to be right. */
export const withoutUndecided = (
  tallies: Attempts['tallies'],
  keys: readonly string[],
  now: Date,
): Attempts['tallies'] =>
  changed(tallies, keys, (tally, key) =>
    undecidedIn(tally, now).reduce(
      (left, at) => giveBack({ [key]: left }, [key], at)[key] ?? left,
      tally,
    ),
  );

function changed(
  tallies: Attempts['tallies'],
  keys: readonly string[],
  change: (tally: Tally, key: string) => Tally | undefined,
): Attempts['tallies'] {
  const now = keys.flatMap((key): [string, Tally][] => {
    const tally = tallies[key];
    const after = tally && change(tally, key);
    return after ? [[key, after]] : [];
  });
  return { ...tallies, ...Object.fromEntries(now) };
}

function decided({ undecided = [], ...rest }: Tally, at: Date): Tally {
  const left = without(undecided, at) ?? undecided;
  return { ...rest, ...(left.length > 0 && { undecided: left }) };
}

/** Of tries in the same millisecond it does not matter which is meant. */
function without(times: readonly Date[], at: Date): readonly Date[] | undefined {
  const index = times.findLastIndex((time) => time.getTime() === at.getTime());
  return index < 0 ? undefined : times.toSpliced(index, 1);
}
