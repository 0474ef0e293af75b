/**
 * What a verdict changes of a try that was counted before it was judged.
 */
import type { Attempts, Tally } from '../models/attempts.ts';

/**
 * Takes back the try of that time under every key, because it turned out not to be a guess.
 * Where it is not counted (any more), because a sign-in was finished meanwhile, nothing is.
 */
export function giveBack(
  tallies: Attempts['tallies'],
  keys: readonly string[],
  at: Date,
): Attempts['tallies'] {
  const given = keys.flatMap((key): [string, Tally][] => {
    const tally = tallies[key];
    const times = tally && without(tally.times, at);
    return times ? [[key, { times, streak: Math.max(0, tally.streak - 1) }]] : [];
  });
  return { ...tallies, ...Object.fromEntries(given) };
}

/** Of tries in the same millisecond it does not matter which is meant. */
function without(times: readonly Date[], at: Date): Date[] | undefined {
  const index = times.findLastIndex((time) => time.getTime() === at.getTime());
  return index < 0 ? undefined : times.toSpliced(index, 1);
}
