/**
 * What an account's owner said when they were asked to register: how often they put it off, and
 * when they last confirmed what is there. Each answer is one write over what was read.
 */
import { type Model, trusted } from 'mongoose';
import { z } from 'zod';

import { alongWith, type Events } from './audit-event.ts';

const skipped = z.object({
  times: z.int().positive(),
  firstAt: z.date(),
  lastAt: z.date(),
});

export type Skipped = Readonly<z.infer<typeof skipped>>;

const shape = z.object({
  /** By what was asked. */
  skipped: z.record(z.string(), z.unknown()).exactOptional(),
  confirmedAt: z.date().exactOptional(),
});

/** A document with such a part, which somebody may have damaged. */
interface Holder {
  readonly _id: string;
  readonly registration?: unknown;
}

/** Undefined where it never was. */
export const skippedIn = ({ registration }: Holder, what: string): Skipped | undefined =>
  skipped.safeParse(shape.safeParse(registration).data?.skipped?.[what]).data;

export const confirmedAtIn = ({ registration }: Holder): Date | undefined =>
  shape.safeParse(registration).data?.confirmedAt;

export interface Skipping {
  readonly what: string;
  readonly now: Date;
  readonly events?: Events;
}

export const registrationsIn = <Stored extends Holder>(model: Model<Stored>) => ({
  /** Puts it off once more; false where that was done by somebody else since it was read. */
  async skipRegistration(read: Holder, { what, now, events = [] }: Skipping): Promise<boolean> {
    const { times, firstAt = now } = skippedIn(read, what) ?? {};
    const at = `registration.skipped.${what}`;
    const asRead: object = {
      _id: read._id,
      [`${at}.times`]: times ?? trusted({ $exists: false }),
    };
    const next: Skipped = { times: (times ?? 0) + 1, firstAt, lastAt: now };
    const change: object = { $set: { [at]: next }, ...alongWith(events) };
    return (await model.updateOne(asRead, change)).modifiedCount === 1;
  },

  /** They looked at their methods, and all is as it should be. */
  async confirmMethods(id: string, at: Date, events: Events = []): Promise<void> {
    const change: object = { $set: { 'registration.confirmedAt': at }, ...alongWith(events) };
    await model.updateOne({ _id: id }, change);
  },
});
