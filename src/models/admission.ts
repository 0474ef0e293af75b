/**
 * Browsers that an account's owner lets in by mail while others guess the password: asked for, and
 * confirmed in the very browser that is let in, for which the password's limit then is that of a
 * known place for a while. It proves nothing; what has expired is judged when it is read.
 *
 * Why so (2026-11): it need not be the browser that asked. Whoever guesses may ask as well, and
 * would use up the mails of the hour; so each of them is good for whoever has the account's mail.
 */
import { type Model, trusted } from 'mongoose';

import { secondsAfter } from '../lib/clock.ts';
import { alongWith, type Events } from './audit-event.ts';

/** As it is kept in the account; no more of them than mails may be sent. */
export interface Admission {
  /** Of the token in the mail. */
  readonly digest: string;
  /** From then on nobody can confirm it. */
  readonly expiresAt: Date;
  /** Present once it was confirmed: in which browser, as a place has it, and until when it holds. */
  readonly browser?: string;
  readonly until?: Date;
}

/** Who confirms what. */
export type Confirming = Required<Pick<Admission, 'digest' | 'browser'>>;

interface Confirmed {
  readonly now: Date;
  readonly until: Date;
  readonly events: Events;
}

/** A document with such a list, which somebody may have damaged. */
interface Holder {
  readonly _id: string;
  readonly admissions?: readonly Admission[];
}

/** The path that it is looked up by. */
export const ADMISSION = 'admissions.digest';

/** After so long what was confirmed at the last moment is over, too. */
const KEPT_SECONDS = 2 * 60 * 60;

/** Whether this browser was let in, and still is. */
export const isAdmitted = (holder: Pick<Holder, 'admissions'>, browser: string, now: Date) =>
  listIn(holder).some((one) => one?.browser === browser && isAfter(one.until, now));

/** What a link still does in this browser: nothing, where it was used in another one or is too old. */
export function stateOf(
  holder: Pick<Holder, 'admissions'>,
  { digest, browser }: Confirming,
  now: Date,
): 'open' | 'admitted' | undefined {
  const its = listIn(holder).find((one) => one?.digest === digest);
  if (its?.until)
    return its.browser === browser && isAfter(its.until, now) ? 'admitted' : undefined;
  return isAfter(its?.expiresAt, now) ? 'open' : undefined;
}

const listIn = ({ admissions }: { readonly admissions?: unknown }) =>
  (Array.isArray(admissions) ? admissions : []) as readonly (Partial<Admission> | undefined)[]; // read as unknown

const isAfter = (date: unknown, now: Date): boolean => date instanceof Date && date > now;

export const admissionsIn = <Stored extends Holder>(model: Model<Stored>) => ({
  async findByAdmission(digest: string): Promise<Stored | undefined> {
    const filter: object = { [ADMISSION]: digest };
    return (await model.findOne(filter).lean<Stored>().exec()) ?? undefined;
  },

  /** Once for one token, however often it is called. */
  async askAdmission(id: string, asked: Admission, now: Date): Promise<void> {
    // What is none would refuse every change, and hold up the events behind this one.
    const damaged: object = { _id: id, admissions: trusted({ $exists: true }) };
    const { admissions } = (await model.findOne(damaged).lean<Holder>().exec()) ?? {};
    const isDamaged = admissions !== undefined && !Array.isArray(admissions);
    if (isDamaged) await model.updateOne({ _id: id }, { $unset: { admissions: 1 } });
    const old = { expiresAt: { $lte: secondsAfter(now, -KEPT_SECONDS) } };
    const forget: object = { $pull: { admissions: old } };
    await model.updateOne({ _id: id }, forget);
    const others: object = { _id: id, [ADMISSION]: trusted({ $ne: asked.digest }) };
    const add: object = { $push: { admissions: asked } };
    await model.updateOne(others, add);
  },

  /** Checks and uses it in one; false where it is not open in this browser. */
  async admit(
    id: string,
    { digest, browser }: Confirming,
    { now, until, events }: Confirmed,
  ): Promise<boolean> {
    const expiresAt = { $gt: now };
    const open = { digest, expiresAt, until: { $exists: false } };
    const filter: object = { _id: id, admissions: trusted({ $elemMatch: open }) };
    const admitted = { 'admissions.$.until': until, 'admissions.$.browser': browser };
    const change: object = { $set: admitted, ...alongWith(events) };
    return (await model.updateOne(filter, change)).modifiedCount === 1;
  },
});
