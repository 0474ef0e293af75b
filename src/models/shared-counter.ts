/**
 * Counters of what is no account: names that nobody has, networks, phone numbers, prefixes,
 * countries, the whole service. Keys are digests, so the collection tells nobody's number.
 */
import { type Connection, Schema } from 'mongoose';

import type { Attempts, Counters } from './counter.ts';
import { isDuplicate } from './duplicate.ts';
import { modelOf } from './model.ts';

interface SharedCounter extends Attempts {
  readonly _id: string;
  readonly expiresAt: Date;
}

interface Repeated {
  readonly at: Date;
  readonly from: string;
  readonly to: string;
  /** No more of them are kept. */
  readonly most: number;
}

export type SharedCounters = ReturnType<typeof createSharedCounters>;

const schema = new Schema(
  { _id: String, version: Number, tallies: Schema.Types.Mixed, expiresAt: Date },
  { minimize: false, versionKey: false, collection: 'limits' },
);
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export function createSharedCounters(connection: Connection) {
  const model = modelOf<SharedCounter>(connection, 'Limit', schema);

  return {
    model,

    async read(key: string): Promise<Attempts | undefined> {
      return (await model.findById(key).lean<SharedCounter>().exec()) ?? undefined;
    },

    async forget(key: string): Promise<void> {
      await model.deleteOne({ _id: key });
    },

    /**
     * Repeats a time under another name, where it still stands under the first; in one write
     * that loses no race.
     */
    async repeatTime(key: string, { at, from, to, most }: Repeated): Promise<void> {
      const standing: object = { _id: key, [`tallies.${from}.times`]: at };
      const change: object = {
        $push: { [`tallies.${to}.times`]: { $each: [at], $slice: -most } },
        $inc: { [`tallies.${to}.streak`]: 1, version: 1 },
      };
      await model.updateOne(standing, change);
    },

    /** Takes a time away, wherever it stands. */
    async dropTime(key: string, { at, from }: Pick<Repeated, 'at' | 'from'>): Promise<void> {
      const path = `tallies.${from}.times`;
      const standing: object = { _id: key, [path]: at };
      await model.updateOne(standing, { $pull: { [path]: at }, $inc: { version: 1 } });
    },

    /** Writes only over what was read; false when somebody else was quicker. */
    async write(
      key: string,
      read: Attempts | undefined,
      next: { readonly tallies: Counters; readonly expiresAt: Date },
    ): Promise<boolean> {
      if (read) {
        const filter = { _id: key, version: read.version };
        const change = { $set: { version: read.version + 1, ...next } };
        return (await model.updateOne(filter, change)).modifiedCount === 1;
      }
      try {
        await model.insertOne({ _id: key, version: 1, ...next });
        return true;
      } catch (error) {
        if (isDuplicate(error)) return false;
        throw error;
      }
    },
  };
}
