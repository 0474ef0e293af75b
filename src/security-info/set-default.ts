/**
 * What sign-in begins with, as its owner wants it.
 */
import { isSameWay, type Way } from '../assurance/way.ts';
import type { Audit } from '../audit/audit.ts';
import { changeAccount, type Plan } from '../flow/change-account.ts';
import { Problem } from '../lib/problem.ts';
import type { Account, Accounts } from '../models/account.ts';
import type { AccountDirectory } from '../models/account-directory.ts';
import type { From } from '../models/audit-event.ts';
import { type Choice, choicesOf, type MethodRules } from '../verification/choices.ts';
import type { Done } from './flow.ts';

export interface SetDefaultDeps extends MethodRules {
  readonly accounts: Pick<Accounts, 'findById'>;
  readonly directory: Pick<AccountDirectory, 'change'>;
  readonly audit: Pick<Audit, 'event' | 'happened'>;
}

interface Wished {
  readonly account: string;
  readonly way: Way;
  readonly from: From;
}

/** What it may be, strongest first. */
export const possibleDefaults = (account: Account, rules: MethodRules): readonly Choice[] =>
  choicesOf(account, 'sign-in', rules).filter(
    ({ method }) => rules.methods.get(method)?.canBeDefault,
  );

export const createSetDefault =
  (deps: SetDefaultDeps) =>
  ({ account: id, way, from }: Wished): Promise<Done> => {
    const { directory, audit } = deps;
    return changeAccount<Done>(id, planned, deps);

    function planned(account: Account): Plan<Done> {
      const wanted = possibleDefaults(account, deps).find((choice) => isSameWay(choice, way));
      if (!wanted) throw new Problem('method-not-offered');
      const { method, credential, hint } = wanted;
      const result = { act: 'default', method, ...(hint !== undefined && { hint }) } as const;
      const preferred = { method, credential };
      if (account.preferred && isSameWay(account.preferred, preferred)) return { result };
      const about = { by: id, account: id, from };
      const events = [audit.event('method.default-changed', about, preferred)];
      const write = () => directory.change(account, { preferred }, { events });
      return { result, change: { events, write } };
    }
  };
