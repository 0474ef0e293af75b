/**
 * findAndModify: one document found, changed or removed, and returned as it was or as it became.
 */
import type { Doc } from '../document.ts';
import type { Engine } from '../engine/engine.ts';
import { CommandError } from '../errors.ts';
import type { Filter } from '../query/filter.ts';
import { parseProjection } from '../query/project.ts';
import { parseUpdate } from '../update/update.ts';
import { readDoc, readDocs, readFlag } from './command.ts';
import type { Command, Handler, Reply } from './command.ts';
import { insertFromFilter, modify } from './modify.ts';
import { findIn, readQuery } from './read.ts';
import { collectionFor } from './write.ts';

const findAndModify: Handler = {
  writes: true,
  options: [
    'query',
    'sort',
    'remove',
    'update',
    'new',
    'fields',
    'upsert',
    'arrayFilters',
    'bypassDocumentValidation',
    'hint',
  ],
  run(engine, command) {
    const { body } = command;
    const query = { ...readQuery(body, 'query'), limit: 1 };
    const project = projectionOf(body, query.filter);
    const [found] = findIn(engine, command, query);
    if (readFlag(body, 'remove')) {
      refuseBoth(body);
      if (found === undefined) return result(undefined, { n: 0 });
      engine.records.remove(found);
      return result(project(found.doc), { n: 1 });
    }
    const update = parseUpdate(body.get('update'), readDocs(body, 'arrayFilters'));
    const returnsNew = readFlag(body, 'new');
    if (found === undefined) return upsert(engine, command, { update, filter: query.filter });
    const { doc } = modify(engine, found, { update, filter: query.filter });
    return result(project(returnsNew ? doc : found.doc), { n: 1, updatedExisting: true });
  },
};

function upsert(
  engine: Engine,
  command: Command,
  change: Parameters<typeof insertFromFilter>[2],
): Reply {
  const { body } = command;
  if (!readFlag(body, 'upsert')) return result(undefined, { n: 0, updatedExisting: false });
  const doc = insertFromFilter(engine, collectionFor(engine, command), change);
  const project = projectionOf(body, change.filter);
  return result(readFlag(body, 'new') ? project(doc) : undefined, {
    n: 1,
    updatedExisting: false,
    upserted: doc.get('_id'),
  });
}

function projectionOf(body: Doc, filter: Filter): (doc: Doc) => Doc {
  return parseProjection(readDoc(body, 'fields'), filter) ?? ((doc) => doc);
}

function refuseBoth(body: Doc): void {
  if (body.has('update') || readFlag(body, 'new') || readFlag(body, 'upsert')) {
    throw new CommandError(9, "Cannot specify both an update, 'new' or 'upsert' and remove=true");
  }
}

const result = (value: Doc | undefined, lastErrorObject: Reply): Reply => ({
  lastErrorObject,
  value: value ?? null,
  ok: 1,
});

export const findingAndModifying: Readonly<Record<string, Handler>> = {
  findAndModify,
  findandmodify: findAndModify,
};
