/**
 * How often something failed within a window of time. Cheaper than a tally of instants: one
 * conditional write per failure, none for a success, and nothing is read first.
 */
import { type Connection, Schema, trusted } from 'mongoose';

import { isDuplicate } from './duplicate.ts';
import { modelOf } from './model.ts';

export interface Failure {
  readonly _id: string;
  readonly count: number;
  /** The end of the window; then counting begins anew. */
  readonly expiresAt: Date;
  /** Where failures are collected: when they may be told of again. */
  readonly tellAt?: Date;
}

interface Collected {
  readonly now: Date;
  readonly tellAt: Date;
  /** When what was not told is forgotten. */
  readonly expiresAt: Date;
}

export type Failures = Omit<ReturnType<typeof createFailures>, 'model'>;

const schema = new Schema(
  { _id: String, count: Number, expiresAt: Date, tellAt: Date },
  { minimize: false, versionKey: false, collection: 'failures' },
);
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export function createFailures(connection: Connection) {
  const model = modelOf<Failure>(connection, 'Failure', schema);

  const countOn = async (key: string, now: Date): Promise<Failure | undefined> =>
    (await model
      .findOneAndUpdate(
        { _id: key, expiresAt: trusted({ $gt: now }) },
        { $inc: { count: 1 } },
        { returnDocument: 'after' },
      )
      .lean<Failure>()
      .exec()) ?? undefined;

  const collectOn = async (key: string, { now, expiresAt }: Collected): Promise<boolean> =>
    (
      await model.updateOne(
        { _id: key, tellAt: trusted({ $gt: now }) },
        { $inc: { count: 1 }, $set: { expiresAt } },
      )
    ).matchedCount === 1;

  return {
    model,

    /**
     * Counts one more, and says how many there were since that was last said; then not again
     * before `tellAt`, however many come.
     */
    async collect(key: string, collected: Collected): Promise<number | undefined> {
      if (await collectOn(key, collected)) return undefined;
      const { now, tellAt, expiresAt } = collected;
      try {
        const before = await model
          .findOneAndUpdate(
            { _id: key, tellAt: trusted({ $lte: now }) },
            { $set: { count: 0, tellAt, expiresAt } },
            { upsert: true, returnDocument: 'before' },
          )
          .lean<Failure>()
          .exec();
        return (before?.count ?? 0) + 1;
      } catch (error) {
        // Of those who may tell at once, one does; the others are counted.
        if (!isDuplicate(error)) throw error;
        await collectOn(key, collected);
        return undefined;
      }
    },

    /** Counts one more; a window that begins with it ends at `expiresAt`. */
    async count(key: string, { now, expiresAt }: { now: Date; expiresAt: Date }): Promise<Failure> {
      const counted = await countOn(key, now);
      if (counted) return counted;
      const first: Failure = { _id: key, count: 1, expiresAt };
      try {
        await model.updateOne(
          { _id: key, expiresAt: trusted({ $lte: now }) },
          { $set: { count: 1, expiresAt } },
          { upsert: true },
        );
        return first;
      } catch (error) {
        // Of those who begin a window at once, one does; the others count on.
        if (!isDuplicate(error)) throw error;
        return (await countOn(key, now)) ?? first;
      }
    },
  };
}
