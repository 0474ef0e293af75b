import { Double, Long } from 'bson';
import type { Document } from 'bson';
import { expect } from 'chai';

import type { Engine } from '../../../../src/database/embedded/engine/engine.ts';
import { ask, engineInMemory, randomNumbers } from './engine-kit.ts';

const indexes: readonly Document[] = [
  { key: { a: 1 }, name: 'a' },
  { key: { a: -1, b: 1 }, name: 'a_b' },
  { key: { b: 1, a: -1, s: 1 }, name: 'b_a_s' },
  { key: { b: -1 }, name: 'b_sparse', sparse: true },
  { key: { 'c.d': 1, 'c.e': -1 }, name: 'c' },
  { key: { s: 1 }, name: 's_partial', partialFilterExpression: { s: { $gt: 'f' } } },
  { key: { t: 1 }, name: 't_partial', partialFilterExpression: { t: { $exists: true } } },
  { key: { u: 1, a: 1 }, name: 'u_partial', partialFilterExpression: { u: { $type: 'string' } } },
  { key: { s: -1, t: -1 }, name: 's_t' },
  { key: { x: 1 }, name: 'x_sparse', sparse: true },
];

/** Two queries a round. With 100 seeds: `npm run soak -- planner`. */
const seeds = Number(process.env.PLANNER_SEEDS ?? 4);
const rounds = 200;
const documents = 30;

/** Random documents and queries over few values, so that they meet often. */
function randomCases(seed: number) {
  const random = randomNumbers(seed);
  const pick = <Item>(items: readonly Item[]): Item => items[random(items.length)] as Item;
  const scalar = () =>
    pick<() => unknown>([
      () => random(6),
      () => new Double(random(6) + 0.5),
      () => Long.fromNumber(random(6)),
      () => pick(['e', 'f', 'g', '', 'g\0']),
      () => null,
      () => pick([true, false]),
      () => new Date(random(4)),
      () => NaN,
      () => ({ d: random(3) }),
    ])();
  const value = (): unknown => {
    if (random(4) > 0) return scalar();
    return Array.from({ length: random(4) }, () => (random(8) > 0 ? scalar() : [scalar()]));
  };
  const inner = (): Document => ({
    ...(random(4) > 0 && { d: random(5) === 0 ? [random(4), random(4)] : random(4) }),
    ...(random(4) > 0 && { e: random(4) }),
  });
  const nested = (): unknown => {
    if (random(3) > 0) return inner();
    return Array.from({ length: random(3) }, () => (random(6) > 0 ? inner() : random(4)));
  };
  const document = (_id: number): Document => {
    const doc: Document = { _id };
    // Values that are no arrays leave some indexes free to sort and to combine bounds.
    for (const name of ['a', 'b']) if (random(5) > 0) doc[name] = value();
    for (const name of ['s', 't', 'u', 'x']) if (random(5) > 0) doc[name] = scalar();
    if (random(4) > 0) doc.c = nested();
    return doc;
  };
  const operator = (): Document =>
    pick<() => Document>([
      () => ({ [pick(['$gt', '$gte', '$lt', '$lte'])]: scalar() }),
      () => ({ $gt: scalar(), $lte: scalar() }),
      () => ({ $gte: random(4), $lt: random(6) }),
      () => ({ $in: Array.from({ length: random(4) }, value) }),
      () => ({ $ne: value() }),
      () => ({ $nin: [scalar()] }),
      () => ({ $exists: random(2) === 0 }),
      () => ({ $not: { $gt: scalar() } }),
      () => ({ $all: Array.from({ length: random(3) }, scalar) }),
      () => ({ $elemMatch: { $gte: random(4), $lte: random(6) } }),
      () => ({ $type: pick(['string', 'int', 'number', 'array', 'null']) }),
      () => ({ $size: random(3) }),
    ])();
  const field = (): Document => {
    if (random(8) === 0) return { c: { $elemMatch: { d: random(4), e: { $gte: random(4) } } } };
    const name = pick(['a', 'a', 'b', 'b', 's', 't', 'u', 'x', 'c.d', 'c.e', 'c', '_id']);
    return { [name]: random(2) === 0 ? value() : operator() };
  };
  const filter = (): Document => {
    if (random(8) === 0) return { [pick(['$or', '$nor', '$and'])]: [field(), field()] };
    if (random(10) === 0) return { 'c.d': random(4), 'c.e': random(4) };
    if (random(8) === 0) return { $or: [field(), { ...field(), ...field() }], ...field() };
    return { ...field(), ...(random(2) > 0 && field()), ...(random(3) === 0 && field()) };
  };
  const sort = (): Document => {
    const direction = () => pick([1, -1]);
    return pick<() => Document>([
      () => ({}),
      () => ({ [pick(['a', 's', 't', '_id', 'c.d'])]: direction() }),
      () => ({ s: direction(), t: direction() }),
      () => ({ t: direction(), _id: direction() }),
    ])();
  };
  return { random, document, filter, sort };
}

const find = (engine: Engine, command: Document): readonly Document[] => {
  const reply = ask(engine, { find: 'c', batchSize: 1000, projection: { s: 1, t: 1 }, ...command });
  if (reply.ok !== 1) throw new Error(String(reply.errmsg));
  return (reply.cursor as { firstBatch: Document[] }).firstBatch;
};

const planOf = (engine: Engine, command: Document): Document =>
  (ask(engine, { explain: { find: 'c', ...command } }).queryPlanner as { winningPlan: Document })
    .winningPlan;

const ids = (docs: readonly Document[]): readonly number[] =>
  docs.map(({ _id }) => _id as number).sort((a, b) => a - b);

/** Only what was sorted by can be compared in order; equals may come in any. */
const orderOf = (docs: readonly Document[], sort: Document): string =>
  JSON.stringify(
    docs.map((doc) => Object.keys(sort).map((name) => (doc[name] as unknown) ?? null)),
  );

function engineWith(documents: readonly Document[]): Engine {
  const engine = engineInMemory();
  expect(ask(engine, { createIndexes: 'c', indexes }).ok).to.equal(1);
  // Some are refused: an index does not take two arrays at once.
  expect(ask(engine, { insert: 'c', documents, ordered: false }).n).to.be.above(
    documents.length / 2,
  );
  return engine;
}

describe('the planner', () => {
  const stages = new Map<string, number>();

  for (let seed = 1; seed <= seeds; seed++) {
    it(`finds by index what a look at every document finds (seed ${seed})`, () => {
      const { random, document, filter, sort } = randomCases(seed);
      const engine = engineWith(Array.from({ length: documents }, (_, id) => document(id)));
      for (let round = 0; round < rounds; round++) {
        const query = { filter: filter(), sort: sort() };
        const label = JSON.stringify(query);
        const expected = find(engine, { ...query, hint: { $natural: 1 } });
        expect(ids(find(engine, query)), label).to.deep.equal(ids(expected));
        const stage = String(planOf(engine, query).stage);
        stages.set(stage, (stages.get(stage) ?? 0) + 1);

        const [skip, limit] = [random(5), 1 + random(10)];
        const page = find(engine, { ...query, skip, limit });
        const expectedPage = expected.slice(skip, skip + limit);
        expect(page.length, label).to.equal(expectedPage.length);
        // Where arrays are sorted by one of their elements, the documents do not show which.
        if (!('a' in query.sort) && !('c.d' in query.sort)) {
          expect(orderOf(page, query.sort), label).to.equal(orderOf(expectedPage, query.sort));
        }

        const _id = random(documents);
        if (random(3) === 0) ask(engine, { delete: 'c', deletes: [{ q: { _id }, limit: 1 }] });
        ask(engine, { update: 'c', updates: [{ q: { _id }, u: document(_id), upsert: true }] });
      }
    });
  }

  it('used every kind of plan in doing so', () => {
    for (const stage of ['IXSCAN', 'COLLSCAN']) expect(stages.get(stage)).to.be.above(100);
    for (const stage of ['IDHACK', 'OR']) expect(stages.get(stage)).to.be.above(10);
  });

  it('sorts arrays by one element, though an index has them all', () => {
    const engine = engineWith([
      { _id: 1, a: [1, 9] },
      { _id: 2, a: 5 },
      { _id: 3, a: [2, 3] },
    ]);
    const order = (a: number) =>
      find(engine, { filter: { a: { $gte: 2 } }, sort: { a } }).map(({ _id }) => _id as number);
    expect([order(1), order(-1)]).to.deep.equal([
      [1, 3, 2],
      [1, 2, 3],
    ]);
  });

  it('leaves no index entry behind when all documents are gone', () => {
    const { document } = randomCases(99);
    const engine = engineWith(Array.from({ length: 50 }, (_, id) => document(id)));
    ask(engine, {
      update: 'c',
      updates: [{ q: {}, u: { $set: { a: [1, 2], b: 1 } }, multi: true }],
    });
    ask(engine, { delete: 'c', deletes: [{ q: {}, limit: 0 }] });
    const whole = { key: Buffer.alloc(0), rid: -1 };
    const page = { after: whole, until: Buffer.from([0xff]), reverse: false, size: 10 };
    for (const index of engine.catalog.find('test', 'c')?.indexes.slice(1) ?? []) {
      expect(engine.store.entries(index.id, page), index.name).to.deep.equal([]);
    }
  });
});

const choices: readonly (readonly [string, Document, Document])[] = [
  ['an _id by itself', { filter: { _id: 1 } }, { stage: 'IDHACK', sorts: false }],
  [
    'the _id’s order',
    { sort: { _id: -1 } },
    { indexName: '_id_', direction: 'backward', sorts: false },
  ],
  ['the longer match', { filter: { a: 1, b: 2 } }, { indexName: 'a_b' }],
  [
    'a sparse index where presence is asked',
    { filter: { x: { $gt: 1 } } },
    { indexName: 'x_sparse' },
  ],
  ['no sparse index for null', { filter: { x: null } }, { stage: 'COLLSCAN' }],
  ['a partial index for what is inside it', { filter: { s: 'g' } }, { stage: 'IXSCAN' }],
  [
    'a partial index on presence for a range',
    { filter: { t: { $lt: 5 } } },
    { indexName: 't_partial' },
  ],
  ['no partial index on presence for null', { filter: { t: null } }, { stage: 'COLLSCAN' }],
  [
    'a partial index on a type for a range of it',
    { filter: { u: { $gte: 'a' } } },
    { indexName: 'u_partial' },
  ],
  ['no partial index on a type for another', { filter: { u: { $gte: 1 } } }, { stage: 'COLLSCAN' }],
  [
    'an index’s order after equality',
    { filter: { s: 'a' }, sort: { t: 1 } },
    { indexName: 's_t', direction: 'backward', sorts: false },
  ],
  [
    'an index’s order alone',
    { sort: { s: -1, t: -1 } },
    { indexName: 's_t', direction: 'forward', sorts: false },
  ],
  [
    'sorting where directions differ',
    { sort: { s: -1, t: 1 } },
    { stage: 'COLLSCAN', sorts: true },
  ],
  [
    'an element’s fields together',
    { filter: { c: { $elemMatch: { d: 1, e: 2 } } } },
    { indexName: 'c' },
  ],
  ['an index for each alternative', { filter: { $or: [{ a: 1 }, { b: 2 }] } }, { stage: 'OR' }],
  [
    'a full scan if one alternative has none',
    { filter: { $or: [{ a: 1 }, { y: 2 }] } },
    { stage: 'COLLSCAN' },
  ],
  ['a full scan for a negation', { filter: { a: { $ne: 1 } } }, { stage: 'COLLSCAN' }],
  ['a full scan when told to', { filter: { a: 1 }, hint: { $natural: 1 } }, { stage: 'COLLSCAN' }],
];

describe('a plan', () => {
  const engine = engineWith([{ _id: 1, a: 1, b: 1, s: 'x', t: 1, u: 'x', c: { d: 1, e: 1 } }]);
  for (const [title, command, plan] of choices) {
    it(`uses ${title}`, () => {
      expect(planOf(engine, command)).to.deep.include(plan);
    });
  }
});
