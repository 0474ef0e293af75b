/**
 * One model per connection and name, however many ask for it. Schemas are untyped, because
 * mongoose would infer `null` where ours have nothing; what is stored is said by the caller.
 */
import type { Connection, Model, Schema } from 'mongoose';

export const modelOf = <Stored>(
  connection: Connection,
  name: string,
  schema: Schema,
): Model<Stored> =>
  (connection.models[name] ?? connection.model(name, schema)) as unknown as Model<Stored>;

/** One conditional write; the document as it is after it, or undefined where nothing matched. */
export type Change<Stored> = (filter: object, update: object) => Promise<Stored | undefined>;

export const changeIn =
  <Stored>(model: Model<Stored>): Change<Stored> =>
  async (filter, update) =>
    (await model
      .findOneAndUpdate(filter, update, { returnDocument: 'after' })
      .lean<Stored>()
      .exec()) ?? undefined;
