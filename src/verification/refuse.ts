/**
 * Answers that do not count: the flow keeps why, for the page, and carries what the audit is
 * told of it.
 */
import { type Audit, STRANGER } from '../audit/audit.ts';
import { eventsOfKind } from '../audit/credential-events.ts';
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

/** What a wrong answer changes of its credential: it is suspended, and its owner told. */
export async function keepRefused(
  { account, credential, method, from }: Judging,
  data: unknown,
  { accounts, audit }: { readonly accounts: Pick<Accounts, 'moveOn'>; readonly audit: Audit },
): Promise<void> {
  const held = account && findCredential(account, credential);
  const suspended = held && eventsOfKind[held.kind]?.suspended;
  if (data === undefined || !suspended) return;
  const about = { by: STRANGER, account: account._id, from };
  const events = [audit.event(suspended, about, { method: method.id, credential: held.id })];
  if (await accounts.moveOn(account._id, held, { data, events })) {
    audit.happened('accounts', account._id, events);
  }
}
