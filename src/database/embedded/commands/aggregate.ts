/**
 * aggregate, as far as pipelines only select, order, cut, project and count. Any other stage is refused.
 */
import { Int32 } from 'bson';

import { encode, numberOf, typeName } from '../document.ts';
import type { Doc, Value } from '../document.ts';
import type { Query } from '../engine/scan.ts';
import { badValue, CommandError, unsupported } from '../errors.ts';
import { everything, matches } from '../query/filter.ts';
import { parseFilter } from '../query/parse.ts';
import { parseProjection } from '../query/project.ts';
import { parseSort, sortBy } from '../query/sort.ts';
import { readBatchSize, readDocs, readFlag, readNatural } from './command.ts';
import type { Handler } from './command.ts';
import { cursorReply } from './cursor-reply.ts';
import { defaultBatch, findIn, namespaceIn } from './read.ts';

type Stage = (docs: Iterable<Doc>) => Iterable<Doc>;

const aggregate: Handler = {
  options: ['pipeline', 'cursor', 'allowDiskUse', 'bypassDocumentValidation', 'hint', 'explain'],
  run(engine, command) {
    const { body } = command;
    if (!body.has('cursor')) throw new CommandError(9, "The 'cursor' option is required");
    if (readFlag(body, 'explain')) throw unsupported('explain as an option of aggregate');
    const { query, rest } = splitPipeline(readDocs(body, 'pipeline'), readNatural(body));
    const found = documentsOf(findIn(engine, command, query));
    const results = encoded(
      rest.map(readStage).reduce<Iterable<Doc>>((docs, stage) => stage(docs), found),
    );
    const namespace = namespaceIn(command);
    const size = readBatchSize(body) ?? defaultBatch;
    return cursorReply('firstBatch', namespace, engine.cursors.open(namespace, results, size));
  },
};

/** A leading $match, and the $sort after it, become the query, which may use an index for them. */
function splitPipeline(pipeline: readonly Doc[], natural: boolean) {
  const rest = [...pipeline];
  const takeFirst = (name: string): Doc | undefined => {
    const operand = rest[0]?.size === 1 ? rest[0].get(name) : undefined;
    if (!(operand instanceof Map)) return undefined;
    rest.shift();
    return operand;
  };
  const filter = takeFirst('$match');
  const sort = takeFirst('$sort');
  const query: Query = {
    filter: filter === undefined ? everything : parseFilter(filter),
    sort: sort === undefined ? [] : parseSort(sort),
    skip: 0,
    limit: Infinity,
    natural,
  };
  return { query, rest };
}

function* documentsOf(found: Iterable<{ readonly doc: Doc }>): Generator<Doc> {
  for (const { doc } of found) yield doc;
}

function* encoded(docs: Iterable<Doc>): Generator<Buffer> {
  for (const doc of docs) yield encode(doc);
}

function readStage(stage: Doc): Stage {
  const [entry, another] = stage;
  if (entry === undefined || another !== undefined) {
    throw new CommandError(
      40324,
      'A pipeline stage specification object must contain exactly one field.',
    );
  }
  const [name, operand] = entry;
  const create = stages.get(name);
  if (create === undefined)
    throw new CommandError(40324, `Unrecognized pipeline stage name: '${name}'`);
  return create(operand);
}

const stages: ReadonlyMap<string, (operand: Value) => Stage> = new Map([
  ['$match', (operand) => filterStage(docOf('$match', operand))],
  ['$sort', (operand) => sortStage(docOf('$sort', operand))],
  ['$skip', (operand) => cutStage(countOf('$skip', operand), Infinity)],
  ['$limit', (operand) => cutStage(0, countOf('$limit', operand))],
  ['$project', (operand) => projectStage(docOf('$project', operand))],
  ['$count', countStage],
  ['$group', (operand) => groupStage(docOf('$group', operand))],
]);

function docOf(name: string, operand: Value): Doc {
  if (operand instanceof Map) return operand;
  throw badValue(`the ${name} filter must be an object, not ${typeName(operand)}`);
}

function countOf(name: string, operand: Value): number {
  const number = numberOf(operand);
  if (number === undefined || !Number.isInteger(number) || number < 0) {
    throw badValue(`invalid argument to ${name} stage: expected a non-negative number`);
  }
  return number;
}

function filterStage(operand: Doc): Stage {
  const filter = parseFilter(operand);
  return function* (docs) {
    for (const doc of docs) if (matches(filter, doc)) yield doc;
  };
}

function sortStage(operand: Doc): Stage {
  const sort = parseSort(operand);
  return (docs) => sortBy([...docs], sort, (doc) => doc);
}

function cutStage(skip: number, limit: number): Stage {
  return function* (docs) {
    let position = 0;
    for (const doc of docs) {
      if (position++ < skip) continue;
      if (position > skip + limit) return;
      yield doc;
    }
  };
}

function projectStage(operand: Doc): Stage {
  const project = parseProjection(operand, everything);
  if (project === undefined) throw badValue('$project must have at least one field');
  return function* (docs) {
    for (const doc of docs) yield project(doc);
  };
}

function countStage(operand: Value): Stage {
  if (typeof operand !== 'string' || operand === '' || /[$.\0]/.test(operand)) {
    throw badValue('the count field must be a non-empty name');
  }
  return counting((n) => new Map([[operand, n]]));
}

/** Only the group that counts, which is how drivers count documents. */
function groupStage(operand: Doc): Stage {
  const sum = operand.get('n');
  const id = operand.get('_id');
  const isCount =
    operand.size === 2 &&
    (id === null || numberOf(id) !== undefined) &&
    sum instanceof Map &&
    sum.size === 1 &&
    numberOf(sum.get('$sum')) === 1;
  if (!isCount) throw unsupported('$group other than { _id: 1, n: { $sum: 1 } }');
  return counting(
    (n) =>
      new Map<string, Value>([
        ['_id', id ?? null],
        ['n', n],
      ]),
  );
}

/** Where there is nothing to count, there is no result either. */
function counting(resultOf: (n: Int32) => Doc): Stage {
  return function* (docs) {
    let n = 0;
    for (const _ of docs) n++;
    if (n > 0) yield resultOf(new Int32(n));
  };
}

export const aggregating: Readonly<Record<string, Handler>> = { aggregate };
