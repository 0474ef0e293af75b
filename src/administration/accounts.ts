/**
 * What administrators do with accounts.
 */
import { randomId } from '../lib/codes.ts';
import { identifiersOf } from '../models/account.ts';
import { isDuplicate } from '../models/duplicate.ts';
import { changePerson, type ChangeWish } from './account-change.ts';
import type { AccountDeps, Changed, Named } from './deps.ts';
import { newAccount } from './new-account.ts';
import { noteRemoved } from './removed-keys.ts';
import { hashNew } from './passwords.ts';
import { named, type ShownAccount, shownAccount } from './people.ts';
import { type Person, profileOf, readPerson } from './person.ts';
import { Refusal, untilWritten } from './refusal.ts';

export interface Sought {
  readonly group?: string;
  readonly role?: string;
  readonly state?: 'enabled' | 'disabled';
}

export function createAccountAdministration(deps: AccountDeps) {
  const { people, accounts, directory, clock, telling, endSessions } = deps;

  return {
    find: async (typed: string): Promise<ShownAccount> => shownAccount(await people.find(typed)),

    /** In the order of user names, a few hundred in memory at a time. */
    async *list({ state, ...sought }: Sought = {}): AsyncGenerator<ShownAccount> {
      for await (const account of directory.each(sought)) {
        const isDisabled = account.disabledAt !== undefined;
        if (state === undefined || isDisabled === (state === 'disabled'))
          yield shownAccount(account);
      }
    },

    /** Without a password one is made, and returned this once. */
    create: (given: Person, typed?: string): Promise<Made> => create(given, typed, deps),

    /** What is known of the person; the rest stays. */
    change: (typed: string, wish: ChangeWish): Promise<Changed> => changePerson(typed, wish, deps),

    /** Signs out everywhere and keeps out; whoever is kept out already is not told again. */
    async disable(typed: string, reason?: string): Promise<Changed> {
      const now = clock.now();
      const account = await untilWritten(
        () => people.findToChange(typed),
        async (read) => {
          if (read.disabledAt) return true;
          const told = telling.event('account.disabled', {}, { account: read._id, reason });
          return telling.with(read._id, [told], (events) =>
            directory.change(read, { disabledAt: now, signedOutAt: now }, { events }),
          );
        },
      );
      await endSessions(account._id);
      return { ...named(account), isChanged: account.disabledAt === undefined };
    },

    /** Whoever is not kept out is not told that they may come in again. */
    async enable(typed: string, reason?: string): Promise<Changed> {
      const account = await untilWritten(
        () => people.findToChange(typed),
        async (read) => {
          if (!read.disabledAt) return true;
          const told = telling.event('account.enabled', {}, { account: read._id, reason });
          return telling.with(read._id, [told], (events) =>
            directory.change(read, { disabledAt: undefined }, { events }),
          );
        },
      );
      return { ...named(account), isChanged: account.disabledAt !== undefined };
    },

    /** For good: whoever has this user name next is somebody else to every app. */
    async remove(typed: string, reason?: string): Promise<Named> {
      const { _id: account, username } = await people.findToChange(typed);
      const told = telling.event('account.deleted', { username }, { account, reason });
      const gone = await untilWritten(
        () => people.findToChange(typed),
        async (read) => {
          // What waits in the account would be lost with it.
          const waiting = read.events ?? [];
          await telling.before([...waiting, told]);
          await noteRemoved(read, read.credentials, deps);
          await accounts.dropEvents([{ _id: read._id, events: waiting }]);
          return directory.remove(read._id);
        },
      );
      await endSessions(account);
      return named(gone);
    },

    /** Wrong passwords and codes count no more. */
    async unlock(typed: string, reason?: string): Promise<Named> {
      const account = await people.findToChange(typed);
      const told = telling.event('account.unlocked', {}, { account: account._id, reason });
      await accounts.clearAttempts(account._id, [told]);
      telling.happened(account._id, [told]);
      return named(account);
    },

    /** Ends every session and refresh token, and whatever sign-in is under way. */
    async endSessions(typed: string, reason?: string): Promise<Named> {
      const account = await people.findToChange(typed);
      const told = telling.event('session.ended', {}, { account: account._id, reason });
      await telling.with(account._id, [told], (events) =>
        directory.signOut(account._id, { signedOutAt: clock.now(), events }),
      );
      await endSessions(account._id);
      return named(account);
    },
  };
}

interface Made {
  readonly account: Named;
  /** The password, where nobody typed one. */
  readonly made?: string;
}

async function create(given: Person, typed: string | undefined, deps: AccountDeps): Promise<Made> {
  const { accounts, clock, telling } = deps;
  const person = readPerson(given);
  const { username, name = username, roles = [], groups = [] } = person;
  const about = { username, name, profile: profileOf(person) };
  const password = typed ?? randomId();
  const hash = await hashNew(password, about, deps);
  const setAt = clock.now();
  const credentials = [{ kind: 'password', data: () => ({ hash, setAt }) }];
  const made = newAccount({ ...about, roles, groups, credentials }, deps);
  const events = [
    telling.event('account.created', { username, roles, groups }, { account: made._id }),
  ];
  try {
    const account = named(await accounts.create({ ...made, events }));
    telling.happened(account._id, events);
    return typed === undefined ? { account, made: password } : { account };
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    throw new Refusal('names-taken', { names: identifiersOf(about) });
  }
}
