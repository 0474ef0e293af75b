/**
 * The chain: numbered records that are only ever added, each holding some events and the
 * hash of the record before. What is hashed, and with which key, is decided in audit/chain.ts.
 *
 * Why so: the number is the key, so of two processes that append at once one is told that it
 * is late, without a transaction; and an event's id is unique in the whole chain, so moving an
 * event twice adds it once. A record takes all the events of a moment, because each costs a
 * round trip. The newest record ever seen is kept beside the chain: a tail that was cut off
 * would not be missed by the rest.
 */
import { type Connection, Schema, trusted } from 'mongoose';

import type { AuditEvent } from './audit-event.ts';
import { isDuplicate } from './duplicate.ts';
import { modelOf } from './model.ts';

export interface AuditRecord {
  /** 1 for the first, and no number is left out. */
  readonly _id: number;
  /** The hash of the record before; empty for the first. */
  readonly previous: string;
  readonly hash: string;
  readonly events: readonly AuditEvent[];
}

export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
  /** Says that we wrote it. */
  readonly seal: string;
}

export interface Sought {
  readonly account?: string;
  readonly name?: string;
  /** The newest number that is looked at. */
  readonly upTo?: number;
  /** How many records are read at a time. */
  readonly atOnce?: number;
}

export type AuditRecords = ReturnType<typeof createAuditRecords>;

const HEAD = 'head';
const AT_ONCE = 500;

const schema = new Schema(
  { _id: Number, previous: String, hash: String, events: Schema.Types.Mixed },
  { minimize: false, versionKey: false, collection: 'audit_records' },
);
schema.index({ 'events.id': 1 }, { unique: true });
schema.index({ 'events.account': 1, _id: 1 });
schema.index({ 'events.name': 1, _id: 1 });

const headSchema = new Schema(
  { _id: String, seq: Number, hash: String, seal: String },
  { minimize: false, versionKey: false, collection: 'audit_heads' },
);

export function createAuditRecords(connection: Connection) {
  const model = modelOf<AuditRecord>(connection, 'AuditRecord', schema);
  const heads = modelOf<AuditHead & { readonly _id: string }>(connection, 'AuditHead', headSchema);

  return {
    model,

    async newest(): Promise<AuditRecord | undefined> {
      const found = model.findOne().sort({ _id: -1 }).lean<AuditRecord>();
      return (await found.exec()) ?? undefined;
    },

    /** False when its number or one of its events is in the chain already. */
    async add(record: AuditRecord): Promise<boolean> {
      try {
        await model.insertOne(record);
        return true;
      } catch (error) {
        if (isDuplicate(error)) return false;
        throw error;
      }
    },

    /** Which of these events are in the chain. */
    async holding(ids: readonly string[]): Promise<ReadonlySet<string>> {
      const found = await model
        .find({ 'events.id': trusted({ $in: [...ids] }) })
        .select({ 'events.id': 1 })
        .lean<Pick<AuditRecord, 'events'>[]>()
        .exec();
      return new Set(found.flatMap(({ events }) => events.map(({ id }) => id)));
    },

    /** From the first to the last, without holding them all. */
    inOrder: () => walk({}, 1),

    /** From the newest back, those with such an event. */
    newestFirst: ({ account, name, upTo, atOnce }: Sought) =>
      walk(
        {
          ...(account !== undefined && { 'events.account': account }),
          ...(name !== undefined && { 'events.name': name }),
          ...(upTo !== undefined && { _id: trusted({ $lte: upTo }) }),
        },
        -1,
        atOnce,
      ),

    async head(): Promise<AuditHead | undefined> {
      return (await heads.findById(HEAD).lean<AuditHead>().exec()) ?? undefined;
    },

    /** Only ever forward: whoever comes late with an older one changes nothing. */
    async advance({ seq, hash, seal }: AuditHead): Promise<void> {
      try {
        const isOlder = { _id: HEAD, seq: trusted({ $lt: seq }) };
        await heads.updateOne(isOlder, { $set: { seq, hash, seal } }, { upsert: true });
      } catch (error) {
        if (!isDuplicate(error)) throw error;
      }
    },
  };

  /** In pieces: one cursor over years of records would outlive its time limit. */
  async function* walk(
    filter: object,
    direction: 1 | -1,
    atOnce = AT_ONCE,
  ): AsyncGenerator<AuditRecord> {
    let last: number | undefined;
    for (;;) {
      const beyond = { [direction === 1 ? '$gt' : '$lt']: last };
      const piece = await model
        .find({ ...filter, ...(last !== undefined && { _id: trusted(beyond) }) })
        .sort({ _id: direction })
        .limit(atOnce)
        .lean<AuditRecord[]>()
        .exec();
      yield* piece;
      last = piece.at(-1)?._id;
      if (piece.length < atOnce) return;
    }
  }
}
