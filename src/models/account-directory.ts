/**
 * Accounts as an administrator changes them: many at a time, page by page, and always only
 * as they were read. What may be changed is decided in src/administration.
 */
import { trusted } from 'mongoose';

import type { Way } from '../assurance/way.ts';
import {
  type Account,
  type Accounts,
  completed,
  type Credential,
  normaliseIdentifier,
  type NewAccount,
  type SpentSeed,
} from './account.ts';
import { alongWith, type Events, pushing } from './audit-event.ts';
import { isDuplicate } from './duplicate.ts';
import { isDamaged, keeping, type RemovedCredential } from './removed-credential.ts';
import { signingOut } from './signing-out.ts';

export type AccountDirectory = ReturnType<typeof createAccountDirectory>;

export interface Sought {
  readonly group?: string;
  readonly role?: string;
}

/** Whatever an administrator may replace; what is undefined is removed, `signedOutAt` aside. */
export type Changes = {
  readonly [
    Key in
      | 'username'
      | 'name'
      | 'profile'
      | 'identifiers'
      | 'roles'
      | 'groups'
      | 'disabledAt'
      | 'signedOutAt'
      | 'passwordChangeDueAt'
      | 'userHandle'
      | 'preferred'
  ]?: Account[Key] | undefined;
};

/** What is added in the same write. */
interface Along {
  readonly added?: readonly Credential[];
  readonly events?: Events;
}

interface SignOut {
  readonly signedOutAt: Date;
  readonly events?: Events;
}

interface Removal extends Partial<SignOut> {
  /** What the account keeps of it, worked out from the credential as it was read. */
  readonly spentSeeds?: readonly SpentSeed[] | undefined;
  /** The default then, where it was the default. */
  readonly preferred?: Way | undefined;
  /** Kept for its owner, who may want it back. */
  readonly removed?: RemovedCredential;
}

interface Replacement extends SignOut {
  readonly data: unknown;
}

const PAGE = 500;

export function createAccountDirectory({ model }: Pick<Accounts, 'model'>) {
  return {
    /** The accounts behind this user name, in the order of user names. */
    page: ({ group, role }: Sought, after = '', most = PAGE): Promise<Account[]> =>
      model
        .find({
          username: trusted({ $gt: after }),
          ...(group !== undefined && { groups: group }),
          ...(role !== undefined && { roles: role }),
        })
        .sort({ username: 1 })
        .limit(most)
        .lean<Account[]>()
        .exec(),

    /** All of them, a page in memory at a time, however long the reader takes. */
    async *each(sought: Sought = {}): AsyncGenerator<Account> {
      let after: string | undefined;
      do {
        const page = await this.page(sought, after);
        yield* page;
        after = page.length === PAGE ? page.at(-1)?.username : undefined;
      } while (after !== undefined);
    },

    /** Whoever has one of these spellings already. */
    findTaken: (typed: readonly string[]): Promise<Account[]> =>
      model
        .find({ identifiers: trusted({ $in: typed.map(normaliseIdentifier) }) })
        .lean<Account[]>()
        .exec(),

    /** Of those of these ids that are still there. */
    async usernamesOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
      const found: Pick<Account, '_id' | 'username'>[] = [];
      for (let at = 0; at < ids.length; at += PAGE) {
        const query = model.find({ _id: trusted({ $in: ids.slice(at, at + PAGE) }) });
        found.push(...(await query.select(['username']).lean<typeof found>().exec()));
      }
      return new Map(found.map(({ _id, username }) => [_id, username]));
    },

    /** Stores new accounts in one round trip; false when any name was taken meanwhile. */
    async addAll(accounts: readonly NewAccount[]): Promise<boolean> {
      try {
        await model.collection.insertMany(
          accounts.map((account) => ({ ...completed(account) })) as never[], // ids are ours
          { ordered: false },
        );
        return true;
      } catch (error) {
        if (isDuplicate(error)) return false;
        throw error;
      }
    },

    /** Only if no credential came or went since it was read, and no other change. */
    async change(read: Account, changes: Changes, along: Along = {}): Promise<boolean> {
      const written = await model.updateOne(
        { _id: read._id, credentialsVersion: read.credentialsVersion },
        { ...replacing(changes), ...adding(along), $inc: { credentialsVersion: 1 } },
      );
      return written.modifiedCount === 1;
    },

    /** Puts new data into a credential, only if it still is as it was read. */
    async replaceCredential(
      { _id }: Account,
      read: Credential,
      { data, signedOutAt, events = [] }: Replacement,
    ): Promise<boolean> {
      const written = await model.updateOne(
        { _id, credentials: trusted({ $elemMatch: { id: read.id, version: read.version } }) },
        {
          $set: { 'credentials.$.data': data },
          ...signingOut(signedOutAt),
          $unset: overFor(read),
          $inc: { 'credentials.$.version': 1, credentialsVersion: 1 },
          ...alongWith(events),
        },
      );
      return written.modifiedCount === 1;
    },

    /** Takes a credential away, and with it what was proved by it. */
    async removeCredential(read: Account, id: string, removal: Removal): Promise<boolean> {
      const { _id, credentialsVersion } = read;
      const isExact = removal.spentSeeds !== undefined;
      const written = await model.updateOne(
        { _id, credentialsVersion, credentials: heldAsRead(read, id, isExact) },
        removing(read, id, removal),
      );
      return written.modifiedCount === 1;
    },

    /** An enrolment that has read the account before this must not be stored after it. */
    async signOut(id: string, { signedOutAt, events = [] }: SignOut): Promise<boolean> {
      const update = { ...signingOut(signedOutAt), $inc: { credentialsVersion: 1 } };
      const written = await model.updateOne({ _id: id }, { ...update, ...alongWith(events) });
      return written.matchedCount === 1;
    },

    /** Only while no event waits in it: it would be gone with the account. */
    async remove(id: string): Promise<boolean> {
      const emptied = { _id: id, 'events.0': trusted({ $exists: false }) };
      return (await model.deleteOne(emptied)).deletedCount === 1;
    },
  };
}

/** What is made anew nobody has disowned, and a new password nobody else knows. */
const overFor = ({ kind }: Credential) => ({
  'credentials.$.suspendedAt': 1,
  ...(kind === 'password' && { passwordChangeDueAt: 1 }),
});

/** Where something is left of it, a code that was used since must be known to that. */
function heldAsRead({ credentials }: Account, id: string, isExact: boolean) {
  const version = credentials.find((one) => one.id === id)?.version;
  return trusted({ $elemMatch: isExact ? { id, version } : { id } });
}

function removing(
  account: Account,
  id: string,
  { signedOutAt, spentSeeds, preferred, removed, events = [] }: Removal,
): object {
  const isDefault = account.preferred?.credential === id;
  const isAlone = isDamaged(account);
  const pushed = { ...(removed && !isAlone && keeping(removed)), ...pushing(events) };
  return {
    $pull: { credentials: { id } },
    ...replacing({
      signedOutAt,
      ...(spentSeeds && { spentSeeds }),
      ...(isDefault && { preferred }),
      ...(removed && isAlone && { removedCredentials: [removed] }),
      // A browser may have been trusted by what goes.
      trustedBrowsers: undefined,
    }),
    ...(Object.keys(pushed).length > 0 && { $push: pushed }),
    $inc: { credentialsVersion: 1 },
  };
}

/** What goes with a credential. */
type Gone = {
  readonly [Key in 'spentSeeds' | 'trustedBrowsers' | 'removedCredentials']?:
    Account[Key] | undefined;
};

function replacing({ signedOutAt, ...changes }: Changes & Gone): object {
  const entries = Object.entries(changes);
  const $set = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  const gone = entries.filter(([, value]) => value === undefined).map(([key]) => [key, 1]);
  return {
    ...signingOut(signedOutAt),
    ...(Object.keys($set).length > 0 && { $set }),
    ...(gone.length > 0 && { $unset: Object.fromEntries(gone) as object }),
  };
}

function adding({ added = [], events = [] }: Along): object {
  const $push = { ...(added.length > 0 && { credentials: { $each: added } }), ...pushing(events) };
  return Object.keys($push).length > 0 ? { $push } : {};
}
