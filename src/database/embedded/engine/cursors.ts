/**
 * Results that are fetched piece by piece. A cursor nobody has asked for ten minutes is given up.
 */
import { Long } from 'bson';

import { CommandError } from '../errors.ts';

const idleMilliseconds = 10 * 60_000;
/** Leaves room for the rest of a reply within MongoDB's 16 MB. */
const mostBatchBytes = 16 * 1024 * 1024 - 64 * 1024;

export interface Batch {
  readonly documents: readonly Buffer[];
  /** Zero when nothing is left. */
  readonly cursorId: Long;
}

interface Cursor {
  readonly namespace: string;
  readonly results: Iterator<Buffer>;
  /** Read, but did not fit into the last batch. */
  next: Buffer | undefined;
  usedAt: Date;
}

export type Cursors = ReturnType<typeof createCursors>;

export function createCursors(clock: () => Date) {
  const cursors = new Map<string, Cursor>();
  let lastId = Long.ZERO;

  function open(namespace: string, results: Iterator<Buffer>, size: number, keep = true): Batch {
    const cursor = { namespace, results, next: pull(results), usedAt: clock() };
    const documents = take(cursor, size);
    if (cursor.next === undefined || !keep) return { documents, cursorId: Long.ZERO };
    lastId = lastId.add(1);
    cursors.set(lastId.toString(), cursor);
    return { documents, cursorId: lastId };
  }

  function more(namespace: string, cursorId: Long, size: number): Batch {
    const cursor = cursors.get(cursorId.toString());
    if (cursor?.namespace !== namespace) {
      throw new CommandError(43, `cursor id ${cursorId.toString()} not found`);
    }
    cursor.usedAt = clock();
    const documents = take(cursor, size);
    if (cursor.next !== undefined) return { documents, cursorId };
    cursors.delete(cursorId.toString());
    return { documents, cursorId: Long.ZERO };
  }

  function closeIdle(): void {
    for (const [id, { usedAt }] of cursors) {
      if (clock().getTime() - usedAt.getTime() > idleMilliseconds) cursors.delete(id);
    }
  }

  return {
    open,
    more,
    closeIdle,
    /** Returns whether there was one. */
    kill: (cursorId: Long): boolean => cursors.delete(cursorId.toString()),
  };
}

function take(cursor: Cursor, size: number): readonly Buffer[] {
  const documents: Buffer[] = [];
  let bytes = 0;
  while (cursor.next !== undefined && documents.length < size) {
    bytes += cursor.next.length;
    if (documents.length > 0 && bytes > mostBatchBytes) break;
    documents.push(cursor.next);
    cursor.next = pull(cursor.results);
  }
  return documents;
}

function pull(results: Iterator<Buffer>): Buffer | undefined {
  const next = results.next();
  return next.done === true ? undefined : next.value;
}
