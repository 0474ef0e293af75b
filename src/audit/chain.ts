/**
 * The chain of audit records: each holds the hash of the one before, so nobody can edit,
 * remove, add or reorder one without every later hash giving it away.
 *
 * Why so: the hash is keyed. Whoever can write to the database, but has not the service's
 * secret, cannot make a chain of their own; the head is sealed for the same reason. Who can
 * do both is caught by a head that was written down elsewhere: the log says each.
 */
import type { Crypt } from '../lib/crypt.ts';
import { untilWritten } from '../lib/optimistic.ts';
import type { AuditEvent } from '../models/audit-event.ts';
import type { AuditRecord, AuditRecords } from '../models/audit-record.ts';
import { canonical } from './canonical.ts';

export interface ChainDeps {
  readonly records: AuditRecords;
  readonly crypt: Pick<Crypt, 'digest'>;
  readonly log: { info(fields: object, event: string): void };
}

export type Chain = ReturnType<typeof createChain>;

/** Where the hash is used and nowhere else. */
export const HASH = 'audit_records/hash';
export const HEAD = 'audit_heads/seal';

/** A record is read and hashed whole, so it does not grow for ever. */
const MOST_EVENTS = 200;
const RACES = 20;

export const contentOf = ({ _id, previous, events }: Omit<AuditRecord, 'hash'>): string =>
  canonical({ _id, previous, events });

export const headText = ({ seq, hash }: { seq: number; hash: string }): string => `${seq}.${hash}`;

export function createChain({ records, crypt, log }: ChainDeps) {
  /** The newest record as this process knows it; another may have added more since. */
  let newest: AuditRecord | undefined;
  /** Within a process they wait for each other, and so race those of other processes only. */
  let before: Promise<unknown> = Promise.resolve();

  return {
    /**
     * Adds events, each once however often it is called. Throws when they could not be stored. Whom
     * to write to is nothing to be kept for good.
     */
    append(events: readonly AuditEvent[]): Promise<void> {
      const kept = events.map(({ formerly: _, ...event }): AuditEvent => event);
      const once = [...new Map(kept.map((event) => [event.id, event])).values()];
      const mine = before.then(() => appendAll(once));
      before = mine.catch(() => undefined);
      return mine;
    },
  };

  async function appendAll(events: readonly AuditEvent[]): Promise<void> {
    for (let from = 0; from < events.length; from += MOST_EVENTS) {
      await appendSome(events.slice(from, from + MOST_EVENTS));
    }
  }

  async function appendSome(events: readonly AuditEvent[]): Promise<void> {
    let left = events;
    await untilWritten({
      known: newest,
      read: async () => (newest = await records.newest()),
      async write(last) {
        const record = following(last, left);
        if (await records.add(record)) {
          await added(record);
          return true;
        }
        // Either another process was quicker, or these are there: no engine says which.
        const known = await records.holding(left.map(({ id }) => id));
        left = left.filter(({ id }) => !known.has(id));
        return left.length === 0;
      },
      most: RACES,
      lost: () => new Error('the audit chain is too busy'),
    });
  }

  function following(last: AuditRecord | undefined, events: readonly AuditEvent[]): AuditRecord {
    const content = { _id: (last?._id ?? 0) + 1, previous: last?.hash ?? '', events };
    return { ...content, hash: crypt.digest(contentOf(content), HASH) };
  }

  async function added(record: AuditRecord): Promise<void> {
    newest = record;
    const head = { seq: record._id, hash: record.hash };
    await records.advance({ ...head, seal: crypt.digest(headText(head), HEAD) });
    log.info({ ...head, events: record.events.length }, 'audit.appended');
  }
}
