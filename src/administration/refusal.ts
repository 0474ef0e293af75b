/**
 * What an administrator asked for cannot be done, and why, in a sentence for administrators.
 * Anything else that is thrown here is a bug.
 */
import { untilWritten as untilAnyWritten } from '../lib/optimistic.ts';

export type RefusalCode = 'not-found' | 'taken' | 'invalid' | 'full' | 'changed-meanwhile';

export class Refusal extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
  }
}

/** Writes are made only over what was read; whoever loses this often is no person. */
const RACES = 10;

/** Reads and writes again until nobody was quicker; throws Refusal when it loses too often. */
export const untilWritten = <Read>(
  read: () => Promise<Read>,
  write: (read: Read) => Promise<boolean>,
): Promise<Read> =>
  untilAnyWritten({
    ...{ read, write },
    most: RACES,
    lost: () => new Refusal('changed-meanwhile', 'It is being changed by others; try again.'),
  });
