/**
 * What a right answer leaves: first the credential moves on, last of all the proof is stored. A
 * crash between the two costs the person a code and never grants anything.
 */
import type { Proof } from '../assurance/proof.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../lib/clock.ts';
import type { FailureReason, Verdict } from '../methods/method.ts';
import type { Account, Accounts, Credential } from '../models/account.ts';
import type { Challenge } from '../models/challenge.ts';
import { endsAfter } from '../models/flow-end.ts';
import type { Facts, Flow, Flows } from '../models/flow.ts';
import { usesOf } from './audit-events.ts';
import type { Enrolment } from './enrol.ts';
import type { Judging } from './judge.ts';
import type { RequestBudget } from './rate-limits/request-budget.ts';
import type { SendBudget } from './rate-limits/send-budget.ts';
import { createRefuse } from './refuse.ts';

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

export interface SettleDeps {
  readonly flows: Flows;
  readonly accounts: Pick<Accounts, 'moveOn'>;
  readonly enrolment: Enrolment;
  readonly requestBudget: Pick<RequestBudget, 'takeBack'>;
  readonly countCompletion: SendBudget['countCompletion'];
  readonly audit: Audit;
  readonly clock: Clock;
  /** How long a half-finished sign-in waits for its next step. */
  readonly secondStepWithinSeconds: number;
}

/** What was right. */
interface Settling<F extends Flow = Flow> extends Judging<F> {
  /** As it was read last. */
  readonly account: Account;
  /** As it was judged: from there it moves on, or somebody else was quicker. */
  readonly held: Credential | undefined;
}

export function createSettle(deps: SettleDeps) {
  const { flows, accounts, requestBudget, audit, clock } = deps;
  const { tooLate } = createRefuse(deps);

  return { settle };

  async function settle<F extends Flow>(
    judging: Settling<F>,
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
    if (after && challenge.sent) await deps.countCompletion(challenge.sent, purpose);
    return asRead(after, 'passed', isEnrolment ? undefined : account);
  }

  /** What the flow knows afterwards, or undefined when somebody else used the credential first. */
  async function moveOn(judging: Settling, data: unknown): Promise<Facts | undefined> {
    const { flow, challenge, method, account, held: credential } = judging;
    if (challenge.purpose === 'enrol') return deps.enrolment.confirm(judging, data);
    const { choosing: _, ...rest } = flow.facts;
    // It may be the answer that says whose it is.
    const facts = { ...rest, account: rest.account ?? namedAs(account) };

    if (!credential) return undefined;
    // What is known says nothing new about itself, unless it is stored anew.
    if (data === undefined && method.factor === 'knowledge') return facts;
    const used = { kind: credential.kind, data: data ?? credential.data };
    const left = deps.enrolment.leftIn(used);
    const events = usesOf({ ...judging, left }, credential, audit);
    const use = { data: used.data, at: clock.now(), events };
    if (!(await accounts.moveOn(account._id, credential, use))) return undefined;
    audit.happened('accounts', account._id, events);
    return left === undefined ? facts : { ...facts, codesLeft: left };
  }
}

const namedAs = ({ _id: id, username }: Account) => ({ id, username });

const proofOf = (
  { challenge, credential, method, account, at }: Settling,
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

export const asRead = <F extends Flow>(
  flow: F | undefined,
  outcome: Answered['outcome'],
  account?: Account,
): Answered<F> | undefined => flow && { flow, outcome, ...(account && { account }) };
