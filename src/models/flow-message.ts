/**
 * The messages that ride in a flow, in the write that promised them: leased by whoever sends
 * them, and dropped once they are sent.
 */
import { type Model, trusted } from 'mongoose';

import type { Change } from './model.ts';

/** A message that was promised; what it says is sealed, because it may hold a code. */
export interface Pending {
  readonly id: string;
  readonly challenge: string;
  readonly channel: 'sms' | 'push';
  readonly sealed: string;
  readonly tries: number;
  /** Nobody else may send it before. */
  readonly leasedUntil: Date;
  /** Never sent later than this. */
  readonly expiresAt: Date;
}

/** A document that messages ride in. */
interface Carrying {
  readonly _id: string;
  readonly pending: readonly Pending[];
}

export const messagesIn = <Stored extends Carrying>(
  model: Model<Stored>,
  change: Change<Stored>,
) => ({
  /** Flows with a message whose sender has gone quiet. */
  withDueMessages: (now: Date, most: number): Promise<Stored[]> =>
    model
      .find({ 'pending.leasedUntil': trusted({ $lte: now }) })
      .limit(most)
      .lean<Stored[]>()
      .exec(),

  /** Takes a message for sending; of two processes that try, one gets it. */
  lease: (uid: string, item: Pending, until: Date): Promise<Stored | undefined> =>
    change(
      {
        _id: uid,
        pending: trusted({ $elemMatch: { id: item.id, leasedUntil: item.leasedUntil } }),
      },
      { $set: { 'pending.$.leasedUntil': until }, $inc: { 'pending.$.tries': 1 } },
    ),

  /** Not sent yet: whoever sweeps next after this may try. */
  postpone: (uid: string, id: string, until: Date): Promise<Stored | undefined> =>
    change({ _id: uid, 'pending.id': id }, { $set: { 'pending.$.leasedUntil': until } }),

  /** Sent, or never to be sent. */
  dropMessage: <One extends Stored>({ _id }: One, id: string): Promise<One | undefined> =>
    change({ _id }, { $pull: { pending: { id } } }) as Promise<One | undefined>,

  /** The person waits for something that did not leave; the page says so. */
  markUndelivered: <One extends Stored>({ _id }: One, challengeId: string) =>
    change(
      { _id, 'challenge.id': challengeId },
      { $set: { 'challenge.undelivered': true }, $inc: { version: 1 } },
    ) as Promise<One | undefined>,
});
