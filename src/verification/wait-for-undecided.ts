/**
 * A moment's patience for whoever is held up by nothing but tries that are being judged: of ten
 * right passwords at once, five would be refused because of the other five. Nobody is let in by
 * waiting: they ask again, and are counted or refused as anybody who comes at that time.
 *
 * Why so (2026-11): only who meets undecided tries waits, because a wait before every refusal
 * made all of them half a second slower. Guesses are judged within a moment, and then whoever
 * waited behind them is refused; no place in the line for hashes is held meanwhile.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import { stopwatch } from '../lib/meter.ts';
import { Problem } from '../lib/problem.ts';

/** Too many tries, if those that are undecided are counted as wrong. */
export class Undecided extends Problem {}

const LONGEST_SECONDS = 5;
/** More are no person's windows; they are refused at once, as if there were no patience. */
const MOST_AT_ONCE = 50;

const FIRST_MILLISECONDS = 50;
const LAST_MILLISECONDS = 200;

export function createPatience() {
  let waiting = 0;

  return async function patiently<T>(count: () => Promise<T>): Promise<T> {
    try {
      return await count();
    } catch (error) {
      if (!(error instanceof Undecided) || waiting >= MOST_AT_ONCE) throw error;
    }
    waiting += 1;
    try {
      return await askAgain(count);
    } finally {
      waiting -= 1;
    }
  };
}

async function askAgain<T>(count: () => Promise<T>): Promise<T> {
  const waited = stopwatch();
  for (let longest = FIRST_MILLISECONDS; ; longest = Math.min(longest * 1.5, LAST_MILLISECONDS)) {
    // Of chance length, or all would meet again.
    await pause(randomInt(FIRST_MILLISECONDS / 5, Math.ceil(longest)));
    try {
      return await count();
    } catch (error) {
      if (!(error instanceof Undecided) || waited() > LONGEST_SECONDS) throw error;
    }
  }
}
