/**
 * How often something was tried lately. Kept in the document it guards, and changed only
 * against the version that was read, so tries that race each other are all counted.
 * What the numbers mean is decided in verification/limits.ts.
 */
import { type Model, trusted } from 'mongoose';
import { z } from 'zod';

import { alongWith, type Events } from './audit-event.ts';

export interface Tally {
  /** When it was tried, oldest first; no more of them than the rules need. */
  readonly times: readonly Date[];
  /** Tries since the last success. */
  readonly streak: number;
  /** Those of the times that were counted and not judged yet; they count as wrong until then. */
  readonly undecided?: readonly Date[];
}

export interface Attempts {
  readonly version: number;
  readonly tallies: Readonly<Record<string, Tally>>;
}

export const noAttempts: Attempts = { version: 0, tallies: {} };

/** Whether what is stored can be counted on. */
export const isSoundCount = ({ version, tallies }: Attempts): boolean =>
  Number.isInteger(version) && Tallies.safeParse(tallies).success;

const Tallies = z.record(
  z.string(),
  z.object({
    times: z.array(z.date()),
    streak: z.int(),
    undecided: z.array(z.date()).exactOptional(),
  }),
);

/** A document whose tries are counted inside it. */
interface Tried {
  readonly _id: string;
  readonly attempts: Attempts;
}

export const attemptsIn = <Stored extends Tried>(model: Model<Stored>) => ({
  /** An administrator says that what was tried no longer counts. */
  async clearAttempts(id: string, events: Events = []): Promise<void> {
    const change = { $set: { 'attempts.tallies': {} }, $inc: { 'attempts.version': 1 } };
    await model.updateOne({ _id: id }, { ...change, ...alongWith(events) });
  },

  /** Replaces the tallies if nobody else changed them since they were read. */
  async countAttempts(tried: Stored, tallies: Attempts['tallies']): Promise<boolean> {
    const { version } = tried.attempts;
    const written = await model.updateOne(
      { _id: tried._id, 'attempts.version': version },
      { $set: { attempts: { version: version + 1, tallies } } },
    );
    return written.modifiedCount === 1;
  },

  /** Counts what nobody has tried since the last success; undefined where somebody has. */
  async countFirst(id: string, tallies: Attempts['tallies']): Promise<Stored | undefined> {
    const keys = Object.keys(tallies).map((key) => `attempts.tallies.${key}`);
    const absent = Object.fromEntries(keys.map((key) => [key, trusted({ $exists: false })]));
    const added = Object.fromEntries(
      Object.entries(tallies).map(([key, tally]) => [`attempts.tallies.${key}`, tally]),
    );
    const untouched: object = { _id: id, ...absent };
    const change: object = { $set: added, $inc: { 'attempts.version': 1 } };
    const counted = model.findOneAndUpdate(untouched, change, { returnDocument: 'after' });
    return (await counted.lean<Stored>().exec()) ?? undefined;
  },
});
