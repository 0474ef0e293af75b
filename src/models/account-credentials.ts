/**
 * What becomes of an account's credentials while they are used: each moves on, and one more comes.
 */
import { type Model, trusted } from 'mongoose';

import type { Way } from '../assurance/way.ts';
import { stillAs } from './account-signed-in.ts';
import { alongWith, type Events, pushing } from './audit-event.ts';
import { isDuplicate } from './duplicate.ts';
import { signingOut } from './signing-out.ts';

/** An account, as far as it matters here. */
export interface Holder {
  readonly _id: string;
  readonly credentialsVersion: number;
}

/** A credential as it was read. */
export interface Held {
  readonly id: string;
  readonly version: number;
}

/** What changes in the same write as what is added. */
interface Along {
  readonly events?: Events;
  /** Becomes the default. */
  readonly preferred?: Way | undefined;
  /** What counts no more of what was attempted, by the keys of its counters. */
  readonly uncounted?: readonly string[];
  /** By which keys know the account from now on. */
  readonly userHandle?: string | undefined;
}

/** A credential as it is after use. */
export interface Use {
  readonly data: unknown;
  /** Absent where it was changed and not used. */
  readonly at?: Date;
  readonly events?: Events;
  /** It is made anew, and so nobody has disowned it. */
  readonly isMadeAnew?: boolean;
  /** What was signed in or proved until then counts no more. */
  readonly signedOutAt?: Date;
  /** Only while nobody disabled the account or signed it out since it was read so. */
  readonly whileAs?: { readonly signedOutAt?: Date };
}

export const credentialsIn = <Stored extends Holder>(model: Model<Stored>) => ({
  /**
   * Stores a credential as it is after use, only if it still is as it was read: of two
   * uses of one code, or a use and a removal, one wins.
   */
  async moveOn(id: string, read: Held, use: Use): Promise<boolean> {
    const written = await model.updateOne(
      {
        _id: id,
        credentials: trusted({ $elemMatch: { id: read.id, version: read.version } }),
        ...(use.whileAs && stillAs(use.whileAs)),
      },
      {
        $set: {
          'credentials.$.data': use.data,
          ...(use.at && { 'credentials.$.lastUsedAt': use.at }),
          'credentials.$.version': read.version + 1,
        },
        ...(use.isMadeAnew && { $unset: { 'credentials.$.suspendedAt': 1 } }),
        ...signingOut(use.signedOutAt),
        ...alongWith(use.events ?? []),
      },
    );
    return written.modifiedCount === 1;
  },

  /** One in the place of another, in the account exactly as it was read. */
  async exchangeCredential(
    { _id, credentialsVersion }: Holder,
    { id, by }: { readonly id: string; readonly by: object | undefined },
    { events = [], preferred, uncounted = [] }: Along = {},
  ): Promise<boolean> {
    const asRead: object = {
      ...{ _id, credentialsVersion },
      credentials: trusted({ $elemMatch: { id } }),
    };
    const written = await model.updateOne(asRead, {
      $set: { 'credentials.$': by, ...(preferred && { preferred }) },
      ...counting(uncounted),
      ...alongWith(events),
    });
    return written.modifiedCount === 1;
  },

  /**
   * Adds credentials to the account exactly as it was read, so that no limit is raced past; false
   * also where one is somebody else's already.
   */
  async addCredentials(
    account: Holder,
    added: readonly object[],
    { events = [], preferred, userHandle, uncounted = [] }: Along = {},
  ): Promise<boolean> {
    const first = { ...(preferred && { preferred }), ...(userHandle && { userHandle }) };
    const written = await model
      .updateOne(
        { _id: account._id, credentialsVersion: account.credentialsVersion },
        {
          $push: { credentials: { $each: added }, ...pushing(events) },
          ...(Object.keys(first).length > 0 && { $set: first }),
          ...counting(uncounted),
        },
      )
      .catch((error: unknown) => {
        if (isDuplicate(error)) return { modifiedCount: 0 };
        throw error;
      });
    return written.modifiedCount === 1;
  },
});

/** Whoever is just counting an attempt reads again. */
const counting = (uncounted: readonly string[]): object =>
  uncounted.length === 0
    ? { $inc: { credentialsVersion: 1 } }
    : {
        $unset: Object.fromEntries(uncounted.map((key) => [`attempts.tallies.${key}`, 1])),
        $inc: { credentialsVersion: 1, 'attempts.version': 1 },
      };
