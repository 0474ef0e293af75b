/**
 * Stores a batch of an import. Safe to run again: who is there already is left alone, or
 * brought up to date where that is asked for.
 *
 * Why so: a password or method that somebody has here is theirs. An update adds what is missing
 * and changes what administrators decide, but never puts an old secret back.
 */
import type { Account, NewAccount } from '../models/account.ts';
import { isDuplicate } from '../models/duplicate.ts';
import type { AccountDeps } from './deps.ts';
import { ownerOf, updateBy } from './import-changes.ts';
import { createdTold, updateTold } from './import-events.ts';
import type { ReadLine } from './import-line.ts';
import { newAccount, newCredential, type NewPerson } from './new-account.ts';
import { isRefusal, Refusal, untilWritten } from './refusal.ts';

export type Outcome = 'added' | 'updated' | 'unchanged' | 'refused';

export type OnRefused = (line: number, refusal: Refusal) => void;

export interface Entry extends ReadLine {
  readonly line: number;
  readonly identifiers: readonly string[];
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
    const ids = new Map(fresh.map((entry, at) => [entry, made[at]?._id]));
    for (const entry of rest) {
      try {
        outcomes.push(await storeOne(entry, update, ids.get(entry)));
      } catch (error) {
        if (!isRefusal(error)) throw error;
        onRefused(entry.line, error);
        outcomes.push('refused');
      }
    }
    return outcomes;
  };

  /** `id` is its own, if it may just have been stored, before this was told of others' clash. */
  async function storeOne(entry: Entry, update: boolean, id: string | undefined): Promise<Outcome> {
    try {
      const found = ownerOf(entry, await directory.findTaken(entry.identifiers));
      if (!found) return added(await accounts.create(withEvent(entry.person)));
      const { owner, isMerged } = found;
      if (id === owner._id) return added(owner);
      if (isMerged) throw new Refusal('line-username-merged');
      return update ? await bringUpToDate(owner.username, entry) : 'unchanged';
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      throw new Refusal('line-names-taken', { names: ['id', 'username', 'email', 'securityKeys'] });
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

  async function bringUpToDate(username: string, { said, person }: Entry): Promise<Outcome> {
    let outcome: Outcome = 'unchanged';
    const { _id: id, disabledAt } = await untilWritten(
      async () => {
        const account = await accounts.findByIdentifier(username);
        if (account) return account;
        throw new Refusal('line-account-gone');
      },
      async (read) => {
        const update = updateBy(read, { said, person, now: deps.clock.now() });
        if (!update) return true;
        outcome = 'updated';
        const { changes } = update;
        const fresh = update.missing.map((credential) => newCredential(read, credential, deps));
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
