/**
 * The messages that ride in a flow, in the write that promised them: the same leased queue as
 * of what has a collection of its own, but that the flow says how it went with its message.
 */
import { type Model, trusted } from 'mongoose';

import type { Outcome, Queued, QueueStore } from '../lib/leased-queue.ts';
import type { Change } from './model.ts';

/** A message that was promised; what it says is sealed, because it may hold a code. */
export interface Pending extends Queued {
  readonly id: string;
  readonly challenge: string;
  readonly channel: 'sms' | 'voice' | 'push' | 'mail';
  readonly sealed: string;
  /** Nobody else may send it before. */
  readonly leasedUntil: Date;
}

/** A document that messages ride in. */
interface Carrying {
  readonly _id: string;
  readonly pending: readonly Pending[];
  readonly challenge?: { readonly undelivered?: true };
}

/** A message with the flow that it rides in. */
export type Riding<Stored> = Pending & { readonly flow: Stored };

const ridingIn = <Stored extends Carrying>(flow: Stored): Riding<Stored>[] =>
  flow.pending.map((item) => ({ ...item, flow }));

export const messagesIn = <Stored extends Carrying>(
  model: Model<Stored>,
  change: Change<Stored>,
): QueueStore<Riding<Stored>, Stored | undefined> => ({
  async due(now, most) {
    const flows = await model
      .find({ 'pending.leasedUntil': trusted({ $lte: now }) })
      .limit(most)
      .lean<Stored[]>()
      .exec();
    return flows.flatMap(ridingIn).filter(({ leasedUntil }) => leasedUntil <= now);
  },

  async lease(item, until) {
    const flow = await change(
      { _id: item.flow._id, pending: leasedAs(item) },
      { $set: { 'pending.$.leasedUntil': until }, $inc: { 'pending.$.tries': 1 } },
    );
    return flow && ridingIn(flow).find(({ id }) => id === item.id);
  },

  postpone: (item, until) =>
    change(
      { ...whoWaitsFor(item), pending: leasedAs(item) },
      {
        $set: { ...UNDELIVERED, 'pending.$.leasedUntil': until, 'pending.$.tries': item.tries },
        $inc: { version: 1 },
      },
    ),

  // A challenge that is over meanwhile is told nothing; then its message is unwanted, and swept.
  drop(item, why) {
    const $pull = { pending: { id: item.id } };
    const isNews = why === 'sent' ? item.flow.challenge?.undelivered : why !== 'unwanted';
    if (!isNews) return change({ _id: item.flow._id }, { $pull });
    const told = why === 'sent' ? { $unset: OPTED_OUT } : { $set: whySaid(why) };
    return change(whoWaitsFor(item), { $pull, ...told, $inc: { version: 1 } });
  },
});

/** The person waits for something that did not leave; the page says so. */
const UNDELIVERED = { 'challenge.undelivered': true };
const OPTED_OUT = { ...UNDELIVERED, 'challenge.undeliveredBecause': 'opted-out' } as const;

const whySaid = (why: Outcome) => (why === 'opted-out' ? OPTED_OUT : UNDELIVERED);

const whoWaitsFor = ({ flow, challenge }: Riding<Carrying>) => ({
  _id: flow._id,
  'challenge.id': challenge,
});

const leasedAs = ({ id, leasedUntil }: Pending) => trusted({ $elemMatch: { id, leasedUntil } });
