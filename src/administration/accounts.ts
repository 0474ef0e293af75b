/**
 * What administrators do with accounts. Each function is one act; the command line, and later
 * a console and an API, only ask for it and show what came of it.
 */
import { randomId } from '../lib/codes.ts';
import { type Account, identifiersOf } from '../models/account.ts';
import { isDuplicate } from '../models/duplicate.ts';
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
  const { accounts, directory, clock } = deps;

  async function find(typed: string): Promise<Account> {
    const account = await accounts.findByIdentifier(typed);
    if (!account) throw new Refusal('not-found', `There is no account "${typed}".`);
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
    async create(
      given: Person,
      typed?: string,
    ): Promise<{ readonly account: Account; readonly made?: string }> {
      const person = readPerson(given);
      const { username, name = username, roles = [], groups = [] } = person;
      const about = { username, name, profile: profileOf(person) };
      const password = typed ?? randomId();
      const hash = await hashNew(password, about, deps);
      const setAt = clock.now();
      const credentials = [{ kind: 'password', data: () => ({ hash, setAt }) }];
      try {
        const made = newAccount({ ...about, roles, groups, credentials }, deps);
        const account = await accounts.create(made);
        return typed === undefined ? { account, made: password } : { account };
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        const names = identifiersOf(about).map((spelling) => `"${spelling}"`);
        throw new Refusal('taken', `${names.join(' or ')} is taken.`);
      }
    },

    /** Signs out everywhere and keeps out. */
    async disable(typed: string): Promise<Account> {
      const now = clock.now();
      return untilWritten(
        () => find(typed),
        (read) => directory.change(read, { disabledAt: now, signedOutAt: now }),
      );
    },

    async enable(typed: string): Promise<Account> {
      return untilWritten(
        () => find(typed),
        (read) => directory.change(read, { disabledAt: undefined }),
      );
    },

    /** For good: whoever has this user name next is somebody else to every app. */
    async remove(typed: string): Promise<Account> {
      const account = await find(typed);
      await directory.remove(account._id);
      return account;
    },

    /** Wrong passwords and codes count no more. */
    async unlock(typed: string): Promise<Account> {
      const account = await find(typed);
      await accounts.clearAttempts(account._id);
      return account;
    },

    /** Ends every session and refresh token, and whatever sign-in is under way. */
    async endSessions(typed: string): Promise<Account> {
      const account = await find(typed);
      await directory.signOut(account._id, clock.now());
      return account;
    },
  };
}
