/**
 * Credentials that their owner removed. Sealed, they stay in the account for three days, so that a
 * removal by somebody else can be undone; they count in no limit and in no index. What is over is
 * judged when it is read, and erased by a broom.
 */
import { type Model, mongo, trusted } from 'mongoose';
import { z } from 'zod';

import type { Way } from '../assurance/way.ts';
import { secondsAfter } from '../lib/clock.ts';
import { type Events, pushing } from './audit-event.ts';

export type RemovedCredential = Readonly<z.infer<typeof shape>>;

/** A credential as it was, less what is sealed of it. */
const shape = z.object({
  id: z.string(),
  kind: z.string(),
  addedAt: z.date(),
  lastUsedAt: z.date().exactOptional(),
  version: z.int(),
  suspendedAt: z.date().exactOptional(),
  /** Its data. */
  sealed: z.string(),
  removedAt: z.date(),
  erasedAt: z.date(),
  /** The record of the session in which it was removed, and may be brought back at once. */
  session: z.string(),
  /** Its owner said that they did not remove it: they may bring it back as long as it is kept. */
  contestedAt: z.date().exactOptional(),
  /** What sign-in began with, if it was this. */
  preferred: z.object({ method: z.string(), credential: z.string() }).exactOptional(),
});

/** An account, as far as it matters here. */
interface Holder {
  readonly _id: string;
  readonly credentialsVersion: number;
}

interface Restored {
  readonly credential: object;
  readonly preferred?: Way | undefined;
  readonly events?: Events;
}

const KEPT_SECONDS = 3 * 24 * 60 * 60;
const MOST_SWEPT = 100;
/** More than anybody has of all kinds. */
const MOST_KEPT = 30;

export const erasedAfter = (removedAt: Date): Date => secondsAfter(removedAt, KEPT_SECONDS);

/**
 * One more, for an update that pushes. Of too many, those go that were added last: whoever adds and
 * deletes in a loop neither fills the account nor pushes its owner's out.
 */
export const keeping = (removed: RemovedCredential) => ({
  removedCredentials: { $each: [removed], $sort: { addedAt: 1 }, $slice: MOST_KEPT },
});

/** Whether somebody damaged the list itself: nothing can be added to it then. */
export const isDamaged = ({
  removedCredentials: stored,
}: {
  readonly removedCredentials?: unknown;
}): boolean => stored !== undefined && !Array.isArray(stored);

/** What is sealed of one: dates and bytes stay what they are. */
export const textOf = (data: unknown): string => mongo.BSON.EJSON.stringify({ data });

export const dataIn = (text: string): unknown =>
  (mongo.BSON.EJSON.parse(text) as { readonly data: unknown }).data; // written by textOf

/** Those that can be brought back, whatever is stored beside them. */
export const removedIn = (
  { removedCredentials }: { readonly removedCredentials?: unknown },
  now: Date,
): readonly RemovedCredential[] =>
  (Array.isArray(removedCredentials) ? (removedCredentials as unknown[]) : [])
    .flatMap((one) => shape.safeParse(one).data ?? [])
    .filter(({ erasedAt }) => erasedAt > now);

/** Whether the account has it, or had it until this very session took it away. */
export const isHeldIn = (
  account: Parameters<typeof removedIn>[0] & {
    readonly credentials: readonly { readonly id: string }[];
  },
  credential: string,
  { session, now }: { readonly session: string | undefined; readonly now: Date },
): boolean =>
  account.credentials.some(({ id }) => id === credential) ||
  removedIn(account, now).some((one) => one.id === credential && one.session === session);

export const removalsIn = <Stored extends Holder>(model: Model<Stored>) => ({
  /** Back to the account exactly as it was read, if nobody brought it back meanwhile. */
  async restoreCredential(
    { _id, credentialsVersion }: Holder,
    id: string,
    { credential, preferred, events = [] }: Restored,
  ): Promise<boolean> {
    const asRead: object = {
      ...{ _id, credentialsVersion },
      removedCredentials: trusted({ $elemMatch: { id } }),
    };
    const change: object = {
      $push: { credentials: credential, ...pushing(events) },
      $pull: { removedCredentials: { id } },
      ...(preferred && { $set: { preferred } }),
      $inc: { credentialsVersion: 1 },
    };
    return (await model.updateOne(asRead, change)).modifiedCount === 1;
  },

  /** Those whose time is over, in as many accounts as go at once. */
  async eraseRemoved(now: Date): Promise<void> {
    const over = { 'removedCredentials.erasedAt': trusted({ $lte: now }) };
    const query = model
      .find(over as object)
      .select(['_id'])
      .limit(MOST_SWEPT);
    const found = await query.lean<Holder[]>().exec();
    const $pull: object = { removedCredentials: { erasedAt: { $lte: now } } };
    for (const { _id } of found) await model.updateOne({ _id } as object, { $pull });
  },
});
