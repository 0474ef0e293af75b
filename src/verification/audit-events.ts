/**
 * What the audit is told of an answer: pure, but for the event's id and time.
 */
import type { Audit } from '../audit/audit.ts';
import { STRANGER } from '../audit/audit.ts';
import { eventsOfKind } from '../audit/credential-events.ts';
import type { Account, Credential } from '../models/account.ts';
import type { AuditEvent, Events, From } from '../models/audit-event.ts';
import type { Challenge } from '../models/challenge.ts';
import { counterKeys } from '../models/counter.ts';
import type { OpenMethod } from './choices.ts';
import { NOBODY } from './resolve-choice.ts';

/** An answer to this challenge, for an account that may not be there. */
export interface Answering {
  readonly challenge: Challenge;
  readonly method: OpenMethod;
  readonly account: Account | undefined;
  readonly from: From;
}

export function failureOf(answering: Answering, reason: string, audit: Audit): AuditEvent {
  const { challenge, account, from } = answering;
  const method = answering.method.id;
  const { credential } = challenge;
  const about = { by: STRANGER, account: account?._id, reason, from };
  if (challenge.purpose === 'enrol') return audit.event('confirmation.failed', about, { method });
  if (answering.method.factor === 'knowledge') {
    return audit.event('password.failed', about, { method });
  }
  if (credential === NOBODY) return audit.event('passkey.failed', about, { method });
  if (reason === 'already-used') return audit.event('code.replayed', about, { method, credential });
  const { secondFactor } = counterKeys(challenge.purpose);
  const inARow = account?.attempts.tallies[secondFactor]?.streak ?? 1;
  return audit.event('second-factor.failed', about, { method, credential, inARow });
}

/** What a right answer changes besides the flow, and is worth telling. */
export function usesOf(
  answering: Answering & { readonly left: number | undefined },
  { id, kind }: Credential,
  audit: Audit,
): Events {
  const { account, from, left } = answering;
  const used = eventsOfKind[kind]?.used;
  if (!used || !account) return [];
  const about = { by: account._id, account: account._id, from };
  const method = answering.method.id;
  const details = { method, credential: id, ...(left !== undefined && { left }) };
  return [audit.event(used, about, details)];
}

/** What an account was given, once its first challenge was passed. */
export interface Adding {
  readonly account: Account;
  readonly method: Pick<OpenMethod, 'id'>;
  readonly added: readonly Credential[];
  /** The id of the one in whose place it comes. */
  readonly replaces: string | undefined;
  readonly from: From;
}

export function additionsOf(adding: Adding, audit: Audit): Events {
  const { account, method, added, replaces, from } = adding;
  const gone = account.credentials.find(({ id }) => id === replaces);
  const about = { by: account._id, account: account._id, from, gone };
  return added.map(({ id, kind }) => {
    const issued = eventsOfKind[kind]?.issued;
    return issued
      ? audit.event(issued, about, { credential: id, isFirst: true })
      : audit.event(replaces ? 'method.replaced' : 'method.added', about, {
          method: method.id,
          credential: id,
        });
  });
}
