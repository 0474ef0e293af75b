/**
 * The one door every answer passes. A try is counted and an attempt spent before anything is
 * compared.
 */
import type { Form } from '../lib/form.ts';
import type { Meter } from '../lib/meter.ts';
import { bareCode } from '../lib/visible.ts';
import { failed, type Verdict } from '../methods/method.ts';
import type { Accounts } from '../models/account.ts';
import type { From } from '../models/audit-event.ts';
import { attemptAt, type Challenge } from '../models/challenge.ts';
import type { Flow, Said } from '../models/flow.ts';
import type { Methods } from './choices.ts';
import { type Judged, judgedEitherWay } from './in-place.ts';
import { findCredential, type JudgedDeps, type Judging } from './judge.ts';
import {
  type CountedAttempt,
  type Place,
  type RateLimiter,
  uncounted,
} from './rate-limits/rate-limiter.ts';
import { createRefuse, keepRefused } from './refuse.ts';
import { type Answered, asRead, type AskNext, createSettle, type SettleDeps } from './settle.ts';
import { answeredWith, countAttempt } from './whose-answer.ts';

export interface AnswerDeps extends JudgedDeps, SettleDeps {
  readonly accounts: Accounts;
  readonly methods: Methods;
  readonly rateLimiter: RateLimiter;
  /** Ends what an account is signed in to, and has its apps told. */
  readonly endSessions: (accountId: string) => Promise<void>;
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

export function createAnswer(deps: AnswerDeps) {
  const { flows, accounts, methods, rateLimiter, clock } = deps;
  const { refuse } = createRefuse(deps);
  const { settle } = createSettle(deps);

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
    const spent = attempt && (await flows.spendAttempt(uid, attempt, { said, now: clock.now() }));
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
    if (!challenge.elsewhere && !method.isComplete(form)) return incomplete(flow, challenge, form);
    const tried = isDenial
      ? uncounted(await accounts.findById(flow.facts.account?.id))
      : await countAttempt({ flow, challenge, method, place, form }, rateLimiter);
    const { account } = tried;

    const credential = answeredWith({ challenge, method, account }, form);
    const asked: Judging<F> = { flow, challenge, method, account, credential, from, at };
    const { judging, verdict } = await judgedAndCounted(asked, form, tried);
    tell({ flow, account: account?._id, method: judging.method.id }, verdict, deps);
    if (verdict.outcome === 'failed') {
      const reason = await keepRefused(judging, verdict, deps);
      const refused = await refuse(judging, reason, tried.outlook);
      // Whoever turned the page meanwhile has not made a no unsaid.
      const after = refused ?? (reason === 'denied' ? flow : undefined);
      return asRead(after, reason, account);
    }
    if (isDenial) return undefined;
    const held = judging.account && findCredential(judging.account, judging.credential);
    const kept = await tried.takeBack();
    return kept && settle({ ...judging, account: kept, held }, verdict, askNext);
  }

  /** A slip of the fingers is no guess: it is counted nowhere, and the attempt is given back. */
  async function incomplete<F extends Flow>(
    flow: F,
    { id, method }: Challenge,
    { code = '' }: Form,
  ): Promise<Answered<F> | undefined> {
    tell({ flow, account: flow.facts.account?.id, method }, failed('malformed'), deps);
    return asRead(await flows.giveBack(flow, id, bareCode(code).length), 'malformed');
  }

  async function judgedAndCounted<F extends Flow>(
    asked: Judging<F>,
    form: Form,
    tried: CountedAttempt,
  ): Promise<Judged<F>> {
    const judged = await judgedEitherWay(asked, form, deps).catch(async (error: unknown) => {
      // No verdict: whoever is sent away because we are busy has not guessed.
      await tried.takeBack();
      throw error;
    });
    if (judged.verdict.outcome === 'failed') await tried.wasWrong();
    return judged;
  }
}

function tell(
  { flow, account, method }: Told,
  verdict: Verdict<unknown>,
  { log, meter }: Pick<AnswerDeps, 'log' | 'meter'>,
): void {
  const { outcome } = verdict;
  const why = verdict.outcome === 'failed' && {
    reason: verdict.reason,
    ...(verdict.because !== undefined && { because: verdict.because }),
  };
  log.info({ flow: flow._id, account, method, outcome, ...why }, 'challenge.answered');
  const counted = verdict.outcome === 'failed' ? verdict.reason : outcome;
  meter.count('challenges_total', { method, outcome: counted });
}

interface Told {
  readonly flow: Flow;
  readonly account: string | undefined;
  readonly method: string;
}
