/**
 * Answers that do not come from our page (NIST SP 800-63B-4 §3.1.3): found by the question and
 * whoever is asked instead of a page's form, and then judged like every other. What only happens
 * here is that a person says that it was not them.
 */
import type { Audit } from '../../audit/audit.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Form } from '../../lib/form.ts';
import { Problem } from '../../lib/problem.ts';
import type { Account, Accounts } from '../../models/account.ts';
import type { Events, From } from '../../models/audit-event.ts';
import type { Challenge } from '../../models/challenge.ts';
import type { Flow, Flows } from '../../models/flow.ts';
import type { Answer } from '../answer.ts';
import type { Methods, OpenMethod } from '../choices.ts';
import type { Place } from '../rate-limits/rate-limiter.ts';
import type { RequestBudget } from '../rate-limits/request-budget.ts';
import type { Answered } from '../settle.ts';

export interface AnswerOutOfBandDeps {
  readonly flows: Flows;
  readonly accounts: Accounts;
  readonly methods: Methods;
  readonly judgeSpent: Answer['judgeSpent'];
  readonly requestBudget: RequestBudget;
  readonly audit: Audit;
  readonly clock: Clock;
}

export interface OutOfBandAnswer {
  /** The credential that is asked; whoever calls has made sure that this is its answer. */
  readonly credential: string;
  readonly challenge: string;
  /** Where the answer is good for one method alone, as a provider's is. */
  readonly method?: string;
  readonly form: Form;
  readonly place: Place;
  readonly from: From;
}

/** A question as a provider is told where to answer it. */
export interface OutOfBandAddress {
  readonly method: string;
  readonly credential: string;
  readonly challengeId: string;
}

const TOO_MANY = 'too-many-tries';

export type AnswerOutOfBand = ReturnType<typeof createAnswerOutOfBand>;

export function createAnswerOutOfBand(deps: AnswerOutOfBandDeps) {
  const { flows, accounts, methods, judgeSpent, requestBudget, audit, clock } = deps;

  /**
   * Undefined for what is not asked (any more): late, answered, given up, of somebody else. But a
   * no is heard for as long as the question would have been open.
   */
  return async function answerOutOfBand(
    given: OutOfBandAnswer,
  ): Promise<Answered['outcome'] | undefined> {
    const { place, from, form } = given;
    if (saysNobodyAnswered(given)) return nobodyAnswered(given);
    const flow = await spent(given);
    const { challenge } = flow ?? {};
    const method = challenge && methods.get(challenge.method);
    if (!flow || !challenge || !method) return undefined;
    const isDenial = denies(challenge, form);
    // What comes next is asked on the page, by whoever waits there.
    const askNext = async () => undefined;
    const answered = await judgeSpent(flow, form, { place, from, askNext, isDenial }).catch(
      (error: unknown) => heldUp(flow, challenge, error),
    );
    if (!answered) return undefined;
    if (challenge.purpose === 'enrol') return answered.outcome;

    const account = answered.account ?? (await accounts.findById(flow.facts.account?.id));
    const isCounted = method.outOfBand?.countsRequests === true;
    if (answered.outcome === 'passed' && account && isCounted) {
      await requestBudget.takeBack(account, challenge);
    }
    if (answered.outcome === 'denied' && account)
      await denied({ account, challenge, method, from });
    return answered.outcome;
  };

  /**
   * Its attempt may have been spent and not heard to its end; and whoever gives up what they asked
   * for does not take a no away.
   */
  async function spent({ credential, challenge, method, form }: OutOfBandAnswer) {
    const question = { device: credential, challenge, method, now: clock.now() };
    const open = await flows.spendElsewhere(question);
    if (open) return open;
    const asked: Flow | undefined = await flows.requestedOf(question);
    return asked?.challenge && denies(asked.challenge, form) ? asked : undefined;
  }

  function saysNobodyAnswered({ method, form }: OutOfBandAnswer): boolean {
    return methods.get(method ?? '')?.outOfBand?.isUnanswered(form) ?? false;
  }

  /** Nobody guessed: the page says so, and nothing is counted. */
  async function nobodyAnswered({ credential, challenge, method }: OutOfBandAnswer) {
    const question = { device: credential, challenge, method, now: clock.now() };
    return (await flows.endElsewhere(question, 'unanswered')) && 'unanswered';
  }

  /** Its only attempt is spent, and it was not judged: the page that waits must hear that it is over. */
  async function heldUp(flow: Flow, { id }: Challenge, error: unknown): Promise<never> {
    if (error instanceof Problem) {
      // The page has words for these two, whatever else it was.
      const failure = error.code === TOO_MANY ? TOO_MANY : 'unreadable';
      await flows.refuse(flow, id, { failure });
    }
    throw error;
  }

  function denies({ method }: Challenge, form: Form): boolean {
    return methods.get(method)?.outOfBand?.isDenial(form) ?? false;
  }

  /**
   * Where nobody but somebody who knows the first factor can have asked, that is changed; they are
   * left in peace, and whatever waits for them ends. In this order, so that a crash leaves the
   * warning behind. Said twice, each part has one effect: the first time may have ended in the
   * midst of it.
   */
  async function denied({ account, challenge, method: asked, from }: Denied): Promise<void> {
    const { id, method, credential, elsewhere, purpose } = challenge;
    const meaning = asked.outOfBand?.onDenied[purpose] ?? 'nothing';
    if (meaning === 'nothing') return;
    const client = String(elsewhere?.shows.client ?? '');
    const about = { by: account._id, account: account._id, from };
    const told = audit.event('approval.denied', about, { method, credential, client });
    // One for each question, however often it is refused.
    const events = [{ ...told, id: `${told.name}.${id}` }];
    if (meaning === 'known') await requireChange(account, events);
    else await audit.record(events);
    await requestBudget.pause(account, purpose);
    const theirs = account.credentials.filter(({ kind }) => kind === asked.kind);
    const onlyFor = meaning === 'ended' ? purpose : undefined;
    await flows.deny(
      theirs.map((one) => one.id),
      onlyFor,
    );
  }

  async function requireChange({ _id }: Account, events: Events): Promise<void> {
    const isStored = await accounts.requirePasswordChange(_id, { dueAt: clock.now(), events });
    if (isStored) audit.happened('accounts', _id, events);
  }
}

interface Denied {
  readonly account: Account;
  readonly challenge: Challenge;
  readonly method: OpenMethod;
  readonly from: From;
}
