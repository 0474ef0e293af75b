/**
 * Reading: find, getMore, killCursors, count, distinct.
 */
import { Long } from 'bson';

import { encode } from '../document.ts';
import type { Doc, Value } from '../document.ts';
import { namespaceOf } from '../engine/catalog.ts';
import type { Batch } from '../engine/cursors.ts';
import type { Engine } from '../engine/engine.ts';
import { runQuery } from '../engine/scan.ts';
import type { Query } from '../engine/scan.ts';
import type { Found } from '../engine/records.ts';
import { CommandError, unsupported } from '../errors.ts';
import { keyOf } from '../key.ts';
import { parseFilter } from '../query/parse.ts';
import { leaves, splitPath } from '../query/path.ts';
import { parseProjection } from '../query/project.ts';
import type { Projection } from '../query/project.ts';
import { parseSort } from '../query/sort.ts';
import { readCount, readDoc, readDocOrEmpty, readFlag, readNatural, readText } from './command.ts';
import type { Command, Handler } from './command.ts';
import { cursorReply } from './cursor-reply.ts';

/** What drivers expect when they name no size. */
export const defaultBatch = 101;

/** Runs a query on a collection by name; one that is not there is empty. */
export function findIn(engine: Engine, command: Command, query: Query): Iterable<Found> {
  const collection = engine.catalog.find(command.database, readText(command.body, command.name));
  if (collection === undefined) return [];
  return runQuery(engine.store, collection, query, {
    onPlan({ stage }) {
      if (stage === 'COLLSCAN' && !query.natural)
        engine.onScan(command.name, namespaceOf(collection));
    },
    onRow() {
      if (engine.stopwatch.elapsedMs() > command.maxTimeMs)
        throw new CommandError(50, 'operation exceeded time limit');
    },
  });
}

/** The query in a command's filter, sort, skip and limit. */
export function readQuery(body: Doc, filterOption: string): Query {
  const limit = readCount(body, 'limit') ?? 0;
  return {
    filter: parseFilter(readDocOrEmpty(body, filterOption)),
    sort: parseSort(readDocOrEmpty(body, 'sort')),
    skip: readCount(body, 'skip') ?? 0,
    limit: limit === 0 ? Infinity : limit,
    natural: readNatural(body),
  };
}

const find: Handler = {
  options: [
    'filter',
    'sort',
    'projection',
    'skip',
    'limit',
    'batchSize',
    'singleBatch',
    'hint',
    'allowDiskUse',
    'allowPartialResults',
    'noCursorTimeout',
    'tailable',
    'awaitData',
  ],
  run(engine, command) {
    const { body } = command;
    if (readFlag(body, 'tailable') || readFlag(body, 'awaitData'))
      throw unsupported('A tailable cursor');
    if (readFlag(body, 'noCursorTimeout')) throw unsupported('A cursor that never times out');
    const query = readQuery(body, 'filter');
    const projection = parseProjection(readDoc(body, 'projection'), query.filter);
    const results = encoded(findIn(engine, command, query), projection);
    const size = readCount(body, 'batchSize') ?? defaultBatch;
    const namespace = namespaceIn(command);
    const batch = engine.cursors.open(namespace, results, size, !readFlag(body, 'singleBatch'));
    return cursorReply('firstBatch', namespace, batch);
  },
};

function* encoded(items: Iterable<Found>, projection: Projection | undefined): Generator<Buffer> {
  for (const { doc, body } of items)
    yield projection === undefined ? body : encode(projection(doc));
}

export const namespaceIn = ({ database, name, body }: Command, option = name): string =>
  `${database}.${readText(body, option)}`;

const getMore: Handler = {
  options: ['collection', 'batchSize'],
  run(engine, command) {
    const { body } = command;
    const id = body.get('getMore');
    if (!(id instanceof Long)) throw new CommandError(14, 'getMore needs the id of a cursor');
    const namespace = namespaceIn(command, 'collection');
    const size = readCount(body, 'batchSize') ?? 0;
    const batch: Batch = engine.cursors.more(namespace, id, size === 0 ? Infinity : size);
    return cursorReply('nextBatch', namespace, batch);
  },
};

const killCursors: Handler = {
  options: ['cursors'],
  run(engine, { body }) {
    const asked = body.get('cursors');
    const ids = (Array.isArray(asked) ? asked : []).filter((id) => id instanceof Long);
    if (!Array.isArray(asked) || ids.length < asked.length)
      throw new CommandError(14, 'killCursors needs an array of ids');
    const killed = ids.filter((id) => engine.cursors.kill(id));
    const missing = ids.filter((id) => !killed.includes(id));
    return {
      cursorsKilled: killed,
      cursorsNotFound: missing,
      cursorsAlive: [],
      cursorsUnknown: [],
      ok: 1,
    };
  },
};

const count: Handler = {
  options: ['query', 'limit', 'skip', 'hint'],
  run(engine, command) {
    let n = 0;
    for (const _ of findIn(engine, command, readQuery(command.body, 'query'))) n++;
    return { n, ok: 1 };
  },
};

const distinct: Handler = {
  options: ['key', 'query'],
  run(engine, command) {
    const path = splitPath(readText(command.body, 'key'));
    const values = new Map<string, Value>();
    for (const { doc } of findIn(engine, command, readQuery(command.body, 'query'))) {
      for (const value of leaves(doc, path).flatMap(elements)) {
        const key = keyOf(value).toString('latin1');
        if (!values.has(key)) values.set(key, value);
      }
    }
    return { values: [...values.values()], ok: 1 };
  },
};

function elements(leaf: Value | undefined): readonly Value[] {
  if (leaf === undefined) return [];
  return Array.isArray(leaf) ? leaf : [leaf];
}

export const reading: Readonly<Record<string, Handler>> = {
  find,
  getMore,
  killCursors,
  count,
  distinct,
};
