/**
 * The audit, put together: how an event is made of something that happened (happenings.ts),
 * and what becomes of it. An event rides in the change that it tells of; whoever stored the
 * change says so here, and it is moved on into the chain and, by a table, into the post.
 */
import { randomId } from '../lib/codes.ts';
import type { Credential } from '../models/account.ts';
import type { AuditEvent, From } from '../models/audit-event.ts';
import { createAlerts } from './alerts.ts';
import { type ChainDeps, createChain } from './chain.ts';
import { type AdmissionMailsDeps, createAdmissionMails } from './admission-mails.ts';
import { createMover, type HolderName, type MoverDeps } from './event-relay.ts';
import type { EventName, Happenings } from './event-types.ts';
import { createPost, type PostDeps } from './mail-queue.ts';
import { createNotices, type NoticesDeps } from './notices.ts';

export type AuditDeps = Omit<
  ChainDeps & MoverDeps & NoticesDeps & AdmissionMailsDeps & PostDeps,
  'chain' | 'mails' | 'isOn'
>;

/** Who, whom, why and from where. */
export interface About {
  /** An account's id, or who else it was. */
  readonly by: string;
  readonly account?: string | undefined;
  readonly reason?: string | undefined;
  readonly from?: From | undefined;
  /** A credential that the account loses by it: if it is a mailbox, it is told as well. */
  readonly gone?: Credential | undefined;
  /** The address that its profile had until then, which is told as well. */
  readonly formerAddress?: string | undefined;
}

/** Nothing was proved by whoever did it. */
export const STRANGER = 'stranger';
export const COMMAND_LINE = 'command-line';

export type Audit = ReturnType<typeof createAudit>;

export function createAudit(deps: AuditDeps) {
  const { clock, log, mailboxes } = deps;
  const chain = createChain(deps);
  const mailing = { ...deps, isOn: deps.mail !== undefined };
  const mails = [createNotices(mailing), createAdmissionMails(mailing)];
  const mover = createMover({ ...deps, chain, mails });
  const alerts = createAlerts(mailing);
  const post = createPost(deps);

  return {
    /** An event to be stored with the change that it tells of. */
    event<Name extends EventName>(
      name: Name,
      { gone, formerAddress, ...about }: About,
      details: Happenings[Name],
    ): AuditEvent {
      const made = { id: randomId(), at: clock.now(), name, result: resultOf(name) };
      const formerly =
        formerAddress === undefined
          ? gone && mailboxes.in(gone, about.account)
          : { address: formerAddress };
      return compact({ ...made, ...about, formerly, details });
    },

    /** Once the change is stored: logs it, and moves it on at the next turn. */
    happened(holder: HolderName, id: string, events: readonly AuditEvent[]): void {
      for (const event of events) log.info(fieldsOf(event), event.name);
      mover.hand(holder, id, events);
    },

    /**
     * For what changes no document that an event could ride in. To be awaited before the change:
     * whatever cannot be recorded must not be done.
     */
    async record(events: readonly AuditEvent[]): Promise<void> {
      await chain.append(events);
      for (const event of events) log.info(fieldsOf(event), event.name);
    },

    /** The same for what looks like an attack on the service itself: the administration is told. */
    async alert(event: AuditEvent): Promise<void> {
      log.warn(fieldsOf(event), event.name);
      await chain.append([event]);
      await alerts.promise(event);
    },

    /** Moves on what happened here, and leaves the mails to the service. */
    move: () => mover.move(),

    /** Moves on what happened here, and sends what is due for it; for a timer. */
    async turn(): Promise<void> {
      if (await mover.move()) await post.sweep();
    },

    /** Does what other processes left undone; for a slower timer. */
    async sweep(): Promise<void> {
      await mover.sweep();
      await post.sweep();
    },
  };
}

function resultOf(name: EventName): AuditEvent['result'] {
  const what = name.slice(name.indexOf('.') + 1);
  if (what === 'failed') return 'failed';
  return what === 'refused' || what === 'replayed' || what === 'paused' ? 'refused' : 'done';
}

type Loose<Whole> = { [Key in keyof Whole]: Whole[Key] | undefined };

/** Without what is not said: the database would keep null, and null is hashed. */
function compact({ details, ...event }: Loose<AuditEvent>): AuditEvent {
  const said = Object.entries(event).filter(([, value]) => value !== undefined);
  const more = details && Object.keys(details).length > 0 ? { details } : {};
  // The same fields, less those that are not there.
  return { ...Object.fromEntries(said), ...more } as unknown as AuditEvent;
}

/** As the log has it: on one level, and `audit` for the id that the chain knows it by. */
function fieldsOf({ id, from, details, ...event }: AuditEvent): object {
  const { name: _, at: __, formerly: ___, ...others } = event;
  return { audit: id, ...others, ...from, ...details };
}
