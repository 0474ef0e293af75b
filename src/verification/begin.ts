/**
 * Asking: the only caller of a method's `begin`. The question replaces whatever was open
 * before, in one write that carries the message to be sent; then the message leaves.
 */
import type { Trait } from '../assurance/proof.ts';
import type { Purpose } from '../assurance/purpose.ts';
import type { Way } from '../assurance/way.ts';
import { type Audit, STRANGER } from '../audit/audit.ts';
import { isAwaited, type Outgoing } from '../channels/outgoing.ts';
import { vaultOf } from '../credentials/vault.ts';
import { type Clock, secondsAfter } from '../lib/clock.ts';
import { randomId } from '../lib/codes.ts';
import type { Crypt } from '../lib/crypt.ts';
import type { Meter } from '../lib/meter.ts';
import type { Asker, Occasion, Question, Whose } from '../methods/method.ts';
import type { Account } from '../models/account.ts';
import type { Events, From } from '../models/audit-event.ts';
import type { Challenge } from '../models/challenge.ts';
import type { Facts, Flow, Flows } from '../models/flow.ts';
import type { OpenMethod } from './choices.ts';
import type { OutOfBandAddress } from './out-of-band/answer-out-of-band.ts';
import type { Outbox } from './out-of-band/outbox.ts';
import type { RequestBudget } from './rate-limits/request-budget.ts';
import type { Sent } from './rate-limits/completion-rate.ts';
import type { SendBudget } from './rate-limits/send-budget.ts';
import { type Asked, type AskedDeps, attemptsFor, NOBODY, whatIsAsked } from './resolve-choice.ts';

export interface BeginDeps extends AskedDeps {
  readonly flows: Flows;
  readonly countSend: SendBudget['countSend'];
  readonly requestBudget: RequestBudget;
  readonly outbox: Outbox;
  readonly audit: Audit;
  readonly crypt: Crypt;
  readonly clock: Clock;
  readonly meter: Meter;
  /** Where a provider answers this question. */
  readonly answerAt: (question: OutOfBandAddress & { readonly locale: string }) => string;
}

export interface Asking {
  /** Undefined where nobody has the name that was typed: then only a password is asked. */
  readonly account: Account | undefined;
  readonly choice: Way;
  /** Policy put it before their own default, which the page says. */
  readonly isRaised?: true;
  readonly purpose: Purpose;
  /** What must be proved beyond the factor, by those that can alone. */
  readonly wants?: readonly Trait[];
  /** The name of the app, for the message. */
  readonly client: string;
  /** What is asked for, where that does not say it all. */
  readonly text?: string;
  readonly locale: string;
  /** Whose request makes us ask, for people to judge. */
  readonly asker?: Asker;
  readonly from: From;
  /** What the flow knows once the question is asked. */
  readonly facts: Facts;
}

export type Asks = ReturnType<typeof createBegin>;

/** What the audit is told, and the account with a request counted, or the message. */
interface Disturbed {
  readonly events: Events;
  readonly sent?: Sent | undefined;
  readonly counted?: Account;
}

export function createBegin(deps: BeginDeps) {
  const { flows, requestBudget, outbox, audit, clock } = deps;
  const countBegun = ({ method }: Challenge): void =>
    deps.meter.count('challenges_total', { method, outcome: 'begun' });

  return {
    /** The flow with its new challenge, or undefined when another request was quicker. */
    async begin<F extends Flow>(flow: F, asking: Asking): Promise<F | undefined> {
      const { challenge: asked, send } = await ask(flow, asking);
      const { events, counted, sent } = await disturb(asked, asking, send);
      const challenge = sent ? { ...asked, sent } : asked;
      countBegun(challenge);
      const promised = send && outbox.promise(flow._id, send, lettersOf(challenge, asking));
      const pending = promised ? [promised] : [];
      const begun = await flows.record(flow, { facts: asking.facts, challenge, pending, events });
      if (begun) audit.happened('flows', flow._id, events);
      // Of two clicks, one asked; the other took a place from the budget and asked nobody.
      else if (counted) await requestBudget.takeBack(counted, challenge);
      if (!begun || !promised) return begun;
      if (isAwaited(promised)) return outbox.deliver(begun, promised);
      outbox.deliverLater(begun, promised);
      return begun;
    },

    /** The question alone, for whoever stores it; undefined where somebody is disturbed by it. */
    async askOnPage(flow: Flow, asking: Asking): Promise<Challenge | undefined> {
      if (deps.methods.get(asking.choice.method)?.sends) return undefined;
      const { challenge } = await ask(flow, asking);
      countBegun(challenge);
      return challenge;
    },
  };

  /** Counted before anything leaves. */
  async function disturb(
    challenge: Challenge,
    asking: Asking,
    send: Outgoing | undefined,
  ): Promise<Disturbed> {
    const { elsewhere, purpose } = challenge;
    const { account } = asking;
    if (!account || (!elsewhere && !send)) return { events: [] };
    const sent = send?.budget && (await deps.countSend(account, send.budget, purpose));
    // Their own device, which they are just setting up.
    const method = deps.methods.get(challenge.method);
    if (!method?.outOfBand?.countsRequests || purpose === 'enrol') return { events: [], sent };
    const counted = await requestBudget.count(account, purpose);
    const until = requestBudget.pausedUntil(counted, purpose);
    return { events: requestTold(challenge, asking, until, audit), counted, sent };
  }

  async function ask(flow: Flow, asking: Asking) {
    const asked = whatIsAsked(asking, deps);
    const { method, hint } = asked;
    const { purpose, choice, isRaised } = asking;
    const id = randomId();
    const now = clock.now();
    const occasion = await occasionOf(asking, { challengeId: id, asked }, deps);
    const { send, ...question } = await method.begin(asked.data, occasion);
    const { credential } = choice;
    const challenge: Challenge = {
      id,
      method: choice.method,
      credential,
      ...(isOneOf(asked, purpose) && { credentials: asked.held.map((one) => one.id) }),
      purpose,
      ...(asking.wants && method.asksAll && { wants: asking.wants }),
      memo: question.memo,
      page: question.page,
      ...(hint !== undefined && { hint }),
      hasOtherWays: asked.hasOtherWays,
      ...(isRaised && { isRaised }),
      ...(asked.instead && { instead: asked.instead }),
      attemptsLeft: question.isAskedOnce
        ? 1
        : attemptsFor(method, flow.challenge, { choice, ...deps }),
      ...(question.isAskedOnce && { isAskedOnce: true }),
      begunAt: now,
      expiresAt: secondsAfter(now, question.validForSeconds),
      sends: send !== undefined,
      ...outOfBandPart(method, { asking, question, open: flow.challenge }),
    };
    // Nobody is there to be told.
    return { challenge, send: asking.account && send };
  }
}

/** What is being added is none of those that are there. */
const isOneOf = ({ held }: Asked, purpose: Purpose): boolean =>
  purpose !== 'enrol' && held.length > 0;

async function occasionOf(
  { account, purpose, client, text, locale, asker, wants = [], facts, ...asking }: Asking,
  { challengeId, asked }: { challengeId: string; asked: Asked },
  { flows, availability, crypt, clock, answerAt }: BeginDeps,
): Promise<Occasion> {
  const { id: method, outOfBand } = asked.method;
  const { credential } = asking.choice;
  const isProvider = outOfBand?.answeredBy === 'provider';
  return {
    purpose,
    client,
    ...(text !== undefined && { text }),
    ...(asker && { asker }),
    vault: vaultOf(crypt, account?._id ?? NOBODY, credential),
    policy: availability.policyOf(method),
    others: outOfBand ? await flows.openMemos(credential, clock.now()) : [],
    challengeId,
    wants,
    ...(account && { whose: whoseOf(account, facts) }),
    held: asked.held.map((one) => ({ id: one.id, stored: one.data })),
    ...(isProvider && { answerAt: answerAt({ method, credential, challengeId, locale }) }),
  };
}

/** A new handle lies in the draft until its first key enters the account. */
function whoseOf({ username, name, userHandle }: Account, { enrolling }: Facts): Whose {
  const handle = userHandle ?? enrolling?.draft?.userHandle;
  return { username, name, ...(handle !== undefined && { userHandle: handle }) };
}

interface AskedOutOfBand {
  readonly asking: Asking;
  readonly question: Pick<Question<unknown>, 'shows' | 'isAnsweredOnPage'>;
  readonly open: Challenge | undefined;
}

/** Who is asked; or when they were, where their code is asked for instead of an answer. */
function outOfBandPart(
  { outOfBand }: OpenMethod,
  { asking, question: { shows, isAnsweredOnPage }, open }: AskedOutOfBand,
): Pick<Challenge, 'elsewhere' | 'requestedAt'> {
  const { choice, purpose } = asking;
  const { credential: device } = choice;
  if (outOfBand && !isAnsweredOnPage) return { elsewhere: { device, shows: shows ?? {} } };
  if (open?.credential !== device || purpose === 'enrol') return {};
  const requestedAt = open.elsewhere ? open.begunAt : open.requestedAt;
  return requestedAt ? { requestedAt } : {};
}

/** Each request is told of: whoever gave one up before it was answered would leave no trace. */
function requestTold(
  { method, credential }: Challenge,
  { account, from }: Asking,
  pausedUntil: Date | undefined,
  audit: Audit,
): Events {
  const about = { by: STRANGER, account: account?._id, from };
  const requested = audit.event('approval.requested', about, { method, credential });
  if (!pausedUntil) return [requested];
  const paused = { method, until: pausedUntil.toISOString() };
  return [requested, audit.event('approvals.paused', about, paused)];
}

const lettersOf = ({ id, expiresAt }: Challenge, { purpose, locale, account }: Asking) => ({
  challenge: id,
  purpose,
  locale,
  expiresAt,
  account: account?._id ?? NOBODY,
});
