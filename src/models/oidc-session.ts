/**
 * Sessions among what oidc-provider keeps: found by the id in a cookie, and ended by their account.
 */
import { type Model, trusted } from 'mongoose';

import { digestOf } from '../lib/codes.ts';

/** A record, as far as it matters here. */
interface Identified {
  readonly _id: string;
}

interface KeptSessions {
  /** How many of the newest. */
  readonly kept: number;
  /** And this record, however old. */
  readonly one?: string | undefined;
}

/** At a time: more than sign-ins that race each other can add. */
const MOST_ENDED = 100;

export const sessionsIn = <Stored extends Identified>(model: Model<Stored>) => ({
  /** By the id that a cookie says. */
  async findSession(id: string): Promise<Stored | undefined> {
    const found = model.findOne({ handle: digestOf(id) }).lean<Stored>();
    return (await found.exec()) ?? undefined;
  },

  /** Keeps the newest sessions of an account, and one by its record, and returns those ended. */
  async endOldestSessions(accountId: string, { kept, one = '' }: KeptSessions): Promise<Stored[]> {
    const tooMany = await model
      .find({ signedIn: accountId, _id: trusted({ $ne: one }) })
      .sort({ signedInAt: -1 })
      .skip(kept)
      .limit(MOST_ENDED)
      .lean<Stored[]>()
      .exec();
    // One by one, and only what was deleted: two that meet here must not both report it.
    const ended = await Promise.all(
      tooMany.map(async ({ _id }) => (await model.deleteOne({ _id })).deletedCount === 1),
    );
    return tooMany.filter((_, index) => ended[index]);
  },

  /** What a session proved, where all that was proved before counts no more. */
  async reprove(_id: string, proofs: unknown): Promise<boolean> {
    return (await model.updateOne({ _id }, { $set: { proofs } })).matchedCount === 1;
  },
});
