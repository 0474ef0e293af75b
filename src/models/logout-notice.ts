/**
 * Apps that are still to be told that somebody signed out (OpenID Connect Back-Channel Logout).
 * Kept until an app has answered or was asked often enough; what is sent is oidc's business.
 */
import { type Connection, Schema, trusted } from 'mongoose';

import { modelOf } from './model.ts';

export interface LogoutNotice {
  readonly _id: string;
  readonly clientId: string;
  readonly accountId: string;
  /** The session as this app knows it. */
  readonly sid: string;
  readonly tries: number;
  /** Nobody else may send it before. */
  readonly dueAt: Date;
  readonly expiresAt: Date;
}

export type LogoutNotices = Omit<ReturnType<typeof createLogoutNotices>, 'model'>;

const schema = new Schema(
  {
    _id: String,
    clientId: String,
    accountId: String,
    sid: String,
    tries: Number,
    dueAt: Date,
    expiresAt: Date,
  },
  { minimize: false, versionKey: false, collection: 'logout_notices' },
);
schema.index({ dueAt: 1 });
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export function createLogoutNotices(connection: Connection) {
  const model = modelOf<LogoutNotice>(connection, 'LogoutNotice', schema);

  return {
    model,

    async add(notices: readonly LogoutNotice[]): Promise<void> {
      if (notices.length > 0) await model.insertMany(notices);
    },

    /** Those whose sender has gone quiet, the oldest first. */
    due: (now: Date, most: number): Promise<LogoutNotice[]> =>
      model
        .find({ dueAt: trusted({ $lte: now }) })
        .sort({ dueAt: 1 })
        .limit(most)
        .lean<LogoutNotice[]>()
        .exec(),

    /** Takes one for sending; of two processes that try, one gets it. */
    async lease({ _id, dueAt }: LogoutNotice, until: Date): Promise<boolean> {
      const written = await model.updateOne(
        { _id, dueAt },
        { $set: { dueAt: until }, $inc: { tries: 1 } },
      );
      return written.modifiedCount === 1;
    },

    /** Not told yet: whoever sweeps next after this may try. */
    async postpone(id: string, dueAt: Date): Promise<void> {
      await model.updateOne({ _id: id }, { $set: { dueAt } });
    },

    /** Told, or never to be told. */
    async drop(id: string): Promise<void> {
      await model.deleteOne({ _id: id });
    },
  };
}
