/**
 * Accounts as an administrator names them, and as much of one as an administrator may see.
 */
import type { Account, Accounts } from '../models/account.ts';
import { type Attempts, isSoundCount, noAttempts } from '../models/counter.ts';
import { soundAccount } from '../models/sound-account.ts';
import { type Administrator, mayActOn } from './administrator.ts';
import type { Named, People } from './deps.ts';
import { type HeldMethod, heldMethods } from './held-methods.ts';
import { Refusal } from './refusal.ts';

export function createPeople(
  { accounts }: { readonly accounts: Pick<Accounts, 'findByIdentifier'> },
  administrator: Administrator,
): People {
  async function find(typed: string): Promise<Account> {
    const account = await accounts.findByIdentifier(typed);
    if (!account) throw new Refusal('account-unknown', { username: typed });
    return account;
  }

  return {
    find,
    async findToChange(typed) {
      const account = await find(typed);
      if (mayActOn(administrator, account)) return account;
      throw new Refusal('not-allowed', { account: account._id });
    },
  };
}

export interface ShownAccount extends Pick<
  Account,
  | ('_id' | 'username' | 'name' | 'profile' | 'roles' | 'groups' | 'createdAt' | 'disabledAt')
  | ('lastSignInAt' | 'signedOutAt' | 'passwordChangeDueAt')
> {
  readonly methods: readonly HeldMethod[];
  /** Wrong answers in a row, by what they are counted under. */
  readonly triesSinceSuccess: Readonly<Record<string, number>>;
}

/**
 * Without what would let anybody in: neither secrets nor what they are compared with. What cannot
 * be read is left out, so that one broken account keeps nobody from a list.
 */
export function shownAccount(account: Account): ShownAccount {
  const { _id, username, name, profile, roles, groups, createdAt, attempts } = account;
  const { disabledAt, lastSignInAt, signedOutAt, passwordChangeDueAt } = account;
  const { credentials = [] } = soundAccount(account) ?? {};
  return {
    ...{ _id, username, name, profile, roles, groups, createdAt },
    ...(disabledAt && { disabledAt }),
    ...(lastSignInAt && { lastSignInAt }),
    ...(signedOutAt && { signedOutAt }),
    ...(passwordChangeDueAt && { passwordChangeDueAt }),
    methods: heldMethods({ ...account, credentials }),
    triesSinceSuccess: triesIn({ ...noAttempts, ...attempts }),
  };
}

const triesIn = (attempts: Attempts): Readonly<Record<string, number>> =>
  Object.fromEntries(
    isSoundCount(attempts)
      ? Object.entries(attempts.tallies).map(([key, { streak }]) => [key, streak])
      : [],
  );

export const named = ({ _id, username }: Named): Named => ({ _id, username });
