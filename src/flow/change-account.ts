/**
 * A change of an account by its owner: planned over the account as it is read, written only over
 * that, and told in the same write. Where somebody else was quicker, it is planned anew.
 */
import type { Audit } from '../audit/audit.ts';
import { untilWritten } from '../lib/optimistic.ts';
import { Problem } from '../lib/problem.ts';
import type { Account, Accounts } from '../models/account.ts';
import type { Events } from '../models/audit-event.ts';

export interface ChangeAccountDeps {
  readonly accounts: Pick<Accounts, 'findById'>;
  readonly audit: Pick<Audit, 'happened'>;
  /** What is said where the account is not there any more. */
  readonly gone?: string;
}

export interface Plan<Result> {
  readonly result: Result;
  /** Absent where it is so already: another tab, or a second click, was quicker. */
  readonly change?: Writing;
}

export interface Writing {
  /** Stored with it. */
  readonly events: Events;
  /** False where the account is not as it was read any more. */
  readonly write: () => Promise<boolean>;
}

/** Whoever loses this often is no person. */
const RACES = 10;

/** Returns the result of the plan that was carried out; a refusal is thrown by the plan. */
export async function changeAccount<Result>(
  id: string,
  plan: (account: Account) => Plan<Result>,
  { accounts, audit, gone = 'not-signed-in' }: ChangeAccountDeps,
): Promise<Result> {
  const { result } = await untilWritten<Plan<Result>>({
    async read() {
      const account = await accounts.findById(id);
      if (!account) throw new Problem(gone);
      return plan(account);
    },
    async write({ change }) {
      if (!change) return true;
      const isDone = await change.write();
      if (isDone) audit.happened('accounts', id, change.events);
      return isDone;
    },
    most: RACES,
    lost: () => new Problem('busy'),
  });
  return result;
}
