/**
 * Optimistic concurrency: a write is made only over what was read, and where somebody else was
 * quicker, all of it is done again. Who loses too often is told by an error of the caller's.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

export interface Race<Read> {
  readonly read: () => Promise<Read>;
  /** What was read already, for the first write. */
  readonly known?: NonNullable<Read> | undefined;
  /** True when it is done, or there is nothing to do; false when somebody else was quicker. */
  readonly write: (read: Read) => Promise<boolean>;
  readonly most: number;
  /** What is thrown by whoever lost that often. */
  readonly lost: () => Error;
}

/** Returns what was read before the write that was made. */
export async function untilWritten<Read>({
  read,
  known,
  write,
  most,
  lost,
}: Race<Read>): Promise<Read> {
  let found = known ?? (await read());
  for (let race = 1; ; race += 1) {
    if (await write(found)) return found;
    if (race >= most) throw lost();
    await stepAside(race);
    found = await read();
  }
}

/** Whoever lost steps aside for a moment of chance length, or all would meet again. */
export const stepAside = (race: number): Promise<void> => pause(randomInt(1, 5 * (race + 1)));
