/**
 * Who administers, and whose accounts are out of reach. Which role may do which act is may-do.ts.
 *
 * Why so: whoever could act on another administrator's account could become that administrator.
 */
import type { About } from '../audit/audit.ts';
import type { Account } from '../models/account.ts';
import { administers } from '../policy/administrator-roles.ts';

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
