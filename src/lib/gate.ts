/**
 * Lets only so many through at once and keeps a short line; who finds the line full is sent
 * away at once, so that a flood costs its senders more than it costs us.
 */
import { type Clock, secondsAfter } from './clock.ts';
import { Problem } from './problem.ts';

export interface GateSettings {
  readonly atOnce: number;
  readonly mostWaiting: number;
}

const TRY_AGAIN_SECONDS = 5;

export function createGate({ atOnce, mostWaiting }: GateSettings, clock: Clock) {
  const waiting: (() => void)[] = [];
  let running = 0;

  return Object.assign(run, { running: () => running, waiting: () => waiting.length });

  /** Throws Problem `busy` when the line is full. */
  async function run<T>(task: () => Promise<T>): Promise<T> {
    if (running < atOnce) running += 1;
    else await wait();
    try {
      return await task();
    } finally {
      // The place is handed on rather than freed, so nobody from outside slips in between.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  }

  async function wait(): Promise<void> {
    if (waiting.length >= mostWaiting) {
      throw new Problem('busy', { retryAt: secondsAfter(clock.now(), TRY_AGAIN_SECONDS) });
    }
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
}
