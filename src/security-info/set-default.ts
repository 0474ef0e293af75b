/**
 * What sign-in begins with, as its owner wants it.
 */
import { isSameWay, type Way } from '../assurance/way.ts';
import type { Audit } from '../audit/audit.ts';
import { untilWritten } from '../lib/optimistic.ts';
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
  async ({ account: id, way, from }: Wished): Promise<Done> => {
    const { accounts, directory, audit } = deps;
    const wanted = (account: Account) =>
      possibleDefaults(account, deps).find((choice) => isSameWay(choice, way)) ?? notOffered();
    const account = await untilWritten<Account>({
      read: async () => (await accounts.findById(id)) ?? notOffered(),
      async write(read) {
        const { method, credential } = wanted(read);
        const preferred = { method, credential };
        if (read.preferred && isSameWay(read.preferred, preferred)) return true;
        const about = { by: id, account: id, from };
        const events = [audit.event('method.default-changed', about, preferred)];
        const isDone = await directory.change(read, { preferred }, { events });
        if (isDone) audit.happened('accounts', id, events);
        return isDone;
      },
      most: 10,
      lost: () => new Problem('busy'),
    });
    const { method, hint } = wanted(account);
    return { act: 'default', method, ...(hint !== undefined && { hint }) };
  };

function notOffered(): never {
  throw new Problem('method-not-offered');
}
