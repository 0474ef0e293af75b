/**
 * Knows whether the database can write, or its disk is full: from writes that failed, and from
 * one of its own. Says so in the log once, and once more when there is room again.
 *
 * Why so: every request and every timer fails while it lasts, and an operator should find one
 * line that says why. A ping would not notice, because reading goes on. It writes by a timer and
 * not when it is asked, because anybody may ask, and a GET changes nothing.
 */
import { isDiskFull } from './disk-full.ts';

export interface DiskWatchDeps {
  /** Writes so many bytes in the place of those before. */
  readonly write: (bytes: number) => Promise<void>;
  readonly log: {
    error(fields: object, event: string): void;
    warn(fields: object, event: string): void;
  };
}

export type DiskWatch = ReturnType<typeof createDiskWatch>;

/** A crumb may still fit where nothing else does, so it takes more to say that there is room. */
const ENOUGH_BYTES = 64 * 1024;

const WHAT = 'The disk of the database is full. Reading goes on; it writes once there is room.';

export function createDiskWatch({ write, log }: DiskWatchDeps) {
  let isFull = false;

  return {
    isToBlame,

    /** Rejects while the disk is full. */
    async check(): Promise<void> {
      if (isFull) throw new Error('the disk of the database is full');
    },

    /** For a timer: tries whether anything can be written. Never rejects. */
    async turn(): Promise<void> {
      const wasFull = isFull;
      try {
        await write(wasFull ? ENOUGH_BYTES : 0);
      } catch (error) {
        // Anything else that is wrong with the database is told by whoever needs it.
        isToBlame(error);
        return;
      }
      if (!wasFull) return;
      isFull = false;
      log.warn({}, 'disk.has-room');
    },
  };

  /** Whether something failed for want of room. */
  function isToBlame(error: unknown): boolean {
    if (!isDiskFull(error)) return false;
    if (!isFull) log.error({ what: WHAT, err: error }, 'disk.full');
    isFull = true;
    return true;
  }
}
