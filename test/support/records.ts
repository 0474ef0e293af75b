/**
 * Everything that the database holds: as text that can be compared and searched, and as a
 * point in time to come back to.
 */
import type { Connection } from 'mongoose';

type Stored = { readonly _id: string | number } & Readonly<Record<string, unknown>>;

export type Records = Readonly<Record<string, readonly string[]>>;

/** One line of JSON per record, under its model's name; as they lie there, so that nothing is converted. */
export async function recordsOf(connection: Connection): Promise<Records> {
  const all = await contentsOf(connection);
  return Object.fromEntries(
    all.map(([name, records]) => [name, records.map((record) => JSON.stringify(record))]),
  );
}

/** Remembers everything as it is, and returns the way back to it, over restarts too. */
export async function rememberRecords(house: {
  readonly connection: Connection;
}): Promise<() => Promise<void>> {
  const kept = await contentsOf(house.connection);
  return async () => {
    const now = new Map(await contentsOf(house.connection));
    for (const [name, records] of kept) {
      const changed = difference(now.get(name) ?? [], records);
      const missing = difference(records, now.get(name) ?? []);
      const collection = collectionOf(house.connection, name);
      if (changed.length > 0) {
        await collection.deleteMany({ _id: { $in: changed.map(({ _id }) => _id) } });
      }
      if (missing.length > 0) await collection.insertMany(missing);
    }
  };
}

const contentsOf = (connection: Connection): Promise<[string, Stored[]][]> =>
  Promise.all(
    Object.keys(connection.models).map(async (name) => [
      name,
      await collectionOf(connection, name).find({}).sort({ _id: 1 }).toArray(),
    ]),
  );

const collectionOf = (connection: Connection, model: string) =>
  connection.collection<Stored>(connection.model(model).collection.name);

/** Those of the first that are not the same in the second. */
function difference(these: readonly Stored[], those: readonly Stored[]): Stored[] {
  const known = new Map(those.map((record) => [record._id, JSON.stringify(record)]));
  return these.filter((record) => known.get(record._id) !== JSON.stringify(record));
}
