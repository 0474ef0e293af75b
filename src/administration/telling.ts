/**
 * What the audit is told of administrators: each act by whom and why, stored in the same write
 * as what it changes, or else before it.
 */
import type { About, Audit } from '../audit/audit.ts';
import type { EventName, Happenings } from '../audit/event-types.ts';
import type { AuditEvent, Events } from '../models/audit-event.ts';
import type { Administrator } from './administrator.ts';
import { Refusal } from './refusal.ts';

/** Whom, why, and what they lose by it. */
export type Subject = Pick<About, 'account' | 'reason' | 'gone' | 'formerAddress'>;

export interface TellingDeps {
  readonly audit: Pick<Audit, 'event' | 'happened' | 'record' | 'move'>;
  readonly administrator: Administrator;
}

export type Telling = ReturnType<typeof createTelling>;

/** A reason is hashed and kept for good. */
export const LONGEST_REASON = 500;

export function createTelling({ audit, administrator }: TellingDeps) {
  const { by, from } = administrator;

  /** Asked for before any change is stored: throws Refusal where a reason is needed and not given. */
  const event = <Name extends EventName>(
    name: Name,
    details: Happenings[Name],
    subject: Subject = {},
  ): AuditEvent => {
    checkReason(subject, administrator);
    return audit.event(name, { by, from, ...subject }, details);
  };

  return {
    event,

    /** The same, where something else may be refused before it can be told of. */
    checkReason: (subject: Pick<Subject, 'reason'>): void => checkReason(subject, administrator),

    /** Of what was only looked at, which takes no reason. */
    looked: (name: 'account.explained', subject: Pick<Subject, 'account' | 'reason'>) =>
      audit.record([audit.event(name, { by, from, ...subject }, {})]),

    /** Of what is not theirs: whoever tries may have somebody else's session. */
    refused: (act: string, account?: string): Promise<void> =>
      audit.record([audit.event('administration.refused', { by, from, account }, { act })]),

    /** Changes an account together with what is told of it; false when the change lost a race. */
    async with(
      account: string,
      events: Events,
      change: (events: Events) => Promise<boolean>,
    ): Promise<boolean> {
      const isDone = await change(events);
      if (isDone) audit.happened('accounts', account, events);
      return isDone;
    },

    /** For events that are stored with an account already. */
    happened: (account: string, events: Events): void => {
      audit.happened('accounts', account, events);
    },

    /** To be awaited before a change that no event can ride in. */
    before: (events: Events): Promise<void> => audit.record(events),

    /** Moves on what was told; at the end of a command it is done anyway. */
    move: (): Promise<boolean> => audit.move(),
  };
}

function checkReason({ reason }: Subject, { roles }: Administrator): void {
  const isNeeded = roles !== 'all';
  if (isNeeded && !reason?.trim()) throw new Refusal('reason-missing');
  if (reason !== undefined && reason.length > LONGEST_REASON) {
    throw new Refusal('reason-too-long', { most: LONGEST_REASON });
  }
}
