/**
 * What may be sent to telephone numbers, which costs money: by number, account, prefix, country
 * and in all. Resets, which anybody may begin, and enrolments, where who has an account may name
 * any number, have a share of their own and take nothing of the sign-ins'.
 */
import type { Purpose } from '../../assurance/purpose.ts';
import type { Crypt } from '../../lib/crypt.ts';
import type { Account } from '../../models/account.ts';
import { type Counters, counterKeys, sendClassOf } from '../../models/counter.ts';
import { type CountersDeps, createCounters } from './counters.ts';
import type { Limit, Limits } from './limits.ts';

export interface SendBudgetDeps extends CountersDeps {
  readonly limits: Limits;
  readonly crypt: Pick<Crypt, 'digest'>;
  /** From which part of a shared budget on the log warns. */
  readonly alarmAtPercent: number;
}

export interface Addressee {
  /** E.164. */
  readonly number: string;
  /** The number's calling code. */
  readonly country: string;
}

export type SendBudget = ReturnType<typeof createSendBudget>;

const KEPT_SECONDS = 2 * 24 * 60 * 60;
/** What one person may use up alone is nothing to warn of. */
const SHARED = 15;
const code = 'too-many-messages';

export function createSendBudget(deps: SendBudgetDeps) {
  const { limits, crypt, alarmAtPercent, log } = deps;
  const counters = createCounters(deps);

  /** One message to a number; throws Problem before anything leaves. */
  return async function countSend(
    account: Account,
    { number, country }: Addressee,
    purpose: Purpose,
  ): Promise<void> {
    const key = counterKeys(purpose).sends;
    const allowed = limits.sends[sendClassOf(purpose)];
    const digested = (scope: string, value: string): string =>
      `${scope}:${crypt.digest(value, `limits/${scope}`)}`;

    // The narrowest first: what a number's own budget refuses costs the others nothing.
    await countUnder(digested('number', number), key, allowed.number);
    // One person must not be able to write to ever new numbers.
    const store = counters.ofAccount(account._id);
    await counters.count(store, { attempt: { [key]: allowed.account }, code, known: account });
    await countUnder(digested('prefix', number.slice(0, -4)), key, allowed.prefix);
    await countUnder(digested('country', country), key, allowed.country);
    await countUnder('service', key, allowed.service);
  };

  async function countUnder(id: string, key: string, limit: Limit): Promise<void> {
    const store = counters.under(id, KEPT_SECONDS);
    const { attempts } = await counters.count(store, { attempt: { [key]: limit }, code });
    warnOf(id, attempts.tallies[key], limit);
  }

  /** Says once, at the very message that passes the mark, that somebody spends a shared budget. */
  function warnOf(budget: string, counter: Counters[string] | undefined, limit: Limit): void {
    const used = counter?.times.length ?? 0;
    const isMark = Object.values(limit).some(
      ({ most }) => most >= SHARED && Math.ceil((most * alarmAtPercent) / 100) === used,
    );
    if (isMark) log.warn({ budget, used }, 'budget.shrank');
  }
}
