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

export const registrationsIn = <Stored extends Holder>(model: Model<Stored>) => {
  /** All of it over what was read, which may be damaged: then it is sound from now on. */
  async function say(read: Holder, said: object, events: Events): Promise<boolean> {
    const asRead: object = {
      _id: read._id,
      registration: read.registration ?? trusted({ $exists: 'registration' in read }),
    };
    const registration = { ...shape.safeParse(read.registration).data, ...said };
    const change: object = { $set: { registration }, ...alongWith(events) };
    return (await model.updateOne(asRead, change)).modifiedCount === 1;
  }

  return {
    /** Puts it off once more; false where something was said by somebody else since it was read. */
    skipRegistration(read: Holder, { what, now, events = [] }: Skipping): Promise<boolean> {
      const { times = 0, firstAt = now } = skippedIn(read, what) ?? {};
      const next: Skipped = { times: times + 1, firstAt, lastAt: now };
      const { skipped: others } = shape.safeParse(read.registration).data ?? {};
      return say(read, { skipped: { ...others, [what]: next } }, events);
    },

    /** They looked at their methods, and all is as it should be. */
    confirmMethods: (read: Holder, confirmedAt: Date, events: Events = []): Promise<boolean> =>
      say(read, { confirmedAt }, events),
  };
};
