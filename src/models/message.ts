/**
 * Mails on their way: stored before they leave, sealed, because they name people and what
 * they did. A mail that was sent stays until it expires, so that whatever promised it may
 * promise it again without sending it twice.
 */
import { type Connection, Schema, trusted } from 'mongoose';

import { isDuplicate } from './duplicate.ts';
import { modelOf } from './model.ts';

export interface Message {
  /** From what it is about: the same promise has the same id. */
  readonly _id: string;
  readonly sealed: string;
  /** How often the other side was asked to take it. */
  readonly tries: number;
  /** When it is to be tried next; absent once there is nothing left to do. */
  readonly dueAt?: Date;
  /** Never sent later than this. */
  readonly expiresAt: Date;
}

/** One that is still to be sent. */
export type Due = Message & Required<Pick<Message, 'dueAt'>>;

export type Messages = ReturnType<typeof createStoredMessages>;

const schema = new Schema(
  { _id: String, sealed: String, tries: Number, dueAt: Date, expiresAt: Date },
  { minimize: false, versionKey: false, collection: 'messages' },
);
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
schema.index({ dueAt: 1 }, { sparse: true });

export function createStoredMessages(connection: Connection) {
  const model = modelOf<Message>(connection, 'Message', schema);

  return {
    model,

    /** False when the same was promised before. */
    async promise(message: Message): Promise<boolean> {
      try {
        await model.insertOne(message);
        return true;
      } catch (error) {
        if (isDuplicate(error)) return false;
        throw error;
      }
    },

    due: (now: Date, most: number): Promise<Due[]> =>
      model
        .find({ dueAt: trusted({ $lte: now }) })
        .sort({ dueAt: 1 })
        .limit(most)
        .lean<Due[]>()
        .exec(),

    /** Takes it for sending; of two processes that try, one gets it. */
    async lease({ _id, dueAt }: Due, until: Date): Promise<boolean> {
      const change = { $set: { dueAt: until }, $inc: { tries: 1 } };
      return (await model.updateOne({ _id, dueAt }, change)).modifiedCount === 1;
    },

    /** To be tried again; `tries` is what counts from now on. */
    async postpone(id: string, { until, tries }: { until: Date; tries: number }): Promise<void> {
      await model.updateOne({ _id: id }, { $set: { dueAt: until, tries } });
    },

    /** Sent, or never to be sent. */
    async done(id: string): Promise<void> {
      await model.updateOne({ _id: id }, { $unset: { dueAt: 1 }, $set: { sealed: '' } });
    },
  };
}
