/**
 * Collections of what is still to be sent: each document is leased by whoever sends it, by one
 * conditional write, and due again when its lease runs out (lib/leased-queue.ts).
 */
import { type Connection, type Model, Schema, type SchemaDefinition, trusted } from 'mongoose';

import type { Queued } from '../lib/leased-queue.ts';
import { modelOf } from './model.ts';

export interface Leased extends Queued {
  readonly _id: string;
  /** Nobody else may send it before. */
  readonly dueAt: Date;
}

interface Shape {
  readonly name: string;
  readonly collection: string;
  /** What it says, besides what all of them have. */
  readonly fields: SchemaDefinition;
  /** Present where it stays until it expires, without what it said: then it is not due any more. */
  readonly emptied?: object;
}

export function createLeased<Item extends Leased>(
  connection: Connection,
  { name, collection, fields, emptied }: Shape,
) {
  const schema = new Schema(
    { _id: String, ...fields, tries: Number, dueAt: Date, expiresAt: Date },
    { minimize: false, versionKey: false, collection },
  );
  schema.index({ dueAt: 1 }, emptied ? { sparse: true } : {});
  schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
  const model = modelOf<Leased>(connection, name, schema);

  return {
    model: model as unknown as Model<Item>, // what is asked of it here concerns no other field

    due: (now: Date, most: number): Promise<Item[]> =>
      model
        .find({ dueAt: trusted({ $lte: now }) })
        .sort({ dueAt: 1 })
        .limit(most)
        .lean<Item[]>()
        .exec(),

    async lease(item: Item, until: Date): Promise<Item | undefined> {
      const { _id, dueAt, tries } = item;
      const leased = { dueAt: until, tries: tries + 1 };
      const { modifiedCount } = await model.updateOne({ _id, dueAt }, { $set: leased });
      return modifiedCount === 1 ? { ...item, ...leased } : undefined;
    },

    async postpone({ _id, dueAt, tries }: Item, until: Date): Promise<void> {
      await model.updateOne({ _id, dueAt }, { $set: { dueAt: until, tries } });
    },

    async drop({ _id }: Item): Promise<void> {
      if (emptied) await model.updateOne({ _id }, { $unset: { dueAt: 1 }, $set: emptied });
      else await model.deleteOne({ _id });
    },
  };
}
