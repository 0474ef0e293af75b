/**
 * Who signs in. An account and its credentials are one document, so that whatever is
 * checked, counted and spent changes in one conditional write.
 */
import { type Connection, trusted } from 'mongoose';

import type { Way } from '../assurance/way.ts';
import { visible } from '../lib/visible.ts';
import { credentialsIn } from './account-credentials.ts';
import { passwordIn } from './account-password.ts';
import { accountSchema } from './account-schema.ts';
import { signedInIn } from './account-signed-in.ts';
import { type Admission, admissionsIn } from './admission.ts';
import { alongWith, type Carrier, carriersOf, type Events } from './audit-event.ts';
import { type Attempts, attemptsIn, type Counters, noAttempts } from './counter.ts';
import { type Disowned, disownedIn } from './disowned.ts';
import { modelOf } from './model.ts';
import { nobodysDocument, soundOrNobody } from './nobody.ts';
import type { Profile } from './profile.ts';
import { registrationsIn } from './registration.ts';
import { soundAccount } from './sound-account.ts';
import { type RemovedCredential, removalsIn } from './removed-credential.ts';
import { type TrustedBrowser, trustsIn } from './trusted-browser.ts';

export interface Credential {
  readonly id: string;
  readonly kind: string;
  /** Its kind's own record; read through the kind's schema, never directly. */
  readonly data: unknown;
  /** Raised by every change of `data`, so that no change is based on an old reading. */
  readonly version: number;
  readonly addedAt: Date;
  readonly lastUsedAt?: Date;
  /** Its owner said that it is not theirs: it proves nothing until somebody lifts that. */
  readonly suspendedAt?: Date;
}

/** What is left of an authenticator app's seed that was removed. */
export interface SpentSeed {
  readonly digest: string;
  /** The newest time step that was accepted. */
  readonly lastStep: number;
  readonly until: Date;
}

export interface Account extends Carrier {
  readonly username: string;
  readonly name: string;
  readonly profile: Profile;
  /** Every spelling that signs in: normalised user name and mail address. */
  readonly identifiers: readonly string[];
  readonly roles: readonly string[];
  readonly groups: readonly string[];
  readonly disabledAt?: Date;
  /** What was signed in or proved before counts no more. */
  readonly signedOutAt?: Date;
  /** Since when somebody else may know the password: it opens nothing but its own change. */
  readonly passwordChangeDueAt?: Date;
  readonly credentials: readonly Credential[];
  /** By which keys know the account (WebAuthn §5.4.3): 256 random bits, made with its first key. */
  readonly userHandle?: string;
  /** Raised whenever a credential comes or goes. */
  readonly credentialsVersion: number;
  /** Of removed seeds, for as long as one of their codes may be shown again. */
  readonly spentSeeds?: readonly SpentSeed[];
  /** What sign-in begins with, where its owner wants something else than the strongest. */
  readonly preferred?: Way;
  readonly attempts: Attempts;
  /** Where sign-ins were finished lately, as digests; these are never locked out by strangers. */
  readonly known: { readonly networks: readonly string[]; readonly browsers: readonly string[] };
  /** Browsers that asked to be let in while others guess, and may have been. */
  readonly admissions?: readonly Admission[];
  /** Where the second step is not asked again for a while; some may be over (trusted-browser.ts). */
  readonly trustedBrowsers?: readonly TrustedBrowser[];
  /** What their owner took away lately (removed-credential.ts). */
  readonly removedCredentials?: readonly RemovedCredential[];
  /** Changes that they said were not theirs (disowned.ts). */
  readonly disowned?: readonly Disowned[];
  /** What they said when they were asked to register (registration.ts). */
  readonly registration?: unknown;
  readonly createdAt: Date;
  readonly lastSignInAt?: Date;
}

export type Accounts = ReturnType<typeof createAccounts>;

/** For whoever works out what an account could do, and drops what comes of it. */
export const standIn = nobodysDocument as Account; // as most are stored

/** The longest mail address (RFC 5321 §4.5.3.1): 64, the @ and 255. */
export const LONGEST_IDENTIFIER = 320;

/**
 * One person however they are spelt: case, width, surrounding space, signs that nobody
 * sees. Much as NFKC_Casefold (UAX #15) does it.
 */
export const normaliseIdentifier = (typed: string): string =>
  visible(typed.normalize('NFKC')).toLowerCase().normalize('NFKC');

export function createAccounts(connection: Connection) {
  const model = modelOf<Account>(connection, 'Account', accountSchema);

  const attempts = attemptsIn(model);

  return {
    model,
    ...carriersOf(model),
    ...attempts,
    ...credentialsIn(model),
    ...passwordIn(model),
    ...admissionsIn(model),
    ...signedInIn(model),
    ...trustsIn(model),
    ...removalsIn(model),
    ...disownedIn(model),
    ...registrationsIn(model),
    countFirst: async (id: string, tallies: Counters) =>
      soundAccount(await attempts.countFirst(id, tallies)),

    /** Throws what `isDuplicate` recognises when an identifier is taken. */
    async create(account: NewAccount): Promise<Account> {
      const complete = completed(account);
      await model.insertOne(complete);
      return complete;
    },

    /** Nobody, for no id: a sign-in may not know yet whose it is. */
    async findById(id: string | undefined): Promise<Account | undefined> {
      if (id === undefined) return undefined;
      return soundOrNobody(await model.findById(id).lean<Account>().exec());
    },

    /** Nobody, for none: an answer need not name anybody. */
    async findByUserHandle(userHandle: string | undefined): Promise<Account | undefined> {
      if (userHandle === undefined) return undefined;
      return soundOrNobody(await model.findOne({ userHandle }).lean<Account>().exec());
    },

    /** Whether somebody has this key, by the id under which browsers list it. */
    async holdsKey(credentialId: string): Promise<boolean> {
      const held = { 'credentials.data.credentialId': credentialId };
      return (await model.findOne(held).select(['_id']).lean().exec()) !== null;
    },

    async findByIdentifier(typed: string): Promise<Account | undefined> {
      const identifiers = normaliseIdentifier(typed);
      return soundOrNobody(await model.findOne({ identifiers }).lean<Account>().exec());
    },

    /** Those of these names that sign somebody in. */
    async namesInUse(typed: readonly string[]): Promise<readonly string[]> {
      if (typed.length === 0) return [];
      const identifiers = trusted({ $in: typed.map(normaliseIdentifier) });
      const query = model.find({ identifiers }).select(['identifiers']);
      const found = await query.lean<Pick<Account, 'identifiers'>[]>().exec();
      const inUse = new Set(found.flatMap((account) => account.identifiers));
      return typed.filter((name) => inUse.has(normaliseIdentifier(name)));
    },

    async setDisabled(id: string, disabledAt?: Date, events: Events = []): Promise<boolean> {
      const change = disabledAt ? { $set: { disabledAt } } : { $unset: { disabledAt: 1 } };
      const written = await model.updateOne({ _id: id }, { ...change, ...alongWith(events) });
      return written.matchedCount === 1;
    },
  };
}

export type NewAccount = Omit<
  Account,
  'identifiers' | 'credentialsVersion' | 'attempts' | 'known' | 'lastSignInAt'
>;

/** As it is stored when nothing has happened to it yet. */
export const completed = (account: NewAccount): Account => ({
  ...account,
  identifiers: identifiersOf(account),
  credentialsVersion: 0,
  attempts: noAttempts,
  known: { networks: [], browsers: [] },
});

export function identifiersOf({
  username,
  profile,
}: Pick<Account, 'username' | 'profile'>): string[] {
  const spellings = [username, ...(profile.email === undefined ? [] : [profile.email])];
  return [...new Set(spellings.map(normaliseIdentifier))];
}
