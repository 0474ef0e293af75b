/**
 * Browsers in which an account's second step is not asked again for a while, as they are kept in
 * the account. Each has a number that its cookie knows and that every use raises, so that a copy of
 * the cookie is found out; what is over is judged when it is read.
 */
import { type Model, trusted } from 'mongoose';
import { z } from 'zod';

import { secondsAfter } from '../lib/clock.ts';
import { type Events, pushing } from './audit-event.ts';

const shape = z.object({
  id: z.string(),
  number: z.int(),
  /** `Firefox, Windows`; absent where nobody knows it. */
  browser: z.string().exactOptional(),
  /** When the second step was given that is not asked again. */
  provedAt: z.date(),
  lastUsedAt: z.date(),
  until: z.date(),
});

export type TrustedBrowser = Readonly<z.infer<typeof shape>>;

/** A document with such a list, which somebody may have damaged. */
interface Holder {
  readonly _id: string;
  readonly trustedBrowsers?: unknown;
  readonly signedOutAt?: Date;
}

interface Judging {
  readonly now: Date;
  /** For how long policy trusts them by now; 0: none. */
  readonly days: number;
}

const DAY_SECONDS = 24 * 60 * 60;

export const MOST_TRUSTED_BROWSERS = 10;

/** Those that are still good: neither too old nor from before a sign-out everywhere. */
export const trustedIn = (
  { trustedBrowsers, signedOutAt }: Omit<Holder, '_id'>,
  { now, days }: Judging,
): readonly TrustedBrowser[] =>
  listIn(trustedBrowsers).filter(
    ({ provedAt, until }) =>
      until > now &&
      secondsAfter(provedAt, days * DAY_SECONDS) > now &&
      !(signedOutAt && provedAt <= signedOutAt),
  );

/** All that can be read, however good they are just now: policy may make them so again. */
export const storedIn = ({ trustedBrowsers }: Pick<Holder, 'trustedBrowsers'>) =>
  listIn(trustedBrowsers);

const listIn = (stored: unknown): readonly TrustedBrowser[] =>
  (Array.isArray(stored) ? (stored as unknown[]) : []).flatMap(
    (one) => shape.safeParse(one).data ?? [],
  );

/** What becomes of it at the end of a sign-in. */
export type TrustChange =
  /** In place of the one that this browser had. */
  | { readonly begins: TrustedBrowser; readonly replaces?: string | undefined }
  /** As it was read. `isRaised`: this is a use of its own, and no second one of the same moment. */
  | { readonly uses: Pick<TrustedBrowser, 'id' | 'number'>; readonly isRaised: boolean };

/** The parts of a conditional write. */
interface Parts {
  readonly filter?: object;
  readonly $set?: object;
  readonly $inc?: object;
  readonly $push?: object;
}

const held = (id: string) => ({ trustedBrowsers: trusted({ $elemMatch: { id } }) });

/** What the write that ends a sign-in must find, and changes. */
export function partsOf(change: TrustChange, { trustedBrowsers }: Holder, at: Date): Parts {
  if ('uses' in change) {
    const { id, number } = change.uses;
    const filter = { trustedBrowsers: trusted({ $elemMatch: { id, number } }) };
    if (!change.isRaised) return { filter };
    const $set = { 'trustedBrowsers.$.lastUsedAt': at };
    return { filter, $set, $inc: { 'trustedBrowsers.$.number': 1 } };
  }
  const { begins, replaces } = change;
  if (replaces !== undefined) {
    return { filter: held(replaces), $set: { 'trustedBrowsers.$': begins } };
  }
  const isDamaged = trustedBrowsers !== undefined && !Array.isArray(trustedBrowsers);
  if (isDamaged) return { $set: { trustedBrowsers: [begins] } };
  const $slice = -MOST_TRUSTED_BROWSERS;
  return {
    $push: { trustedBrowsers: { $each: [begins], $sort: { lastUsedAt: 1 }, $slice } },
  };
}

export const trustsIn = <Stored extends Holder>(model: Model<Stored>) => ({
  /** False where none of these is there any more. */
  async endTrust(_id: string, ids: readonly string[], events: Events = []): Promise<boolean> {
    const filter: object = { _id, 'trustedBrowsers.id': trusted({ $in: [...ids] }) };
    const $pull = { trustedBrowsers: { id: { $in: [...ids] } } };
    const $push = pushing(events);
    const change: object = { $pull, ...(events.length > 0 && { $push }) };
    return (await model.updateOne(filter, change)).modifiedCount === 1;
  },
});
