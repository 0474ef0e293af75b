/**
 * That an account's password must be changed, and its change: the mark goes in the very write
 * that stores a new password, and nowhere else.
 */
import { type Model, trusted } from 'mongoose';

import type { Held, Holder } from './account-credentials.ts';
import { alongWith, type Events, pushing } from './audit-event.ts';
import { signingOut } from './signing-out.ts';

/** Since when a password must be changed. */
export interface PasswordChangeDue {
  readonly dueAt: Date;
  readonly events?: Events;
}

/** A password in place of the one that was read, or the first. */
export interface Replaced {
  readonly data: unknown;
  /** What was signed in or proved until then counts no more. */
  readonly signedOutAt: Date;
  readonly events?: Events;
}

export const passwordIn = <Stored extends Holder>(model: Model<Stored>) => ({
  /** Somebody else may know the password. False where the account is gone. */
  async requirePasswordChange(
    id: string,
    { dueAt, events = [] }: PasswordChangeDue,
  ): Promise<boolean> {
    const change: object = { $set: { passwordChangeDueAt: dueAt }, ...alongWith(events) };
    return (await model.updateOne({ _id: id }, change)).matchedCount === 1;
  },

  /** Only if no credential came, went or changed since it was read, and nobody is kept out. */
  async replacePassword(
    { _id, credentialsVersion }: Holder,
    read: Held,
    { data, signedOutAt, events = [] }: Replaced,
  ): Promise<boolean> {
    const asRead: object = {
      ...{ _id, credentialsVersion },
      disabledAt: trusted({ $exists: false }),
      credentials: trusted({ $elemMatch: { id: read.id, version: read.version } }),
    };
    const change: object = {
      $set: { 'credentials.$.data': data },
      ...signingOut(signedOutAt),
      $unset: { passwordChangeDueAt: 1 },
      $inc: { 'credentials.$.version': 1, credentialsVersion: 1 },
      ...alongWith(events),
    };
    return (await model.updateOne(asRead, change)).modifiedCount === 1;
  },

  /** The same for an account that has none. */
  async addPassword(
    { _id, credentialsVersion }: Holder,
    added: object,
    { data, signedOutAt, events = [] }: Replaced,
  ): Promise<boolean> {
    const asRead: object = {
      ...{ _id, credentialsVersion },
      disabledAt: trusted({ $exists: false }),
    };
    const change: object = {
      $push: { credentials: { ...added, data }, ...pushing(events) },
      ...signingOut(signedOutAt),
      $unset: { passwordChangeDueAt: 1 },
      $inc: { credentialsVersion: 1 },
    };
    return (await model.updateOne(asRead, change)).modifiedCount === 1;
  },
});
