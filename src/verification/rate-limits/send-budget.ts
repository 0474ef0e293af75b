/**
 * What may be sent to telephone numbers, which costs money: by number, account, prefix, country
 * and in all. Resets, which anybody may begin, and enrolments, where who has an account may name
 * any number, have a share of their own and take nothing of the sign-ins'.
 */
import type { Purpose } from '../../assurance/purpose.ts';
import type { TelephoneBudget } from '../../channels/outgoing.ts';
import type { Crypt } from '../../lib/crypt.ts';
import { maskBlock } from '../../lib/mask.ts';
import { Problem } from '../../lib/problem.ts';
import type { Account } from '../../models/account.ts';
import { type SendKeys, sendClassOf, sendKeys } from '../../models/counter.ts';
import { MOST_JUDGED, MOST_OF_A_NUMBER, type Sent, withSent } from './completion-rate.ts';
import { createCounters } from './counters.ts';
import type { Limit, Limits } from './limits.ts';
import { code, createSharedBudgets, KEPT_SECONDS, type SharedBudgetDeps } from './shared-budget.ts';

export interface SendBudgetDeps extends SharedBudgetDeps {
  readonly limits: Limits;
  readonly crypt: Pick<Crypt, 'digest'>;
  /** Whether the policy of today lets anything be sent there. */
  readonly isServed: (telephone: TelephoneBudget) => Promise<boolean>;
}

export type SendBudget = ReturnType<typeof createSendBudget>;

export function createSendBudget(deps: SendBudgetDeps) {
  const { limits, crypt, clock, sharedCounters, log } = deps;
  const counters = createCounters(deps);
  const { countShared } = createSharedBudgets(deps);
  const digested = (scope: string, value: string): string =>
    `${scope}:${crypt.digest(value, `limits/${scope}`)}`;

  return { countSend, countCompletion };

  /** One message to a number; throws Problem before anything leaves. */
  async function countSend(
    account: Account,
    telephone: TelephoneBudget,
    purpose: Purpose,
  ): Promise<Sent | undefined> {
    if (!(await deps.isServed(telephone))) throw new Problem('phone-country-refused');
    const keys = sendKeys(purpose);
    const allowed = limits.sends[sendClassOf(purpose)];
    const shared = sharedBudgets(telephone, purpose);

    // The narrowest first: what a number's own budget refuses costs the others nothing.
    const nth = await countUnder(digested('number', telephone.number), keys, allowed.number);
    // One person must not be able to write to ever new numbers.
    const attempt = { [keys.counted]: allowed.account };
    await counters.count(counters.ofAccount(account._id), { attempt, code, known: account });
    const kept = await countShared(shared.prefix);
    await countShared(shared.country);
    await countShared(shared.service);
    return nth > MOST_OF_A_NUMBER ? undefined : judgeLater(shared.prefix, kept);
  }

  function sharedBudgets({ number, country }: TelephoneBudget, purpose: Purpose) {
    const sendClass = sendClassOf(purpose);
    const { prefix, country: ofCountry, service } = limits.sends[sendClass];
    const all = { keys: sendKeys(purpose), sendClass };
    return {
      prefix: {
        ...{ ...all, id: digested('prefix', number.slice(0, -4)), limit: prefix },
        ...{ to: maskBlock(country, number), completion: limits.completion },
      },
      country: { ...all, id: digested('country', country), limit: ofCountry, to: `+${country}` },
      service: { ...all, id: 'service', limit: service, to: '' },
    };
  }

  /** How many there were today, with this one. */
  async function countUnder(id: string, { counted }: SendKeys, limit: Limit): Promise<number> {
    const attempt = { [counted]: limit };
    const kept = await counters.count(counters.under(id, KEPT_SECONDS), { attempt, code });
    return kept.attempts.tallies[counted]?.times.length ?? 0;
  }

  /** Once all budgets let it go: what nobody was sent cannot come back. */
  async function judgeLater(
    { id, keys }: { readonly id: string; readonly keys: SendKeys },
    known: Awaited<ReturnType<typeof countShared>>,
  ): Promise<Sent> {
    const at = clock.now();
    const store = counters.under(id, KEPT_SECONDS);
    await counters.change(store, ({ tallies }) => withSent(tallies, keys, at), known);
    return { counter: id, at };
  }

  /** The code of a message came back. Whoever was right goes on, whether that is counted or not. */
  async function countCompletion({ counter, at }: Sent, purpose: Purpose): Promise<void> {
    const { sent: from, completed: to } = sendKeys(purpose);
    try {
      await sharedCounters.repeatTime(counter, { at, from, to, most: MOST_JUDGED });
    } catch (err) {
      log.warn({ err, counter }, 'completion.uncounted');
    }
  }
}
