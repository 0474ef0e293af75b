/**
 * Who administers, and whose accounts are out of reach. Which role may do which act is may-do.ts.
 *
 * Why so: apps have roles of their own, and an account that has one called "reader" must not
 * become an administrator by it; so ours have a name that no app's has by chance. And whoever
 * could act on another administrator's account could become that administrator.
 */
import type { About } from '../audit/audit.ts';
import type { Account } from '../models/account.ts';

/** Among the roles of an account; who has several may do what any of them may. */
export const READER = 'doorstep:reader';
export const HELP_DESK = 'doorstep:help-desk';
export const AUTHENTICATION_ADMINISTRATOR = 'doorstep:authentication-administrator';
export const POLICY_ADMINISTRATOR = 'doorstep:policy-administrator';

export const administratorRoles = [
  READER,
  HELP_DESK,
  AUTHENTICATION_ADMINISTRATOR,
  POLICY_ADMINISTRATOR,
] as const;

export type AdministratorRole = (typeof administratorRoles)[number];

/** Whoever serves several makes the acts for each, with the roles that they have now. */
export interface Administrator extends Pick<About, 'by' | 'from'> {
  /** In the history of the policy, where that says more than `by`. */
  readonly name?: string;
  /** Of the account, as they are stored; `all` for the command line, which may do everything. */
  readonly roles: 'all' | readonly string[];
}

/** Neither themselves nor anybody who administers, whatever their role. */
export const mayActOn = (
  { by, roles }: Administrator,
  account: Pick<Account, '_id' | 'roles'>,
): boolean => roles === 'all' || (account._id !== by && !administers(account));

const administers = ({ roles }: Pick<Account, 'roles'>): boolean =>
  administratorRoles.some((role) => roles.includes(role));
