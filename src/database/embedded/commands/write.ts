/**
 * Writing many: insert, update, delete. Each statement of a command stands for itself; an error in
 * one is reported beside the others' results, and ends the command only if it is ordered.
 */
import { ObjectId } from 'bson';

import { numberOf } from '../document.ts';
import type { Doc, Value } from '../document.ts';
import type { Collection } from '../engine/catalog.ts';
import type { Engine } from '../engine/engine.ts';
import { badValue, CommandError, errorReply } from '../errors.ts';
import { parseFilter } from '../query/parse.ts';
import { parseUpdate } from '../update/update.ts';
import {
  readDocs,
  readFlag,
  readNatural,
  readRequiredDoc,
  readText,
  refuseUnknown,
} from './command.ts';
import type { Command, Handler, Reply } from './command.ts';
import { insertFromFilter, modify } from './modify.ts';
import { findIn } from './read.ts';

/** What `hello` promises. */
export const mostStatements = 100_000;

/** Runs each statement, and returns the reply's list of errors if there are any. */
function runEach(
  body: Doc,
  statements: readonly Doc[],
  run: (statement: Doc, index: number) => void,
): { writeErrors?: readonly Reply[] } {
  if (statements.length === 0 || statements.length > mostStatements)
    throw badValue(`Write batch sizes must be between 1 and ${mostStatements}`);
  const isOrdered = readFlag(body, 'ordered', true);
  const writeErrors: Reply[] = [];
  for (const [index, statement] of statements.entries()) {
    try {
      run(statement, index);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      const { code, errmsg, keyPattern, keyValue } = errorReply(error);
      writeErrors.push({ index, code, errmsg, ...(code === 11000 && { keyPattern, keyValue }) });
      if (isOrdered) break;
    }
  }
  return writeErrors.length > 0 ? { writeErrors } : {};
}

export function collectionFor({ catalog }: Engine, { database, name, body }: Command): Collection {
  return catalog.findOrCreate(database, readText(body, name));
}

const insert: Handler = {
  writes: true,
  options: ['documents', 'ordered', 'bypassDocumentValidation'],
  run(engine, command) {
    const collection = collectionFor(engine, command);
    let n = 0;
    const errors = runEach(command.body, readDocs(command.body, 'documents'), (doc) => {
      engine.records.insert(collection, withIdFirst(doc));
      n++;
    });
    return { n, ...errors, ok: 1 };
  },
};

function withIdFirst(doc: Doc): Doc {
  const bad = [...doc.keys()].find((name) => name.startsWith('$'));
  if (bad !== undefined) throw badValue(`The document to insert has a field named '${bad}'`);
  const [first] = doc.keys();
  return first === '_id' ? doc : new Map([['_id', doc.get('_id') ?? new ObjectId()], ...doc]);
}

const update: Handler = {
  writes: true,
  options: ['updates', 'ordered', 'bypassDocumentValidation'],
  run(engine, command) {
    const result = { n: 0, nModified: 0 };
    const upserted: { readonly index: number; readonly _id: Value }[] = [];
    const errors = runEach(command.body, readDocs(command.body, 'updates'), (statement, index) => {
      const id = runUpdate(engine, command, statement, result);
      if (id !== undefined) upserted.push({ index, _id: id });
    });
    return { ...result, ...(upserted.length > 0 && { upserted }), ...errors, ok: 1 };
  },
};

const updateOptions = ['q', 'u', 'multi', 'upsert', 'arrayFilters', 'hint'];

/** Returns the _id of what an upsert inserted. */
function runUpdate(
  engine: Engine,
  command: Command,
  statement: Doc,
  result: { n: number; nModified: number },
): Value | undefined {
  refuseUnknown('update.updates', statement, updateOptions);
  const filter = parseFilter(readRequiredDoc(statement, 'q'));
  const change = parseUpdate(statement.get('u'), readDocs(statement, 'arrayFilters'));
  const multi = readFlag(statement, 'multi');
  if (multi && change.isReplacement)
    throw new CommandError(9, 'multi update is not supported for replacement-style update');
  const query = {
    filter,
    sort: [],
    skip: 0,
    limit: multi ? Infinity : 1,
    natural: readNatural(statement),
  };
  // All are found before any is changed: a change could move a document ahead in the index.
  const found = [...findIn(engine, command, query)];
  for (const item of found) {
    const { changed } = modify(engine, item, { update: change, filter });
    result.n++;
    if (changed) result.nModified++;
  }
  if (found.length > 0 || !readFlag(statement, 'upsert')) return undefined;
  const doc = insertFromFilter(engine, collectionFor(engine, command), { update: change, filter });
  result.n++;
  return doc.get('_id');
}

const remove: Handler = {
  writes: true,
  options: ['deletes', 'ordered'],
  run(engine, command) {
    let n = 0;
    const errors = runEach(command.body, readDocs(command.body, 'deletes'), (statement) => {
      refuseUnknown('delete.deletes', statement, ['q', 'limit', 'hint']);
      const filter = parseFilter(readRequiredDoc(statement, 'q'));
      const limit = readDeleteLimit(statement);
      const query = { filter, sort: [], skip: 0, limit, natural: readNatural(statement) };
      for (const item of [...findIn(engine, command, query)]) {
        engine.records.remove(item);
        n++;
      }
    });
    return { n, ...errors, ok: 1 };
  },
};

/** A forgotten or mistaken limit must not mean "all of them". */
function readDeleteLimit(statement: Doc): number {
  const limit = numberOf(statement.get('limit'));
  if (limit === 0 || limit === 1) return limit === 0 ? Infinity : 1;
  throw new CommandError(9, 'The limit field in delete objects must be 0 or 1');
}

export const writing: Readonly<Record<string, Handler>> = { insert, update, delete: remove };
