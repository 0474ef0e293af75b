/**
 * Removes documents whose time has come, as TTL indexes say, in batches small enough to go unnoticed.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';

import { everything } from '../query/filter.ts';
import type { Filter } from '../query/filter.ts';
import { parseFilter } from '../query/parse.ts';
import type { Engine } from './engine.ts';
import type { Index } from './index-spec.ts';
import { runQuery } from './scan.ts';
import type { Query } from './scan.ts';

const batchSize = 200;

/** Rejects if the disk fails. */
export async function sweep(engine: Engine): Promise<void> {
  for (const { database, name, indexes } of engine.catalog.all()) {
    for (const { id, expireAfterSeconds } of indexes) {
      if (expireAfterSeconds !== undefined) await sweepIndex(engine, { database, name, id });
    }
  }
}

async function sweepIndex(engine: Engine, place: Place): Promise<void> {
  while (removeBatch(engine, place) === batchSize) await nextTurn();
}

/** Looked up for every batch: commands run in between, and may drop it or add an index beside it. */
interface Place {
  readonly database: string;
  readonly name: string;
  readonly id: Index['id'];
}

function removeBatch(engine: Engine, { database, name, id }: Place): number {
  const { store, records } = engine;
  const collection = engine.catalog.find(database, name);
  const index = collection?.indexes.find((one) => one.id === id);
  if (collection === undefined || index === undefined) return 0;
  store.begin();
  try {
    const expired = [...runQuery(store, collection, expiredBy(index, engine.clock()))];
    for (const found of expired) records.remove(found);
    store.commit();
    return expired.length;
  } catch (error) {
    store.rollback();
    throw error;
  }
}

function expiredBy({ fields, partial, expireAfterSeconds = 0 }: Index, now: Date): Query {
  const latest = new Date(now.getTime() - expireAfterSeconds * 1000);
  const path = fields[0]?.path.join('.') ?? '';
  const expired = parseFilter(new Map([[path, new Map([['$lte', latest]])]]));
  const filter: Filter = { kind: 'all', of: [expired, partial ?? everything] };
  return { filter, sort: [], skip: 0, limit: batchSize, natural: false };
}
