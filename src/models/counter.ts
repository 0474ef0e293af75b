/**
 * How often something was attempted lately. Kept in the document it guards, and changed only
 * against the version that was read, so attempts that race each other are all counted.
 * What the numbers mean is decided in verification/rate-limits.
 */
import { type Model, trusted } from 'mongoose';
import { z } from 'zod';

import type { Purpose } from '../assurance/purpose.ts';
import { alongWith, type Events } from './audit-event.ts';

export interface Counter {
  /** When it was attempted, oldest first; no more of them than the limits need. */
  readonly times: readonly Date[];
  /** Attempts since the last success. */
  readonly streak: number;
  /** When its owner refused what was attempted; forgotten with the next attempt. */
  readonly deniedAt?: Date;
}

export type Counters = Readonly<Record<string, Counter>>;

/** The counters of one document. */
export interface Attempts {
  readonly version: number;
  readonly tallies: Counters;
}

export const noAttempts: Attempts = { version: 0, tallies: {} };

/** Whether what is stored can be counted on. */
export const isSoundCount = ({ version, tallies }: Attempts): boolean =>
  Number.isInteger(version) && Stored.safeParse(tallies).success;

const Stored = z.record(z.string(), z.object({ times: z.array(z.date()), streak: z.int() }));

/** What comes after the sign in a key that counts one place out of many. */
export const PLACE = '@';

/** What is sent is counted apart for whatever strangers may cause. */
export type SendClass = (typeof sendClasses)[number];

export const sendClasses = ['sign-in', 'reset', 'enrol'] as const;

export const sendClassOf = (purpose: Purpose): SendClass =>
  purpose === 'reset' || purpose === 'enrol' ? purpose : 'sign-in';

/**
 * The names that counters are stored under. Anybody may begin a reset, so what happens there is
 * counted beside the sign-in, and can use up or switch off nothing of it.
 */
export function counterKeys(purpose: Purpose) {
  const own = purpose === 'reset' ? 'reset:' : '';
  return {
    knowledge: `${own}password`,
    knowledgeAt: (place: string) => `${own}password${PLACE}${place}`,
    wrongFromNetwork: 'wrong',
    secondFactor: `${own}second-factor`,
    credential: (id: string) => `${own}credential:${id}`,
    requests: `${own}approvals`,
    admissionMails: 'mails',
  };
}

export type SendKeys = ReturnType<typeof sendKeys>;

/** The same for messages to telephones, where whoever sets up a phone may name any number. */
export function sendKeys(purpose: Purpose) {
  const sendClass = sendClassOf(purpose);
  const counted = sendClass === 'sign-in' ? 'sms' : `${sendClass}:sms`;
  return {
    counted,
    /** Those that are judged, and those of them whose code came back. */
    sent: `${counted}-sent`,
    completed: `${counted}-completed`,
    paused: `${counted}-paused`,
    alarmed: `${counted}-alarmed`,
  };
}

/** The same for codes by mail. */
export function mailKey(purpose: Purpose): string {
  const sendClass = sendClassOf(purpose);
  return sendClass === 'sign-in' ? 'mail-codes' : `${sendClass}:mail-codes`;
}

/** A document whose attempts are counted inside it. */
interface Guarded {
  readonly _id: string;
  readonly attempts: Attempts;
}

export const attemptsIn = <Stored extends Guarded>(model: Model<Stored>) => ({
  /** An administrator says that what was attempted no longer counts. */
  async clearAttempts(id: string, events: Events = []): Promise<void> {
    const change = { $set: { 'attempts.tallies': {} }, $inc: { 'attempts.version': 1 } };
    await model.updateOne({ _id: id }, { ...change, ...alongWith(events) });
  },

  /** Replaces the counters if nobody else changed them since they were read. */
  async countAttempts({ _id, attempts: { version } }: Guarded, tallies: Counters) {
    const written = await model.updateOne(
      { _id, 'attempts.version': version },
      { $set: { attempts: { version: version + 1, tallies } } },
    );
    return written.modifiedCount === 1;
  },

  /** Counts what nobody has attempted since the last success; undefined where somebody has. */
  async countFirst(id: string, tallies: Counters): Promise<Stored | undefined> {
    const entries = Object.entries(tallies).map(([key, counter]) => ({
      path: `attempts.tallies.${key}`,
      counter,
    }));
    const absent = Object.fromEntries(
      entries.map(({ path }) => [path, trusted({ $exists: false })] as const),
    );
    const added = Object.fromEntries(entries.map(({ path, counter }) => [path, counter] as const));
    const untouched: object = { _id: id, ...absent };
    const change: object = { $set: added, $inc: { 'attempts.version': 1 } };
    const counted = model.findOneAndUpdate(untouched, change, { returnDocument: 'after' });
    return (await counted.lean<Stored>().exec()) ?? undefined;
  },
});
