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
import { takeBack } from './count.ts';
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

  return { countSend, countCompletion, judgeNoMore };

  /** One message to a number; throws Problem before anything leaves. */
  async function countSend(
    account: Account,
    telephone: TelephoneBudget,
    purpose: Purpose,
  ): Promise<Sent> {
    if (!(await deps.isServed(telephone))) throw new Problem('phone-country-refused');
    const shared = sharedBudgets(telephone, purpose);
    const number = { id: digested('number', telephone.number), key: sendKeys(purpose).counted };

    // The narrowest first: what a number's own budget refuses costs the others nothing.
    const times = await countNumber(number, limits.sends[sendClassOf(purpose)].number);
    try {
      const kept = await countBroader(account, shared, purpose);
      const isJudged = times.length <= MOST_OF_A_NUMBER;
      return isJudged ? await judgeLater(shared.prefix, kept) : { at: clock.now() };
    } catch (error) {
      if (error instanceof Problem) await takeBackNumber(number, times.at(-1));
      throw error;
    }
  }

  async function countBroader(
    account: Account,
    { prefix, country, service }: ReturnType<typeof sharedBudgets>,
    purpose: Purpose,
  ) {
    // One person must not be able to write to ever new numbers.
    const limit = limits.sends[sendClassOf(purpose)].account;
    const attempt = { [sendKeys(purpose).counted]: limit };
    await counters.count(counters.ofAccount(account._id), { attempt, code, known: account });
    const kept = await countShared(prefix);
    await countShared(country);
    await countShared(service);
    return kept;
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

  /** Those of today, with this one. */
  async function countNumber({ id, key }: OfNumber, limit: Limit): Promise<readonly Date[]> {
    const attempt = { [key]: limit };
    const kept = await counters.count(counters.under(id, KEPT_SECONDS), { attempt, code });
    return kept.attempts.tallies[key]?.times ?? [];
  }

  /** It was sent nothing: else who is refused on purpose would use up those that are judged. */
  async function takeBackNumber({ id, key }: OfNumber, at: Date | undefined): Promise<void> {
    const store = counters.under(id, KEPT_SECONDS);
    await counters.change(store, ({ tallies }) => at && takeBack(tallies, [key], at));
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
    if (counter === undefined) return;
    const { sent: from, completed: to } = sendKeys(purpose);
    try {
      await sharedCounters.repeatTime(counter, { at, from, to, most: MOST_JUDGED });
    } catch (err) {
      log.warn({ err, counter }, 'completion.uncounted');
    }
  }

  /** The carrier did not take it at once: that its code does not come back says nothing. */
  async function judgeNoMore({ counter, at }: Sent, purpose: Purpose): Promise<void> {
    if (counter === undefined) return;
    try {
      await sharedCounters.dropTime(counter, { at, from: sendKeys(purpose).sent });
    } catch (err) {
      log.warn({ err, counter }, 'completion.uncounted');
    }
  }
}

/** A number's own counter. */
interface OfNumber {
  readonly id: string;
  readonly key: string;
}
