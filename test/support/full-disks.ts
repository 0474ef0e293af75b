/**
 * What each database says of a write when its disk is full, for a line that answers in its place.
 */
import type { Fate } from './faulty-connection.ts';

const reads = new Set(['find', 'aggregate', 'getMore', 'count', 'distinct', 'killCursors']);

const PROSE = 'could not extend file "base/5/19091": No space left on device';

const answers = {
  /** And the embedded one. */
  MongoDB: () => ({ ok: 0, code: 14031, codeName: 'OutOfDiskSpace', errmsg: 'disk is full' }),
  /** As it was seen to, with FerretDB 2.7 on PostgreSQL 18. */
  DocumentDB: (command: string) =>
    command === 'findAndModify'
      ? { ok: 0, code: 1, codeName: 'InternalError', errmsg: PROSE }
      : { ok: 1, n: 0, writeErrors: [{ index: 0, code: 4293, errmsg: PROSE }] },
};

const unlessRead =
  (answer: (command: string) => Readonly<Record<string, unknown>>) =>
  (command: string): Fate | undefined =>
    reads.has(command) ? undefined : { answer: answer(command) };

export const fullDisks = {
  MongoDB: unlessRead(answers.MongoDB),
  DocumentDB: unlessRead(answers.DocumentDB),
};
