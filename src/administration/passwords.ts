/**
 * New passwords that an administrator gives: held against the same rules as anybody's.
 */
import { wordsAbout } from '../credentials/password-rules.ts';
import { randomId } from '../lib/codes.ts';
import type { Account } from '../models/account.ts';
import type { Events } from '../models/audit-event.ts';
import type { AccountDeps, Named } from './deps.ts';
import { newCredential } from './new-account.ts';
import { named } from './people.ts';
import { Refusal, untilWritten } from './refusal.ts';

type Deps = Pick<AccountDeps, 'hasher' | 'checkPassword' | 'fewestCharacters' | 'organisation'>;

/** The hash of a good password; throws Refusal for any other. */
export async function hashNew(
  password: string,
  about: Pick<Account, 'username' | 'name' | 'profile'>,
  { hasher, checkPassword, fewestCharacters, organisation }: Deps,
): Promise<string> {
  // Nobody could ever sign in with halves of a pair, or with what no field takes.
  const isText = password.isWellFormed() && !/[\0\r\n]/.test(password);
  const flaw = isText
    ? await checkPassword(password, wordsAbout(about, organisation))
    : 'password-no-text';
  if (flaw) throw new Refusal('password-unfit', { flaw, fewest: fewestCharacters() });
  return hasher.hash(password);
}

interface NewPassword {
  readonly password?: string | undefined;
  readonly reason?: string | undefined;
}

export function createPasswordAdministration(deps: AccountDeps) {
  const { accounts, directory, clock, people, telling, endSessions } = deps;

  return {
    /** Whoever signs in next has to choose another one first. */
    async requireChange(typed: string, reason?: string): Promise<Named> {
      const account = await people.findToChange(typed);
      const { _id: id } = account;
      const told = telling.event('password.change-required', {}, { account: id, reason });
      const isThere = await telling.with(id, [told], (events) =>
        accounts.requirePasswordChange(id, { dueAt: clock.now(), events }),
      );
      if (!isThere) throw new Refusal('account-gone');
      return named(account);
    },

    /** Replaces the password and signs out; one that nobody typed is made and returned. */
    async set(typed: string, { password = randomId(), reason }: NewPassword = {}): Promise<string> {
      const hash = await hashNew(password, await people.findToChange(typed), deps);
      const { _id: account } = await untilWritten(
        () => people.findToChange(typed),
        (read) => {
          const told = telling.event('password.changed', {}, { account: read._id, reason });
          return telling.with(read._id, [told], (events) => put(read, hash, events));
        },
      );
      await endSessions(account);
      return password;
    },
  };

  async function put(read: Account, hash: string, events: Events): Promise<boolean> {
    const signedOutAt = clock.now();
    const data = { hash, setAt: signedOutAt };
    const current = read.credentials.find(({ kind }) => kind === 'password');
    if (current) return directory.replaceCredential(read, current, { data, signedOutAt, events });
    // Without a password nobody was signed in.
    const added = newCredential(read, { kind: 'password', data: () => data }, deps);
    return directory.change(read, { passwordChangeDueAt: undefined }, { added: [added], events });
  }
}
