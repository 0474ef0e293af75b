/**
 * The one door every answer passes. A try is counted and an attempt spent before anything is
 * compared; then the credential moves on, and last of all the proof is stored. A crash
 * between the two costs the person a code and never grants anything.
 */
import type { Proof } from '../assurance/proof.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../lib/clock.ts';
import type { Form } from '../lib/form.ts';
import type { Meter } from '../lib/meter.ts';
import type { FailureReason, Verdict } from '../methods/method.ts';
import type { Account, Accounts } from '../models/account.ts';
import type { From } from '../models/audit-event.ts';
import { attemptAt, type Challenge } from '../models/challenge.ts';
import { endsAfter } from '../models/flow-end.ts';
import type { Facts, Flow, Flows, Said } from '../models/flow.ts';
import { usesOf } from './audit-events.ts';
import type { Methods } from './choices.ts';
import type { Enrolment } from './enrol.ts';
import { findCredential, type JudgedDeps, type Judging, verdictOn } from './judge.ts';
import {
  type CountedAttempt,
  type Place,
  type RateLimiter,
  uncounted,
} from './rate-limits/rate-limiter.ts';
import type { RequestBudget } from './rate-limits/request-budget.ts';
import { createRefuse } from './refuse.ts';
import { answeredWith, countAttempt } from './whose-answer.ts';

export interface AnswerDeps extends JudgedDeps {
  readonly flows: Flows;
  readonly accounts: Accounts;
  readonly methods: Methods;
  readonly enrolment: Enrolment;
  readonly rateLimiter: RateLimiter;
  readonly requestBudget: Pick<RequestBudget, 'takeBack'>;
  readonly audit: Audit;
  readonly clock: Clock;
  /** How long a half-finished sign-in waits for its next step. */
  readonly secondStepWithinSeconds: number;
  readonly log: {
    info(fields: object, event: string): void;
    warn(fields: object, event: string): void;
  };
  readonly meter: Meter;
}

/** Where an answer comes from, and what may follow at once. */
export interface Circumstances<F extends Flow> {
  readonly place: Place;
  /** The same for people to read. */
  readonly from: From;
  readonly askNext: AskNext<F>;
  /** A person says no: that is no guess, and nothing that others do may hold it up. */
  readonly isDenial?: boolean;
}

export type Answer = ReturnType<typeof createAnswer>;

/** What a form answers, in a flow of its own room. */
export interface GivenAnswer<F extends Flow> {
  readonly form: Form;
  /** What was said beside the answer, which is kept, right or wrong. */
  readonly said?: Said;
  /** What is none of the room's flows is not there. */
  readonly isOurs: (flow: Flow) => flow is F;
  readonly circumstances: (flow: F) => Circumstances<F>;
}

/** What an answer left behind. */
export interface Answered<F extends Flow = Flow> {
  readonly flow: F;
  readonly outcome: 'passed' | FailureReason;
  /** As it was read here; absent where its credentials changed since. */
  readonly account?: Account;
}

/** What is asked next, if it can be asked in the very write that stores the proof. */
export type AskNext<F extends Flow> = (
  settled: F,
  account: Account,
) => Promise<Challenge | undefined>;

export function createAnswer(deps: AnswerDeps) {
  const { flows, accounts, methods, rateLimiter, requestBudget, audit, clock } = deps;
  const { refuse, tooLate } = createRefuse(deps);

  return { answer, judgeSpent };

  /**
   * Spends one attempt at the challenge that a form names, judges the answer and settles what
   * follows, in that order; undefined when nothing was asked (any more). The flow is read by the
   * very write that spends the attempt, before anything is compared. A form from an older page or
   * another tab, or a second click on the same button, costs no attempt.
   */
  async function answer<F extends Flow>(
    uid: string,
    { form, said = {}, isOurs, circumstances }: GivenAnswer<F>,
  ): Promise<Answered<F> | undefined> {
    const attempt = attemptAt(form.challenge);
    const spent =
      attempt && (await flows.spendAttempt(uid, attempt, { ...said, now: clock.now() }));
    return spent && isOurs(spent) ? judgeSpent(spent, form, circumstances(spent)) : undefined;
  }

  /** The flow after the answer, right or wrong; its attempt is spent. */
  async function judgeSpent<F extends Flow>(
    flow: F,
    form: Form,
    { place, from, askNext, isDenial = false }: Circumstances<F>,
  ): Promise<Answered<F> | undefined> {
    const { challenge } = flow;
    const method = challenge && methods.get(challenge.method);
    if (!method) return undefined;
    // Before anything is read: whoever signs the person out meanwhile comes after this proof.
    const at = clock.now();
    const tried = isDenial
      ? uncounted(await accounts.findById(flow.facts.account?.id))
      : await countAttempt({ flow, challenge, method, place, form }, rateLimiter);
    const { account } = tried;

    const credential = answeredWith({ challenge, method, account }, form);
    const judging: Judging<F> = { flow, challenge, method, account, credential, from, at };
    const verdict = await verdictOnCounted(judging, form, tried);
    tell(judging, verdict, deps);
    if (verdict.outcome === 'failed') {
      const refused = await refuse(judging, verdict.reason);
      // Whoever turned the page meanwhile has not made a no unsaid.
      const after = refused ?? (verdict.reason === 'denied' ? flow : undefined);
      return asRead(after, verdict.reason, account);
    }
    if (isDenial) return undefined;
    const kept = await tried.takeBack();
    return kept && settle({ ...judging, account: kept }, verdict, askNext);
  }

  async function verdictOnCounted(
    judging: Judging,
    form: Form,
    tried: CountedAttempt,
  ): Promise<Verdict<unknown>> {
    const verdict = await verdictOn(judging, form, deps).catch(async (error: unknown) => {
      // No verdict: whoever is sent away because we are busy has not guessed.
      await tried.takeBack();
      throw error;
    });
    if (verdict.outcome === 'failed') await tried.wasWrong();
    return verdict;
  }

  async function settle<F extends Flow>(
    judging: Judging<F> & { readonly account: Account },
    verdict: Verdict<unknown> & { outcome: 'passed' },
    askNext: AskNext<F>,
  ): Promise<Answered<F> | undefined> {
    const { flow, challenge, account } = judging;
    const proof = proofOf(judging, verdict);
    const facts = await moveOn(judging, verdict.credential);
    if (!facts) return asRead(await tooLate(judging), 'already-used');
    const { requestedAt, purpose } = challenge;
    if (requestedAt) await requestBudget.takeBack(account, { begunAt: requestedAt, purpose });
    const within = { seconds: deps.secondStepWithinSeconds, atMost: flow.expiresAt };
    const endsAt = endsAfter(proof.at, within);
    const proofs = [...flow.proofs, proof];
    const settled = { ...flow, challenge: undefined, facts, endsAt, proofs };
    const isEnrolment = challenge.purpose === 'enrol';
    const next = isEnrolment ? undefined : await askNext(settled, account);
    const change = { proof, facts, endsAt, ...(next && { next }) };
    const after = await flows.settle(flow, challenge.id, change);
    return asRead(after, 'passed', isEnrolment ? undefined : account);
  }

  /** What the flow knows afterwards, or undefined when somebody else used the credential first. */
  async function moveOn(
    judging: Judging & { readonly account: Account },
    data: unknown,
  ): Promise<Facts | undefined> {
    const { flow, challenge, method, account } = judging;
    if (challenge.purpose === 'enrol') return deps.enrolment.confirm(judging, data);
    const { choosing: _, ...rest } = flow.facts;
    // It may be the answer that says whose it is.
    const facts = { ...rest, account: rest.account ?? namedAs(account) };

    const credential = findCredential(account, judging.credential);
    if (!credential) return undefined;
    // What is known says nothing new about itself, unless it is stored anew.
    if (data === undefined && method.factor === 'knowledge') return facts;
    const events = usesOf(judging, credential, audit);
    const use = { data: data ?? credential.data, at: clock.now(), events };
    if (!(await accounts.moveOn(account._id, credential, use))) return undefined;
    audit.happened('accounts', account._id, events);
    return facts;
  }
}

const namedAs = ({ _id: id, username }: Account) => ({ id, username });

function tell(
  { flow, account, method }: Judging,
  verdict: Verdict<unknown>,
  { log, meter }: Pick<AnswerDeps, 'log' | 'meter'>,
): void {
  const { outcome } = verdict;
  log.info(
    { flow: flow._id, account: account?._id, method: method.id, outcome },
    'challenge.answered',
  );
  const counted = outcome === 'failed' ? verdict.reason : outcome;
  meter.count('challenges_total', { method: method.id, outcome: counted });
}

const proofOf = (
  { challenge, credential, method, account, at }: Judging & { readonly account: Account },
  { amr = [], traits }: Pick<Verdict<unknown> & { outcome: 'passed' }, 'amr' | 'traits'>,
): Proof => ({
  account: account._id,
  method: method.id,
  credential: credential ?? challenge.credential,
  factor: method.factor,
  amr: [...method.amr, ...amr],
  at,
  ...(traits && { traits }),
});

const asRead = <F extends Flow>(
  flow: F | undefined,
  outcome: Answered['outcome'],
  account?: Account,
): Answered<F> | undefined => flow && { flow, outcome, ...(account && { account }) };
