/**
 * The one door every answer passes. A try is counted and an attempt spent before anything is
 * compared; then the credential moves on, and last of all the proof is stored. A crash
 * between the two costs the person a code and never grants anything.
 */
import { type Clock } from '../lib/clock.ts';
import type { Crypt } from '../lib/crypt.ts';
import type { Verdict } from '../methods/method.ts';
import type { Account, Accounts, Credential } from '../models/account.ts';
import { addressOf, type Challenge, isOpen } from '../models/challenge.ts';
import {
  endsAfter,
  type Facts,
  type Flow,
  type FlowProof,
  type Flows,
  hasEnded,
} from '../models/flow.ts';
import { NOBODY } from './begin.ts';
import type { Methods, OpenMethod } from './choices.ts';
import type { Enrolment } from './enrol.ts';
import type { Guard, Place } from './guard.ts';
import { vaultOf } from './vault.ts';

export interface AnswerDeps {
  readonly flows: Flows;
  readonly accounts: Accounts;
  readonly methods: Methods;
  readonly enrolment: Enrolment;
  readonly guard: Guard;
  readonly crypt: Crypt;
  readonly clock: Clock;
  readonly nobody: unknown;
  /** How long a half-finished sign-in waits for its next step. */
  readonly secondStepWithinSeconds: number;
  readonly log: { info(fields: object, event: string): void };
}

export type Answer = ReturnType<typeof createAnswer>;

/** What is being judged: all of it as it was read after the attempt was spent. */
interface Judging {
  readonly flow: Flow;
  readonly challenge: Challenge;
  readonly method: OpenMethod;
  readonly account: Account | undefined;
}

export function createAnswer(deps: AnswerDeps) {
  const { flows, accounts, methods, guard, clock, log } = deps;

  /** The flow after the answer, right or wrong; undefined when nothing was asked (any more). */
  return async function answer(
    read: Flow,
    form: Readonly<Record<string, string>>,
    place: Place,
  ): Promise<Flow | undefined> {
    const open = read.challenge;
    // A form from an older page or another tab, or a second click on the same button, costs no
    // attempt and shows what is current.
    if (!open || form.challenge !== addressOf(open)) return undefined;
    if (hasEnded(read, clock.now()) || !isOpen(open, clock.now())) return undefined;

    const method = methods.get(open.method);
    if (!method) return undefined;
    const flow = await flows.spendAttempt(read._id, open, clock.now());
    if (!flow?.challenge) return undefined;
    const account = await accountOf(flow);
    await count(method, account, flow, place);

    const judging: Judging = { flow, challenge: flow.challenge, method, account };
    const verdict = await judged(judging, form, place);
    log.info(
      { flow: flow._id, account: account?._id, method: method.id, outcome: verdict.outcome },
      'challenge.answered',
    );
    if (verdict.outcome === 'failed') return flows.refuse(flow._id, open.id, verdict.reason);
    if (account && method.factor === 'knowledge') await guard.takeBackPassword(account, place);
    return settle(judging, verdict);
  };

  async function judged(judging: Judging, form: unknown, place: Place): Promise<Verdict<unknown>> {
    const { account, method } = judging;
    try {
      const verdict = await judge(judging, form, deps);
      const isWrong = verdict.outcome === 'failed' && method.factor === 'knowledge';
      if (isWrong) await guard.countWrongPassword(place);
      return verdict;
    } catch (error) {
      // No verdict: whoever is sent away because we are busy has not guessed.
      if (account && method.factor === 'knowledge') await guard.takeBackPassword(account, place);
      throw error;
    }
  }

  async function accountOf({ facts }: Flow): Promise<Account | undefined> {
    const id = facts.account?.id;
    return id === undefined ? undefined : accounts.findById(id);
  }

  async function count(
    { factor }: OpenMethod,
    account: Account | undefined,
    { facts, challenge }: Flow,
    place: Place,
  ): Promise<void> {
    if (factor === 'knowledge') {
      await guard.countPassword(account, facts.account?.username ?? '', place);
    } else if (account && challenge) {
      // What is not the account's yet has no ceiling of its own to keep.
      const own = challenge.purpose === 'enrol' ? undefined : challenge.credential;
      await guard.countSecondFactor(account, own);
    }
  }

  async function settle(
    judging: Judging,
    verdict: Verdict<unknown> & { outcome: 'passed' },
  ): Promise<Flow | undefined> {
    const { flow, challenge, method, account } = judging;
    if (!account) return undefined;
    const proof: FlowProof = {
      account: account._id,
      method: method.id,
      credential: challenge.credential,
      factor: method.factor,
      amr: [...method.amr, ...(verdict.amr ?? [])],
      at: clock.now(),
    };
    const facts = await moveOn(judging, verdict.credential);
    if (!facts) return tooLate(judging, flows);
    const endsAt = endsAfter(proof.at, deps.secondStepWithinSeconds, flow.expiresAt);
    return flows.settle(flow._id, challenge.id, { proof, facts, endsAt });
  }

  /** What the flow knows afterwards, or undefined when somebody else used the credential first. */
  async function moveOn(
    { flow, challenge, account }: Judging,
    data: unknown,
  ): Promise<Facts | undefined> {
    if (!account) return undefined;
    if (challenge.purpose === 'enrol') return deps.enrolment.confirm(flow, account, data);
    const { choosing: _, ...facts } = flow.facts;

    const credential = findCredential(account, challenge);
    if (!credential) return undefined;
    // A password says nothing new about itself, unless its hash was made anew.
    if (data === undefined && credential.kind === 'password') return facts;
    const use = { data: data ?? credential.data, at: clock.now() };
    return (await accounts.moveOn(account._id, credential, use)) ? facts : undefined;
  }
}

/** Right, and too late: the credential was used, or the account changed, meanwhile. */
function tooLate({ flow, challenge }: Judging, flows: Flows): Promise<Flow | undefined> {
  if (challenge.purpose !== 'enrol') return flows.refuse(flow._id, challenge.id, 'already-used');
  const { enrolling: _, ...facts } = flow.facts;
  return flows.record(flow, { facts, challenge: undefined, pending: [] });
}

async function judge(
  { flow, challenge, method, account }: Judging,
  form: unknown,
  { nobody, crypt }: AnswerDeps,
): Promise<Verdict<unknown>> {
  const data =
    challenge.purpose === 'enrol'
      ? flow.facts.enrolling?.draft?.data
      : account && findCredential(account, challenge)?.data;
  const isNobody = data === undefined || account === undefined || account.disabledAt !== undefined;
  // Nobody's password takes as long to judge as anybody's, and is never right (S-007).
  if (isNobody && method.factor !== 'knowledge')
    return { outcome: 'failed', reason: 'wrong-answer' };
  const verdict = await method.judge({
    data: isNobody ? nobody : data,
    memo: challenge.memo,
    form,
    vault: vaultOf(crypt, account?._id ?? NOBODY, challenge.credential),
    challengeId: challenge.id,
  });
  return isNobody && verdict.outcome === 'passed'
    ? { outcome: 'failed', reason: 'wrong-answer' }
    : verdict;
}

const findCredential = (account: Account, { credential }: Challenge): Credential | undefined =>
  account.credentials.find(({ id }) => id === credential);
