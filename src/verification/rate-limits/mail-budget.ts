/**
 * What may be mailed to somebody: to one mailbox as often as messages go to one number, and by one
 * account as often as to numbers. Mails cost nobody money, so nothing is shared among more people.
 */
import type { Purpose } from '../../assurance/purpose.ts';
import type { MailBudget } from '../../channels/outgoing.ts';
import { Problem } from '../../lib/problem.ts';
import type { Account } from '../../models/account.ts';
import { mailKey, sendClassOf } from '../../models/counter.ts';
import { type AddresseesDeps, createAddressees } from './addressees.ts';
import type { Sent } from './completion-rate.ts';
import { createCounters } from './counters.ts';
import type { Limits } from './limits.ts';
import { code } from './shared-budget.ts';

export interface MailBudgetDeps extends AddresseesDeps {
  readonly limits: Pick<Limits, 'sends'>;
}

export function createMailBudget(deps: MailBudgetDeps) {
  const counters = createCounters(deps);
  const addressees = createAddressees(deps);

  /** One mail; throws Problem before anything leaves. */
  return async function countMail(
    account: Account,
    { mailbox }: MailBudget,
    purpose: Purpose,
  ): Promise<Sent> {
    const key = mailKey(purpose);
    const limit = deps.limits.sends[sendClassOf(purpose)];
    const addressee = { id: addressees.digested('mailbox', mailbox), key };
    const times = await addressees.count(addressee, limit.number);
    try {
      const attempt = { [key]: limit.account };
      await counters.count(counters.ofAccount(account._id), { attempt, code, known: account });
    } catch (error) {
      if (error instanceof Problem) await addressees.takeBack(addressee, times.at(-1));
      throw error;
    }
    return { at: deps.clock.now() };
  };
}
