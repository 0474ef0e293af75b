/**
 * Collections: create, drop, dropDatabase, listCollections, listDatabases.
 */
import { encode } from '../document.ts';
import type { Doc, Value } from '../document.ts';
import { namespaceOf } from '../engine/catalog.ts';
import { idIndex } from '../engine/index-spec.ts';
import { CommandError } from '../errors.ts';
import { matches } from '../query/filter.ts';
import { parseFilter } from '../query/parse.ts';
import { readBatchSize, readDocOrEmpty, readFlag, readText } from './command.ts';
import type { Command, Handler } from './command.ts';
import { cursorReply } from './cursor-reply.ts';

const create: Handler = {
  writes: true,
  options: [],
  run({ catalog }, { database, body }) {
    const name = readText(body, 'create');
    if (catalog.find(database, name) !== undefined) {
      throw new CommandError(48, `Collection ${database}.${name} already exists.`);
    }
    catalog.create(database, name);
    return { ok: 1 };
  },
};

const drop: Handler = {
  writes: true,
  options: [],
  run({ catalog }, { database, body }) {
    const collection = catalog.find(database, readText(body, 'drop'));
    if (collection === undefined) return { ok: 1 };
    catalog.drop(collection);
    return { ns: namespaceOf(collection), nIndexesWas: collection.indexes.length, ok: 1 };
  },
};

const dropDatabase: Handler = {
  writes: true,
  options: [],
  run({ catalog }, { database }) {
    for (const collection of catalog.all()) {
      if (collection.database === database) catalog.drop(collection);
    }
    return { dropped: database, ok: 1 };
  },
};

const listCollections: Handler = {
  options: ['filter', 'nameOnly', 'authorizedCollections', 'cursor'],
  run({ catalog, cursors }, { database, body }) {
    const filter = parseFilter(readDocOrEmpty(body, 'filter'));
    const described = catalog
      .all()
      .filter((collection) => collection.database === database)
      .map(({ name }) => describe(name, readFlag(body, 'nameOnly')))
      .filter((doc) => matches(filter, doc));
    const namespace = `${database}.$cmd.listCollections`;
    const size = readBatchSize(body) ?? Infinity;
    const batch = cursors.open(namespace, described.map(encode).values(), size);
    return cursorReply('firstBatch', namespace, batch);
  },
};

function describe(name: string, nameOnly: boolean): Doc {
  const short: Doc = new Map([
    ['name', name],
    ['type', 'collection'],
  ]);
  if (nameOnly) return short;
  return new Map<string, Value>([
    ...short,
    ['options', new Map()],
    ['info', new Map([['readOnly', false]])],
    ['idIndex', idIndex.spec],
  ]);
}

const listDatabases: Handler = {
  options: ['filter', 'nameOnly', 'authorizedDatabases'],
  run({ catalog }, { body }: Command) {
    const filter = parseFilter(readDocOrEmpty(body, 'filter'));
    const names = [...new Set(catalog.all().map(({ database }) => database))];
    const databases = names.filter((name) => matches(filter, new Map([['name', name]])));
    return { databases: databases.map((name) => ({ name, empty: false })), ok: 1 };
  },
};

export const collections: Readonly<Record<string, Handler>> = {
  create,
  drop,
  dropDatabase,
  listCollections,
  listDatabases,
};
