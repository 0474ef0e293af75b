/**
 * Answers that do not count: the flow keeps why, for the page, and carries what the audit is
 * told of it.
 */
import { type Audit, STRANGER } from '../audit/audit.ts';
import { eventsOfKind } from '../audit/credential-events.ts';
import type { FailureReason, Verdict } from '../methods/method.ts';
import type { Accounts } from '../models/account.ts';
import type { Outlook } from '../models/challenge.ts';
import type { Flow, Flows } from '../models/flow.ts';
import { type Answering, failureOf } from './audit-events.ts';
import { findCredential, type Judging } from './judge.ts';

export interface RefuseDeps {
  readonly flows: Flows;
  readonly audit: Audit;
}

interface Refused<F extends Flow> extends Answering {
  readonly flow: F;
}

export function createRefuse({ flows, audit }: RefuseDeps) {
  return { refuse, tooLate };

  async function refuse<F extends Flow>(
    refused: Refused<F>,
    reason: string,
    outlook?: Outlook,
  ): Promise<F | undefined> {
    const { flow, challenge } = refused;
    // A refusal by its owner is no guess; what follows from it tells of it.
    const isGuess = reason !== 'denied' || challenge.purpose === 'enrol';
    const events = isGuess ? [failureOf(refused, reason, audit)] : [];
    const after = await flows.refuse(flow, challenge.id, { failure: reason, outlook, events });
    if (after) audit.happened('flows', flow._id, events);
    return after;
  }

  /** Right, and too late: the credential was used, or the account changed, meanwhile. */
  async function tooLate<F extends Flow>(refused: Refused<F>): Promise<F | undefined> {
    const { flow, challenge } = refused;
    if (challenge.purpose !== 'enrol') return refuse(refused, 'already-used');
    const { enrolling: _, ...facts } = flow.facts;
    return flows.record(flow, { facts, challenge: undefined, pending: [] });
  }
}

interface Keeping {
  readonly accounts: Pick<Accounts, 'moveOn'>;
  readonly audit: Audit;
  readonly endSessions: (accountId: string) => Promise<void>;
}

type Failed = Verdict<unknown> & { readonly outcome: 'failed' };

/**
 * Why it is refused, once what a wrong answer changes of its credential is stored: it is suspended,
 * what was proved by a copy of it ends, and its owner is told. An answer that a later one overtook is
 * no sign of a copy.
 */
export async function keepRefused(
  { account, credential, challenge, method, from, at }: Judging,
  { credential: data, reason }: Failed,
  { accounts, audit, endSessions }: Keeping,
): Promise<FailureReason> {
  const held = account && findCredential(account, credential);
  const suspended = held && eventsOfKind[held.kind]?.suspended;
  if (data === undefined || !suspended) return reason;
  if (held.lastUsedAt && held.lastUsedAt > challenge.begunAt) return 'already-used';
  const about = { by: STRANGER, account: account._id, from };
  const events = [audit.event(suspended, about, { method: method.id, credential: held.id })];
  if (await accounts.moveOn(account._id, held, { data, events, signedOutAt: at })) {
    audit.happened('accounts', account._id, events);
    await endSessions(account._id);
  }
  return reason;
}
