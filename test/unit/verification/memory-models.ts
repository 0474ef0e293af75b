/**
 * The real models on collections in memory: as much of mongoose as they ask for, each call of
 * which waits for its turn and then is done at once. Filters and updates are read by the embedded
 * database, so that none is said a second time for the tests. That mongoose on a database would
 * do the same is held against it in memory-models.test.ts.
 */
import { isDeepStrictEqual } from 'node:util';

import { type Document, Double, Int32 } from 'bson';
import type { Connection } from 'mongoose';

import { copyOf, type Doc, numberOf, type Value } from '../../../src/database/embedded/document.ts';
import { type Filter, matches } from '../../../src/database/embedded/query/filter.ts';
import { parseFilter } from '../../../src/database/embedded/query/parse.ts';
import { parseProjection } from '../../../src/database/embedded/query/project.ts';
import { parseUpdate } from '../../../src/database/embedded/update/update.ts';
import { createAccounts } from '../../../src/models/account.ts';
import { createAccountDirectory } from '../../../src/models/account-directory.ts';
import { createFlows } from '../../../src/models/flow.ts';
import { createSharedCounters } from '../../../src/models/shared-counter.ts';

type Step = () => Promise<void>;

export function modelsOn(connection: Connection) {
  const accounts = createAccounts(connection);
  return {
    accounts,
    directory: createAccountDirectory(accounts),
    flows: createFlows(connection),
    sharedCounters: createSharedCounters(connection),
  };
}

export type Models = ReturnType<typeof modelsOn>;

/** `step` is awaited before every read and write. */
export function memoryModels(step: Step): Models {
  const connection = { models: {}, model: () => memoryModel(step) };
  return modelsOn(connection as unknown as Connection); // as much of one as the models ask of it
}

interface Options {
  readonly arrayFilters?: Document[];
}

interface Which {
  readonly most: number;
  readonly elements?: Document[] | undefined;
}

function memoryModel(step: Step) {
  const all = new Map<string, Doc>();
  const found = (filter: Filter): Doc[] => [...all.values()].filter((doc) => matches(filter, doc));
  const store = (doc: Doc) => all.set(idOf(doc), doc);

  function changed(doc: Doc, filter: Filter, change: Document, elements: Document[] = []): Doc {
    const occasion = { filter, inserting: false, now: new Date(0) };
    return parseUpdate(toDoc(change), elements.map(toDoc)).apply(copyOf(doc), occasion);
  }

  async function update(where: Document, change: Document, { most, elements }: Which) {
    await step();
    const filter = parseFilter(toDoc(where));
    const matched = found(filter).slice(0, most);
    const after = matched.map((doc) => changed(doc, filter, change, elements));
    after.forEach(store);
    const modified = matched.filter((doc, at) => !isDeepStrictEqual(doc, after[at]));
    return { matchedCount: matched.length, modifiedCount: modified.length };
  }

  const find = (where: Document, most = Infinity, paths: readonly string[] = []) => {
    const query = {
      limit: (count: number) => find(where, count, paths),
      select: (wanted: readonly string[]) => find(where, most, wanted),
      lean: () => query,
      async exec() {
        await step();
        const filter = parseFilter(toDoc(where));
        const projection = toDoc(Object.fromEntries(paths.map((path) => [path, 1])));
        const project = parseProjection(projection, filter) ?? copyOf;
        return found(filter)
          .slice(0, most)
          .map((doc) => plain(project(doc)));
      },
    };
    return query;
  };

  const findOne = (where: Document) => ({
    lean: () => ({ exec: async () => (await find(where, 1).exec())[0] ?? null }),
  });

  return {
    find: (where: Document) => find(where),
    findOne,
    findById: (_id: string) => findOne({ _id }),
    findOneAndUpdate: (where: Document, change: Document) => ({
      lean: () => ({
        async exec() {
          await step();
          const filter = parseFilter(toDoc(where));
          const [doc] = found(filter);
          if (!doc) return null;
          const after = changed(doc, filter, change);
          store(after);
          return plain(after);
        },
      }),
    }),
    updateOne: (where: Document, change: Document, { arrayFilters: elements }: Options = {}) =>
      update(where, change, { most: 1, elements }),
    updateMany: (where: Document, change: Document) => update(where, change, { most: Infinity }),
    async insertOne(document: Document) {
      await step();
      const isTaken = all.has(String(document._id));
      if (isTaken) throw Object.assign(new Error('duplicate key'), { code: 11000 });
      store(toDoc(document));
    },
    async deleteOne(where: Document) {
      await step();
      const [doc] = found(parseFilter(toDoc(where)));
      return { deletedCount: Number(doc && all.delete(idOf(doc))) };
    },
  };
}

const idOf = (doc: Doc): string => plain(doc.get('_id') ?? null) as string; // of all our models

/** As the driver and the database write and read it, without the bytes between them. */
function toDoc(object: object): Doc {
  const said = Object.entries(object).filter(([, value]) => value !== undefined);
  return new Map(said.map(([name, value]) => [name, toValue(value)]));
}

function toValue(value: unknown): Value {
  if (typeof value === 'number') return Number.isInteger(value) ? new Int32(value) : new Double(value); // prettier-ignore
  if (Array.isArray(value)) return value.map(toValue);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value as Value; // is one
  return toDoc(value);
}

function plain(value: Value): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!(value instanceof Map)) return numberOf(value) ?? value;
  const object: Record<string, unknown> = {};
  for (const [name, one] of value) object[name] = plain(one);
  return object;
}
