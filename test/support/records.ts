/**
 * Everything that the database holds: as text that can be compared and searched, and as a
 * point in time to come back to.
 */
import type { Connection } from 'mongoose';

export type Records = Readonly<Record<string, readonly string[]>>;

/** One line of JSON per record, under its model's name. */
export async function recordsOf(connection: Connection): Promise<Records> {
  const models = Object.values(connection.models).map(async (model) => {
    const records = await model.find().sort({ _id: 1 }).lean().exec();
    return [model.modelName, records.map((record) => JSON.stringify(record))] as const;
  });
  return Object.fromEntries(await Promise.all(models));
}

/** Remembers everything as it is, and returns the way back to it. */
export async function rememberRecords(connection: Connection): Promise<() => Promise<void>> {
  const models = Object.values(connection.models);
  const kept = await Promise.all(models.map((model) => model.find().lean().exec()));
  return async () => {
    for (const [index, model] of models.entries()) {
      await model.collection.deleteMany({});
      const records = kept[index] ?? [];
      if (records.length > 0) await model.collection.insertMany(records);
    }
  };
}
