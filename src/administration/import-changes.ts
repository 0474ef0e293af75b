/**
 * What a line of an import means for whoever is there already: whether it is theirs, and what of
 * it differs.
 */
import { isDeepStrictEqual } from 'node:util';

import type { Changes } from '../models/account-directory.ts';
import { type Account, identifiersOf, normaliseIdentifier } from '../models/account.ts';
import type { Imported, ReadLine } from './import-line.ts';
import type { NewCredential, NewPerson } from './new-account.ts';
import { datedAfter, hasPassword, profileAfter } from './person.ts';
import { Refusal } from './refusal.ts';

/** Of those who have its names; throws Refusal unless it is theirs alone. */
export function ownerOf({ said, person, isCleaned }: ReadLine, owners: readonly Account[]) {
  const [owner] = owners;
  if (!owner) return undefined;
  const isSame = normaliseIdentifier(owner.username) === normaliseIdentifier(person.username);
  if (owners.length > 1 || !isSame) {
    throw new Refusal('line-names-taken', { names: ['username', 'email'] });
  }
  // Elsewhere these were two names, and may have been two people.
  const isMerged = isCleaned && said.id !== owner._id;
  return { owner, isMerged };
}

interface Line {
  readonly said: Imported;
  readonly person: NewPerson;
  readonly now: Date;
}

export interface Update {
  readonly changes: Changes;
  /** Of kinds that the account has none of. */
  readonly missing: readonly NewCredential[];
}

/** Undefined where nothing differs. */
export function updateBy(read: Account, line: Line): Update | undefined {
  const changes = changesFor(read, line);
  const held = new Set(read.credentials.map(({ kind }) => kind));
  const isKnown = isKnownBy(read, line.person);
  const missing = line.person.credentials
    .filter(({ kind }) => !held.has(kind))
    .filter(({ kind }) => isKnown || kind !== 'security-key');
  const isSame = Object.keys(changes).length === 0 && missing.length === 0;
  return isSame ? undefined : { changes, missing };
}

/** Keys that know the account by another handle would never be right. */
const isKnownBy = (read: Account, { userHandle }: NewPerson): boolean =>
  read.userHandle === undefined || userHandle === undefined || userHandle === read.userHandle;

/** Only what the line says, and only where that differs. */
function changesFor(read: Account, { said, person, now }: Line): Changes {
  const profile = datedAfter(read.profile, profileAfter(read.profile, said), now);
  const { passwordChangeDueAt: due } = person;
  const wanted: Changes = {
    ...(said.name !== undefined && { name: said.name }),
    profile,
    identifiers: identifiersOf({ username: read.username, profile }),
    ...(said.roles && { roles: said.roles }),
    ...(said.groups && { groups: said.groups }),
    ...(said.disabled === true && !read.disabledAt && { disabledAt: now, signedOutAt: now }),
    ...(said.disabled === false && { disabledAt: undefined }),
    // Theirs, where they have one: keys that are there know them by it.
    ...(read.userHandle === undefined &&
      person.userHandle !== undefined && { userHandle: person.userHandle }),
    // It is about the password that the line brings, and not about one that is there.
    ...(!hasPassword(read) && due && { passwordChangeDueAt: due }),
  };
  const differing = Object.entries(wanted).filter(
    ([key, value]) => !isDeepStrictEqual(value, read[key as keyof Account]),
  );
  return Object.fromEntries(differing);
}
