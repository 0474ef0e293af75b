/**
 * A new account with the credentials that it is given, ready to be stored. The secrets are
 * sealed for the account and credential that they will belong to, and for no other.
 */
import type { Vault } from '../credentials/kind.ts';
import { vaultOf } from '../credentials/vault.ts';
import type { Clock } from '../lib/clock.ts';
import { randomId } from '../lib/codes.ts';
import type { Crypt } from '../lib/crypt.ts';
import type { Account, Credential, NewAccount } from '../models/account.ts';
import { wayBy } from './held-methods.ts';
import { afterSpent } from './spent-seeds.ts';

/** A credential before it has an id. */
export interface NewCredential {
  readonly kind: string;
  readonly data: (vault: Vault) => unknown;
  readonly addedAt?: Date;
  readonly suspendedAt?: Date;
}

export interface NewPerson {
  /** Where somebody keeps the id that apps know from elsewhere. */
  readonly id?: string;
  readonly username: string;
  readonly name: string;
  readonly profile: Account['profile'];
  /** By which keys know the account. */
  readonly userHandle?: string;
  readonly roles?: readonly string[];
  readonly groups?: readonly string[];
  readonly disabledAt?: Date;
  readonly passwordChangeDueAt?: Date;
  readonly createdAt?: Date;
  /** What sign-in begins with: the first of these credentials that it may be. */
  readonly defaultMethod?: string;
  readonly credentials: readonly NewCredential[];
}

export interface BuildDeps {
  readonly crypt: Crypt;
  readonly clock: Clock;
}

export function newAccount(person: NewPerson, deps: BuildDeps): NewAccount {
  const { id = randomId(), roles = [], groups = [], credentials, defaultMethod, ...rest } = person;
  const createdAt = person.createdAt ?? deps.clock.now();
  const made = credentials.map((credential) => newCredential({ _id: id }, credential, deps));
  const preferred = defaultMethod === undefined ? undefined : wayBy(defaultMethod, made);
  return {
    ...rest,
    _id: id,
    roles,
    groups,
    createdAt,
    credentials: made,
    ...(preferred && { preferred }),
  };
}

/** For the account as it was read. */
export function newCredential(
  account: Pick<Account, '_id' | 'spentSeeds'>,
  { kind, data, addedAt, suspendedAt }: NewCredential,
  deps: BuildDeps,
): Credential {
  const id = randomId();
  const made = data(vaultOf(deps.crypt, account._id, id));
  const added = { id, kind, data: made, version: 0, addedAt: addedAt ?? deps.clock.now() };
  return afterSpent(account, { ...added, ...(suspendedAt && { suspendedAt }) }, deps);
}
