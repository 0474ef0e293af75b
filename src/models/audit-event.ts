/**
 * What happened, as it is kept. An event rides in the document that it changed, in the same
 * write, and so neither is stored without the other; from there it is moved into the chain
 * (audit-record.ts). Which events there are, and what each says, is decided in audit/audit.ts.
 */
import { type AnyBulkWriteOperation, type Model, trusted } from 'mongoose';

export interface AuditEvent {
  readonly id: string;
  readonly at: Date;
  /** `sign-in.finished`. */
  readonly name: string;
  readonly result: 'done' | 'failed' | 'refused';
  /** Who did it: an account's id, `stranger` where nothing was proved, or `command-line`. */
  readonly by: string;
  /** Whom it was done to. */
  readonly account?: string;
  /** A class of reasons (`wrong-answer`), or what an administrator gave as the reason. */
  readonly reason?: string;
  readonly from?: From;
  readonly details?: Readonly<Record<string, Detail>>;
  /** What was a mailbox of the account until this: told as well, and forgotten with what waits. */
  readonly formerly?: Mailbox;
}

/** Where somebody can be told. */
export interface Mailbox {
  readonly address: string;
  /** The account's owner said that it is not theirs. */
  readonly isDoubted?: true;
}

export type Detail = string | number | boolean | readonly string[];

/** Where a request came from. */
export interface From {
  /** Absent where a provider spoke for the person. */
  readonly address?: string;
  /** The request's id, as the log and the page with a problem say it. */
  readonly request: string;
  /** `Firefox, Windows`: in our words, never in the browser's own. */
  readonly browser?: string;
  /** The app that the person was on the way to. */
  readonly client?: string;
  /** In which language to write, where the account does not say. */
  readonly locale?: string;
}

/** What happens by a change, told in the same write. */
export type Events = readonly AuditEvent[];

/** A document that such events ride in. */
export interface Carrier {
  readonly _id: string;
  /** Not yet in the chain. */
  readonly events?: Events;
}

export type Carriers = ReturnType<typeof carriersOf>;

/** The path that a schema of carriers indexes, sparse. */
export const WAITING = 'events.at';

/** The part of an update that takes events along. */
export const pushing = (events: Events): { events?: { $each: AuditEvent[] } } =>
  events.length > 0 ? { events: { $each: [...events] } } : {};

/** The same, for an update that pushes nothing else. */
export const alongWith = (events: Events) => (events.length > 0 ? { $push: pushing(events) } : {});

/** What the mover needs of a collection whose documents carry events. */
export const carriersOf = <Stored>(model: Model<Stored>) => ({
  /** Documents with an event that nobody moved on in time. */
  withEventsBefore: (before: Date, most: number): Promise<Carrier[]> =>
    model
      .find({ [WAITING]: trusted({ $lte: before }) })
      .select({ events: 1 })
      .limit(most)
      .lean<Carrier[]>()
      .exec(),

  /** Forgets events that are in the chain, of many documents in one command. */
  async dropEvents(moved: readonly Carrier[]): Promise<void> {
    const changes = moved.map(({ _id, events = [] }) => ({
      updateOne: {
        filter: { _id },
        update: { $pull: { events: { id: { $in: events.map(({ id }) => id) } } } },
      },
    }));
    // The driver wants to know every field, and the model is of any document that has these.
    await model.bulkWrite(changes as unknown as AnyBulkWriteOperation[], { ordered: false });
  },
});
