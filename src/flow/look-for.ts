/**
 * Waits a moment for what another request of the same person is about to store.
 */
import { setTimeout as pause } from 'node:timers/promises';

const LOOKS = 5;
const LOOK_EVERY_MILLISECONDS = 100;

/** Undefined where it does not come within half a second. */
export async function lookFor<T>(find: () => Promise<T | undefined>): Promise<T | undefined> {
  for (let looks = 0; looks < LOOKS; looks += 1) {
    const found = await find();
    if (found) return found;
    await pause(LOOK_EVERY_MILLISECONDS);
  }
  return undefined;
}
