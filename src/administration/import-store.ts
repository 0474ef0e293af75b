/**
 * Stores a batch of an import. Safe to run again: who is there already is left alone, or
 * brought up to date where that is asked for.
 *
 * Why so: a password or method that somebody has here is theirs. An update adds what is missing
 * and changes what administrators decide, but never puts an old secret back.
 */
import { isDeepStrictEqual } from 'node:util';

import type { Changes } from '../models/account-directory.ts';
import {
  type Account,
  identifiersOf,
  type NewAccount,
  normaliseIdentifier,
} from '../models/account.ts';
import { isDuplicate } from '../models/duplicate.ts';
import type { AccountDeps } from './deps.ts';
import { createdTold, updateTold } from './import-events.ts';
import type { Imported } from './import-line.ts';
import { newAccount, newCredential, type NewPerson } from './new-account.ts';
import { datedAfter, hasPassword, profileAfter } from './person.ts';
import { isRefusal, Refusal, untilWritten } from './refusal.ts';

export type Outcome = 'added' | 'updated' | 'unchanged' | 'refused';

export type OnRefused = (line: number, refusal: Refusal) => void;

export interface Entry {
  readonly line: number;
  readonly said: Imported;
  readonly person: NewPerson;
  readonly identifiers: readonly string[];
  readonly isCleaned: boolean;
}

export function createImportStore(deps: AccountDeps) {
  const { accounts, directory, telling, endSessions } = deps;

  return async function store(
    entries: readonly Entry[],
    update: boolean,
    onRefused: OnRefused,
  ): Promise<Outcome[]> {
    if (entries.length === 0) return [];
    const taken = await directory.findTaken(entries.flatMap(({ identifiers }) => identifiers));
    const owners = new Map(taken.flatMap((owner) => owner.identifiers.map((id) => [id, owner])));
    const isNew = ({ identifiers }: Entry): boolean => !identifiers.some((id) => owners.has(id));

    const fresh = entries.filter(isNew);
    const made = fresh.map(({ person }) => withEvent(person));
    const isStored = fresh.length === 0 || (await directory.addAll(made));
    const outcomes: Outcome[] = isStored ? made.map(added) : [];

    const rest = isStored ? entries.filter((entry) => !isNew(entry)) : entries;
    const ids = new Set(made.map(({ _id }) => _id));
    for (const entry of rest) {
      try {
        outcomes.push(await storeOne(entry, update, ids));
      } catch (error) {
        if (!isRefusal(error)) throw error;
        onRefused(entry.line, error);
        outcomes.push('refused');
      }
    }
    return outcomes;
  };

  /** `ids` are those that this import may just have stored, before it was told of a clash. */
  async function storeOne(
    { said, person, identifiers, isCleaned }: Entry,
    update: boolean,
    ids: ReadonlySet<string>,
  ): Promise<Outcome> {
    const owners = await directory.findTaken(identifiers);
    const [owner] = owners;
    try {
      if (!owner) {
        return added(await accounts.create(withEvent(person)));
      }
      const isSame = normaliseIdentifier(owner.username) === normaliseIdentifier(person.username);
      if (owners.length > 1 || !isSame) {
        throw new Refusal('line-names-taken', { names: ['username', 'email'] });
      }
      if (ids.has(owner._id)) return added(owner);
      // Elsewhere these were two names, and may have been two people.
      if (isCleaned && said.id !== owner._id) throw new Refusal('line-username-merged');
      return update ? await bringUpToDate(owner.username, said, person) : 'unchanged';
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      throw new Refusal('line-names-taken', { names: ['id', 'username', 'email'] });
    }
  }

  function withEvent(person: NewPerson): NewAccount {
    const made = newAccount(person, deps);
    return { ...made, events: [createdTold(telling, made)] };
  }

  function added({ _id, events = [] }: Pick<Account, '_id' | 'events'>): Outcome {
    telling.happened(_id, events);
    return 'added';
  }

  async function bringUpToDate(
    username: string,
    said: Imported,
    person: NewPerson,
  ): Promise<Outcome> {
    let outcome: Outcome = 'unchanged';
    const { _id: id, disabledAt } = await untilWritten(
      async () => {
        const account = await accounts.findByIdentifier(username);
        if (account) return account;
        throw new Refusal('line-account-gone');
      },
      async (read) => {
        const changes = changesFor(read, { said, person, now: deps.clock.now() });
        const held = new Set(read.credentials.map(({ kind }) => kind));
        const missing = person.credentials.filter(({ kind }) => !held.has(kind));
        if (Object.keys(changes).length === 0 && missing.length === 0) return true;
        outcome = 'updated';
        const fresh = missing.map((credential) => newCredential(read, credential, deps));
        return telling.with(
          read._id,
          updateTold(telling, { read, changes, added: fresh }),
          (events) => directory.change(read, changes, { added: fresh, events }),
        );
      },
    );
    if (said.disabled === true && !disabledAt) await endSessions(id);
    return outcome;
  }
}

interface Line {
  readonly said: Imported;
  readonly person: NewPerson;
  readonly now: Date;
}

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
    // It is about the password that the line brings, and not about one that is there.
    ...(!hasPassword(read) && due && { passwordChangeDueAt: due }),
  };
  const differing = Object.entries(wanted).filter(
    ([key, value]) => !isDeepStrictEqual(value, read[key as keyof Account]),
  );
  return Object.fromEntries(differing);
}
