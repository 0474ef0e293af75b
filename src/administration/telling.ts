/**
 * What the audit is told of administrators: each act by whom and why, stored in the same write
 * as what it changes, or else before it.
 */
import type { About, Audit } from '../audit/audit.ts';
import type { EventName, Happenings } from '../audit/event-types.ts';
import type { AuditEvent, Events } from '../models/audit-event.ts';

/** Who administers, and from where; whoever serves several makes the acts for each. */
export interface Administrator extends Pick<About, 'by' | 'from'> {
  /** In the history of the policy, where that says more than `by`. */
  readonly name?: string;
}

/** Whom, and why. */
export type Subject = Pick<About, 'account' | 'reason'>;

export interface TellingDeps {
  readonly audit: Pick<Audit, 'event' | 'happened' | 'record' | 'move'>;
  readonly administrator: Administrator;
}

export type Telling = ReturnType<typeof createTelling>;

export function createTelling({ audit, administrator }: TellingDeps) {
  const { by, from } = administrator;
  const event = <Name extends EventName>(
    name: Name,
    details: Happenings[Name],
    subject: Subject = {},
  ): AuditEvent => audit.event(name, { by, from, ...subject }, details);

  return {
    event,

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
