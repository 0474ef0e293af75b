/**
 * What may be sent to telephone numbers, which costs money: by number, account, prefix, country
 * and in all; to mailboxes there is less to count (mail-budget.ts). Resets, which anybody may begin, and enrolments, where who has an account may name
 * any number, have a share of their own and take nothing of the sign-ins'.
 */
import type { Purpose } from '../../assurance/purpose.ts';
import type { MailBudget, TelephoneBudget } from '../../channels/outgoing.ts';
import type { Crypt } from '../../lib/crypt.ts';
import { maskBlock } from '../../lib/mask.ts';
import { Problem } from '../../lib/problem.ts';
import type { Account } from '../../models/account.ts';
import { type SendKeys, sendClassOf, sendKeys } from '../../models/counter.ts';
import { createAddressees } from './addressees.ts';
import { MOST_JUDGED, MOST_OF_A_NUMBER, type Sent, withSent } from './completion-rate.ts';
import { createCounters } from './counters.ts';
import type { Limits } from './limits.ts';
import { createMailBudget } from './mail-budget.ts';
import { code, createSharedBudgets, KEPT_SECONDS, type SharedBudgetDeps } from './shared-budget.ts';

export interface SendBudgetDeps extends SharedBudgetDeps {
  readonly limits: Limits;
  readonly crypt: Pick<Crypt, 'digest'>;
  /** Whether the policy of today lets anything be sent there. */
  readonly isServed: (telephone: TelephoneBudget) => Promise<boolean>;
}

export type SendBudget = ReturnType<typeof createSendBudget>;

export function createSendBudget(deps: SendBudgetDeps) {
  const { limits, clock, sharedCounters, log } = deps;
  const counters = createCounters(deps);
  const { countShared } = createSharedBudgets(deps);
  const addressees = createAddressees(deps);

  const countSend = countedBy(createMailBudget(deps), countMessage);
  return { countSend, countCompletion, judgeNoMore };

  /** Throws Problem before anything leaves. */
  async function countMessage(
    account: Account,
    telephone: TelephoneBudget,
    purpose: Purpose,
  ): Promise<Sent> {
    if (!(await deps.isServed(telephone))) throw new Problem('phone-country-refused');
    const shared = sharedBudgets(telephone, purpose);
    const number = {
      id: addressees.digested('number', telephone.number),
      key: sendKeys(purpose).counted,
    };

    // The narrowest first: what a number's own budget refuses costs the others nothing.
    const times = await addressees.count(number, limits.sends[sendClassOf(purpose)].number);
    try {
      const kept = await countBroader(account, shared, purpose);
      const isJudged = times.length <= MOST_OF_A_NUMBER;
      return isJudged ? await judgeLater(shared.prefix, kept) : { at: clock.now() };
    } catch (error) {
      if (error instanceof Problem) await addressees.takeBack(number, times.at(-1));
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
        ...{ ...all, id: addressees.digested('prefix', number.slice(0, -4)), limit: prefix },
        ...{ to: maskBlock(country, number), completion: limits.completion },
      },
      country: {
        ...all,
        id: addressees.digested('country', country),
        limit: ofCountry,
        to: `+${country}`,
      },
      service: { ...all, id: 'service', limit: service, to: '' },
    };
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

type Counting<Budget> = (account: Account, budget: Budget, purpose: Purpose) => Promise<Sent>;

/** One message, of whichever budget it is. */
const countedBy =
  (mail: Counting<MailBudget>, message: Counting<TelephoneBudget>) =>
  (account: Account, budget: MailBudget | TelephoneBudget, purpose: Purpose): Promise<Sent> =>
    'mailbox' in budget ? mail(account, budget, purpose) : message(account, budget, purpose);
