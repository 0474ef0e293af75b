/**
 * What administrators do with accounts. Each function is one act; the command line, and later
 * a console and an API, only ask for it and show what came of it.
 */
import { randomId } from '../lib/codes.ts';
import { type Account, identifiersOf } from '../models/account.ts';
import { isDuplicate } from '../models/duplicate.ts';
import { changeAccount, type ChangeWish } from './account-change.ts';
import type { AccountDeps } from './deps.ts';
import { newAccount } from './new-account.ts';
import { hashNew } from './passwords.ts';
import { type Person, profileOf, readPerson } from './person.ts';
import { Refusal, untilWritten } from './refusal.ts';

export interface Sought {
  readonly group?: string;
  readonly role?: string;
  readonly state?: 'enabled' | 'disabled';
}

export type AccountAdministration = ReturnType<typeof createAccountAdministration>;

export function createAccountAdministration(deps: AccountDeps) {
  const { accounts, directory, clock, telling, endSessions } = deps;

  async function find(typed: string): Promise<Account> {
    const account = await accounts.findByIdentifier(typed);
    if (!account) throw new Refusal('account-unknown', { username: typed });
    return account;
  }

  return {
    find,

    /** In the order of user names, a few hundred in memory at a time. */
    async *list({ state, ...sought }: Sought = {}): AsyncGenerator<Account> {
      for await (const account of directory.each(sought)) {
        const isDisabled = account.disabledAt !== undefined;
        if (state === undefined || isDisabled === (state === 'disabled')) yield account;
      }
    },

    /** Without a password one is made, and returned this once. */
    create: (given: Person, typed?: string): Promise<Made> => create(given, typed, deps),

    /** What is known of the person; the rest stays. */
    change: (typed: string, wish: ChangeWish): Promise<Account> =>
      changeAccount(typed, wish, { ...deps, people: { find } }),

    /** Signs out everywhere and keeps out. */
    async disable(typed: string, reason?: string): Promise<Account> {
      const now = clock.now();
      const account = await untilWritten(
        () => find(typed),
        (read) => {
          const told = telling.event('account.disabled', {}, { account: read._id, reason });
          return telling.with(read._id, [told], (events) =>
            directory.change(read, { disabledAt: now, signedOutAt: now }, { events }),
          );
        },
      );
      await endSessions(account._id);
      return account;
    },

    /** Whoever is not kept out is not told that they may come in again. */
    enable: (typed: string, reason?: string): Promise<Account> =>
      untilWritten(
        () => find(typed),
        async (read) => {
          if (!read.disabledAt) return true;
          const told = telling.event('account.enabled', {}, { account: read._id, reason });
          return telling.with(read._id, [told], (events) =>
            directory.change(read, { disabledAt: undefined }, { events }),
          );
        },
      ),

    /** For good: whoever has this user name next is somebody else to every app. */
    async remove(typed: string, reason?: string): Promise<Account> {
      const { _id: account, username } = await find(typed);
      const told = telling.event('account.deleted', { username }, { account, reason });
      const gone = await untilWritten(
        () => find(typed),
        async (read) => {
          // What waits in the account would be lost with it.
          const waiting = read.events ?? [];
          await telling.before([...waiting, told]);
          await accounts.dropEvents([{ _id: read._id, events: waiting }]);
          return directory.remove(read._id);
        },
      );
      await endSessions(account);
      return gone;
    },

    /** Wrong passwords and codes count no more. */
    async unlock(typed: string, reason?: string): Promise<Account> {
      const account = await find(typed);
      const told = telling.event('account.unlocked', {}, { account: account._id, reason });
      await accounts.clearAttempts(account._id, [told]);
      telling.happened(account._id, [told]);
      return account;
    },

    /** Ends every session and refresh token, and whatever sign-in is under way. */
    async endSessions(typed: string, reason?: string): Promise<Account> {
      const account = await find(typed);
      const told = telling.event('session.ended', {}, { account: account._id, reason });
      await telling.with(account._id, [told], (events) =>
        directory.signOut(account._id, { signedOutAt: clock.now(), events }),
      );
      await endSessions(account._id);
      return account;
    },
  };
}

interface Made {
  readonly account: Account;
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
  const events = [telling.event('account.created', { username }, { account: made._id })];
  try {
    const account = await accounts.create({ ...made, events });
    telling.happened(account._id, events);
    return typed === undefined ? { account, made: password } : { account };
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    throw new Refusal('names-taken', { names: identifiersOf(about) });
  }
}
