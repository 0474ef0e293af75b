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

/** Remembers everything as it is, and returns the way back to it, over restarts too. */
export async function rememberRecords(house: {
  readonly connection: Connection;
}): Promise<() => Promise<void>> {
  const kept = await Promise.all(
    Object.values(house.connection.models).map(
      async (model) => [model.modelName, await model.find().lean().exec()] as const,
    ),
  );
  return async () => {
    for (const [name, records] of kept) {
      const { collection } = house.connection.model(name);
      await collection.deleteMany({});
      if (records.length > 0) await collection.insertMany(records);
    }
  };
}
