/**
 * Indexes: createIndexes, dropIndexes, listIndexes.
 */
import { Int32 } from 'bson';

import { encode } from '../document.ts';
import type { Doc, Value } from '../document.ts';
import type { Collection } from '../engine/catalog.ts';
import type { Engine } from '../engine/engine.ts';
import {
  idIndex,
  normalizeSpec,
  readIndex,
  sameKeyPattern,
  sameSpec,
} from '../engine/index-spec.ts';
import type { Index } from '../engine/index-spec.ts';
import { runQuery } from '../engine/scan.ts';
import { badValue, CommandError } from '../errors.ts';
import { everything } from '../query/filter.ts';
import { show } from '../show.ts';
import { readBatchSize, readDocs, readText } from './command.ts';
import type { Command, Handler } from './command.ts';
import { cursorReply } from './cursor-reply.ts';

const createIndexes: Handler = {
  writes: true,
  options: ['indexes', 'commitQuorum'],
  run(engine, { database, body }) {
    const { catalog, store } = engine;
    const name = readText(body, 'createIndexes');
    const specs = readDocs(body, 'indexes').map(normalizeSpec);
    if (specs.length === 0) throw badValue('Must specify at least one index to create');
    // Nothing of a refused specification may remain, not even the collection it would have made.
    for (const spec of specs) readIndex(spec, { id: 0, multikey: 0 });
    const isNew = catalog.find(database, name) === undefined;
    const before = catalog.findOrCreate(database, name).indexes.length;
    try {
      store.atomically(() => {
        for (const spec of specs) createIndex(engine, catalog.findOrCreate(database, name), spec);
      });
    } catch (error) {
      catalog.load();
      throw error;
    }
    const after = catalog.findOrCreate(database, name).indexes.length;
    return {
      numIndexesBefore: before,
      numIndexesAfter: after,
      createdCollectionAutomatically: isNew,
      ...(before === after && { note: 'all indexes already exist' }),
      ok: 1,
    };
  },
};

function createIndex({ catalog, records, store }: Engine, collection: Collection, spec: Doc): void {
  if (isThere(collection, spec)) return;
  const index = catalog.addIndex(collection, spec, encode(spec));
  const query = { filter: everything, sort: [], skip: 0, limit: Infinity, natural: true };
  for (const found of runQuery(store, collection, query)) records.addToIndex(index, found);
}

/** Throws 85 or 86 if one is there that differs. */
function isThere({ indexes }: Collection, spec: Doc): boolean {
  const name = spec.get('name');
  if (sameKeyPattern(idIndex.spec, spec)) return isPlain(spec);
  const present = indexes.find((index) => index.name === name || sameKeyPattern(index.spec, spec));
  if (present === undefined) return false;
  if (sameSpec(present.spec, spec)) return true;
  if (present.name !== name || sameKeyPattern(present.spec, spec)) {
    throw new CommandError(
      85,
      `An equivalent index already exists with a different name or options. Requested index: ${show(name)}, existing index: ${present.name}`,
    );
  }
  throw new CommandError(
    86,
    `An existing index has the same name as the requested index, but another key: ${present.name}`,
  );
}

/** The index on _id is there already, and takes no options. */
function isPlain(spec: Doc): boolean {
  const option = [...spec.keys()].find((it) => !['key', 'name'].includes(it));
  if (option === undefined) return true;
  throw new CommandError(197, `The field '${option}' is not valid for an _id index specification.`);
}

const dropIndexes: Handler = {
  writes: true,
  options: ['index'],
  run({ catalog }, { database, body }) {
    const name = readText(body, 'dropIndexes');
    let collection = catalog.find(database, name);
    if (collection === undefined) throw new CommandError(26, `ns not found ${database}.${name}`);
    const nIndexesWas = collection.indexes.length;
    for (const index of chosen(collection, body.get('index'))) {
      collection = catalog.dropIndex(collection, index);
    }
    return { nIndexesWas, ok: 1 };
  },
};

function chosen(collection: Collection, wanted: Value | undefined): readonly Index[] {
  if (wanted === '*') return collection.indexes.slice(1);
  if (Array.isArray(wanted)) return wanted.flatMap((one) => chosen(collection, one));
  const index = collection.indexes.find((it) =>
    wanted instanceof Map
      ? sameKeyPattern(it.spec, new Map([['key', wanted]]))
      : it.name === wanted,
  );
  if (index === undefined) {
    throw new CommandError(
      27,
      `index not found with name [${typeof wanted === 'string' ? wanted : 'by key'}]`,
    );
  }
  if (index === idIndex) throw new CommandError(72, 'cannot drop _id index');
  return [index];
}

const listIndexes: Handler = {
  options: ['cursor'],
  run({ catalog, cursors }, { database, body }: Command) {
    const name = readText(body, 'listIndexes');
    const collection = catalog.find(database, name);
    if (collection === undefined)
      throw new CommandError(26, `ns does not exist: ${database}.${name}`);
    const specs = collection.indexes.map(({ spec }) =>
      encode(new Map<string, Value>([['v', new Int32(2)], ...spec])),
    );
    const namespace = `${database}.${name}`;
    const size = readBatchSize(body) ?? Infinity;
    return cursorReply('firstBatch', namespace, cursors.open(namespace, specs.values(), size));
  },
};

export const indexes: Readonly<Record<string, Handler>> = {
  createIndexes,
  dropIndexes,
  listIndexes,
};
