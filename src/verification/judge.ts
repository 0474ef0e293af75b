/**
 * A method's verdict on an answer. Nobody's answer is judged like anybody's, and what cannot
 * be read is unusable instead of broken.
 */
import { vaultOf } from '../credentials/vault.ts';
import type { Crypt } from '../lib/crypt.ts';
import { Unreadable } from '../lib/unreadable.ts';
import type { Verdict } from '../methods/method.ts';
import type { Account, Credential } from '../models/account.ts';
import type { From } from '../models/audit-event.ts';
import type { Challenge } from '../models/challenge.ts';
import type { Flow } from '../models/flow.ts';
import type { OpenMethod } from './choices.ts';
import { NOBODY } from './resolve-choice.ts';

export interface JudgedDeps {
  readonly crypt: Crypt;
  readonly nobody: unknown;
  readonly log: { warn(fields: object, event: string): void };
}

/** What is being judged, as it was read after the attempt was spent, and from where. */
export interface Judging<F extends Flow = Flow> {
  readonly flow: F;
  readonly challenge: Challenge;
  readonly method: OpenMethod;
  readonly account: Account | undefined;
  readonly from: From;
  /** Before anything was read. */
  readonly at: Date;
}

async function judge(
  { flow, challenge, method, account }: Judging,
  form: unknown,
  { nobody, crypt }: JudgedDeps,
): Promise<Verdict<unknown>> {
  const data =
    challenge.purpose === 'enrol'
      ? flow.facts.enrolling?.draft?.data
      : account && findCredential(account, challenge)?.data;
  const isNobody = data === undefined || account === undefined || account.disabledAt !== undefined;
  // Nobody's password takes as long to judge as anybody's, and is never right.
  if (isNobody && method.factor !== 'knowledge')
    return { outcome: 'failed', reason: 'wrong-answer' };
  if (method.answered === 'elsewhere' && isFromBefore(challenge, account)) {
    return { outcome: 'failed', reason: 'expired' };
  }
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

/** Of a second step it is said, so that another is chosen; a password is wrong as nobody's is. */
export async function judgedAsRead(
  judging: Judging,
  form: unknown,
  deps: JudgedDeps,
): Promise<Verdict<unknown>> {
  const { account, method, challenge } = judging;
  try {
    return await judge(judging, form, deps);
  } catch (err) {
    if (!(err instanceof Unreadable)) throw err;
    const about = { account: account?._id, method: method.id, credential: challenge.credential };
    deps.log.warn({ ...about, err }, 'credential.unreadable');
    if (method.factor !== 'knowledge') return { outcome: 'failed', reason: 'unreadable' };
    await judge({ ...judging, account: undefined }, form, deps);
    return { outcome: 'failed', reason: 'wrong-answer' };
  }
}

export const findCredential = (
  account: Account,
  { credential }: Challenge,
): Credential | undefined => account.credentials.find(({ id }) => id === credential);

/** A device may answer late: what was asked before the person was signed out everywhere is over. */
const isFromBefore = ({ begunAt }: Challenge, account: Account | undefined): boolean =>
  account?.signedOutAt !== undefined && account.signedOutAt >= begunAt;
