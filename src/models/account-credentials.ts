/**
 * What becomes of an account's credentials while they are used: each moves on, and one more comes.
 */
import { type Model, trusted } from 'mongoose';

import type { Way } from '../assurance/way.ts';
import { stillAs } from './account-signed-in.ts';
import { alongWith, type Events, pushing } from './audit-event.ts';
import { isDuplicate } from './duplicate.ts';
import { isDamaged, keeping, type RemovedCredential } from './removed-credential.ts';
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

/** What is left of one in whose place another one comes. */
export interface Retired {
  readonly removed: RemovedCredential;
  /** Of its seed, where it is an app. */
  readonly spentSeeds?: readonly object[] | undefined;
}

interface Retiring {
  readonly retired?: Retired | undefined;
  /** What was signed in or proved until then counts no more. */
  readonly signedOutAt?: Date;
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
    account: Holder & { readonly removedCredentials?: unknown },
    { read, by }: { readonly read: Held; readonly by: object | undefined },
    { events = [], preferred, retired, uncounted = [], signedOutAt }: Along & Retiring = {},
  ): Promise<boolean> {
    const { _id, credentialsVersion } = account;
    const { id, version } = read;
    const { removed, spentSeeds } = retired ?? {};
    const isAlone = isDamaged(account);
    const asRead: object = {
      ...{ _id, credentialsVersion },
      // What is left of it must know of a code that was used since.
      credentials: trusted({ $elemMatch: spentSeeds ? { id, version } : { id } }),
    };
    const counted = counting(uncounted);
    // A browser may have been trusted by what goes.
    const $unset = { ...counted.$unset, ...(retired && { trustedBrowsers: 1 as const }) };
    const change: object = {
      $set: {
        ...{ 'credentials.$': by, ...(preferred && { preferred }) },
        ...(spentSeeds && { spentSeeds }),
        ...(removed && isAlone && { removedCredentials: [removed] }),
      },
      ...signingOut(signedOutAt),
      $inc: counted.$inc,
      ...(Object.keys($unset).length > 0 && { $unset }),
      $push: { ...(removed && !isAlone && keeping(removed)), ...pushing(events) },
    };
    return (await model.updateOne(asRead, change)).modifiedCount === 1;
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

interface Counting {
  readonly $inc: Readonly<Record<string, number>>;
  readonly $unset?: Readonly<Record<string, 1>>;
}

/** Whoever is just counting an attempt reads again. */
const counting = (uncounted: readonly string[]): Counting =>
  uncounted.length === 0
    ? { $inc: { credentialsVersion: 1 } }
    : {
        $unset: Object.fromEntries(uncounted.map((key) => [`attempts.tallies.${key}`, 1 as const])),
        $inc: { credentialsVersion: 1, 'attempts.version': 1 },
      };
