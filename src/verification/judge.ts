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
import type { Availability } from './availability.ts';
import type { OpenMethod } from './choices.ts';
import { NOBODY } from './resolve-choice.ts';

export interface JudgedDeps {
  readonly availability: Pick<Availability, 'isAllowed' | 'policyOf'>;
  readonly crypt: Crypt;
  readonly seedFor: (username: string) => string;
  readonly log: { warn(fields: object, event: string): void };
}

/** What is being judged, as it was read after the attempt was spent, and from where. */
export interface Judging<F extends Flow = Flow> {
  readonly flow: F;
  readonly challenge: Challenge;
  readonly method: OpenMethod;
  readonly account: Account | undefined;
  /** The id of the one that the answer is of; undefined where it is of none that was asked. */
  readonly credential: string | undefined;
  readonly from: From;
  /** Before anything was read. */
  readonly at: Date;
}

async function verdictAsRead(
  judging: Judging,
  form: unknown,
  deps: JudgedDeps,
): Promise<Verdict<unknown>> {
  const { flow, challenge, method, account, credential } = judging;
  const data = dataOf(judging);
  const isMadeNow = challenge.purpose === 'enrol' && method.hasCeremony;
  const isNobody =
    account === undefined || account.disabledAt !== undefined || (data === undefined && !isMadeNow);
  // Nobody's takes as long to judge as anybody's, where one can be made up, and is never right.
  const madeUp = isNobody ? method.pretend(seedOf(flow, deps)) : undefined;
  if (isNobody && madeUp === undefined) return wrong;
  if (method.outOfBand && isFromBefore(challenge, account)) {
    return { outcome: 'failed', reason: 'expired' };
  }
  // Policy may have changed since it was asked.
  const asked = { purpose: challenge.purpose, account };
  if (!isNobody && !deps.availability.isAllowed(method.id, asked)) {
    return { outcome: 'failed', reason: 'not-allowed' };
  }
  if (
    challenge.purpose !== 'enrol' &&
    account &&
    findCredential(account, credential)?.suspendedAt
  ) {
    return { outcome: 'failed', reason: 'suspended' };
  }
  const { userHandle } = account ?? {};
  const handle = userHandle ?? flow.facts.enrolling?.draft?.userHandle;
  const verdict = await method.judge({
    ...(handle !== undefined && { userHandle: handle }),
    policy: deps.availability.policyOf(method.id),
    data: isNobody ? madeUp : data,
    memo: challenge.memo,
    form,
    vault: vaultOf(deps.crypt, account?._id ?? NOBODY, credential ?? challenge.credential),
    challengeId: challenge.id,
    purpose: challenge.purpose,
  });
  return isNobody && verdict.outcome === 'passed' ? wrong : verdict;
}

const seedOf = ({ facts }: Flow, { seedFor }: Pick<JudgedDeps, 'seedFor'>): string =>
  seedFor(facts.account?.username ?? '');

const wrong: Verdict = { outcome: 'failed', reason: 'wrong-answer' };

const dataOf = ({ flow, challenge, account, credential }: Judging): unknown =>
  challenge.purpose === 'enrol'
    ? flow.facts.enrolling?.draft?.data
    : account && findCredential(account, credential)?.data;

/** Of a second step it is said, so that another is chosen; a password is wrong as nobody's is. */
export async function verdictOn(
  judging: Judging,
  form: unknown,
  deps: JudgedDeps,
): Promise<Verdict<unknown>> {
  const { account, method, credential } = judging;
  try {
    return await verdictAsRead(judging, form, deps);
  } catch (err) {
    if (!(err instanceof Unreadable)) throw err;
    const about = { account: account?._id, method: method.id, credential };
    deps.log.warn({ ...about, err }, 'credential.unreadable');
    if (method.factor !== 'knowledge') return { outcome: 'failed', reason: 'unreadable' };
    await verdictAsRead({ ...judging, account: undefined }, form, deps);
    return wrong;
  }
}

export const findCredential = (
  account: Account,
  wanted: string | undefined,
): Credential | undefined => account.credentials.find(({ id }) => id === wanted);

/** A device may answer late: what was asked before the person was signed out everywhere is over. */
const isFromBefore = ({ begunAt }: Challenge, account: Account | undefined): boolean =>
  account?.signedOutAt !== undefined && account.signedOutAt >= begunAt;
