import type { Document } from 'bson';
import { expect } from 'chai';

import { encode } from '../../../../src/database/embedded/document.ts';
import { parseFilter } from '../../../../src/database/embedded/query/parse.ts';
import { parseProjection } from '../../../../src/database/embedded/query/project.ts';
import { parseSort, sortBy } from '../../../../src/database/embedded/query/sort.ts';
import { toDoc, toObject } from './engine-kit.ts';

const ada = { _id: 1, name: { given: 'Ada', family: 'King' }, tags: ['a', 'b', 'c'], n: 5 };
const list = { _id: 1, a: [{ x: 1, y: 1 }, 7, { x: 2, y: 2 }, [{ x: 3, y: 3 }]] };

const table: readonly (readonly [Document, Document, Document, Document?])[] = [
  [{}, ada, ada],
  [{ n: 1 }, ada, { _id: 1, n: 5 }],
  [{ n: true, _id: 0 }, ada, { n: 5 }],
  [{ n: 0 }, { _id: 1, n: 1, m: 2 }, { _id: 1, m: 2 }],
  [{ _id: 0 }, { _id: 1, n: 5 }, { n: 5 }],
  [{ _id: 1 }, ada, { _id: 1 }],
  [{ 'name.given': 1 }, ada, { _id: 1, name: { given: 'Ada' } }],
  [{ name: { given: 1 } }, ada, { _id: 1, name: { given: 'Ada' } }],
  [{ 'name.given': 0, tags: 0 }, ada, { _id: 1, name: { family: 'King' }, n: 5 }],
  [{ missing: 1 }, ada, { _id: 1 }],
  [{ 'n.x': 1 }, ada, { _id: 1 }],
  [{ 'n.x': 0 }, { n: 5 }, { n: 5 }],
  [{ 'a.x': 1 }, list, { _id: 1, a: [{ x: 1 }, { x: 2 }, [{ x: 3 }]] }],
  [{ 'a.x': 0 }, list, { _id: 1, a: [{ y: 1 }, 7, { y: 2 }, [{ y: 3 }]] }],
  [{ tags: { $slice: 2 } }, ada, { ...ada, tags: ['a', 'b'] }],
  [{ tags: { $slice: -1 } }, ada, { ...ada, tags: ['c'] }],
  [
    { tags: { $slice: [1, 1] }, n: 1 },
    { tags: ['a', 'b'], n: 1, m: 1 },
    { tags: ['b'], n: 1 },
  ],
  [{ a: { $elemMatch: { x: 2 } } }, list, { _id: 1, a: [{ x: 2, y: 2 }] }],
  [{ a: { $elemMatch: { x: 9 } } }, list, { _id: 1 }],
  [{ 'a.$': 1 }, list, { _id: 1, a: [{ x: 2, y: 2 }] }, { 'a.x': 2 }],
];

describe('a projection', () => {
  for (const [spec, before, after, filter = {}] of table) {
    it(`returns what ${JSON.stringify(spec)} asks for`, () => {
      const project = parseProjection(toDoc(spec), parseFilter(toDoc(filter)));
      const result = project?.(toDoc(before)) ?? toDoc(before);
      expect(encode(result)).to.deep.equal(encode(toDoc(after)));
    });
  }

  for (const spec of [
    { a: 1, b: 0 },
    { a: '$b' },
    { a: { $meta: 'textScore' } },
    { a: 1, 'a.b': 1 },
    { 'a.b': 1, a: 1 },
    { a: { $slice: 'x' } },
  ]) {
    it(`is refused: ${JSON.stringify(spec)}`, () => {
      expect(() => parseProjection(toDoc(spec), parseFilter(toDoc({})))).to.throw();
    });
  }
});

const sorts: readonly (readonly [string, Document, readonly Document[]])[] = [
  [
    'types in MongoDB’s order',
    { a: 1 },
    [{ a: [] }, {}, { a: 1 }, { a: 'x' }, { a: {} }, { a: true }],
  ],
  ['descending', { a: -1 }, [{ a: 'x' }, { a: 2 }, { a: 1 }, {}]],
  [
    'by several fields',
    { a: 1, b: -1 },
    [
      { a: 1, b: 2 },
      { a: 1, b: 1 },
      { a: 2, b: 9 },
    ],
  ],
  ['arrays by their least element', { a: 1 }, [{ a: [9, 1] }, { a: 2 }, { a: [3] }]],
  [
    'arrays by their greatest element, descending',
    { a: -1 },
    [{ a: [9, 1] }, { a: [3] }, { a: 2 }],
  ],
  ['through arrays of documents', { 'a.b': 1 }, [{ a: [{ b: 3 }, { b: 1 }] }, { a: { b: 2 } }]],
  ['by a place in an array', { 'a.1': 1 }, [{ a: [9, 1] }, { a: [1, 2] }]],
];

describe('sorting', () => {
  for (const [title, spec, ordered] of sorts) {
    it(`orders ${title}`, () => {
      const shuffled = [...ordered].reverse().map(toDoc);
      const result = sortBy(shuffled, parseSort(toDoc(spec)), (doc) => doc);
      expect(result.map(toObject)).to.deep.equal(ordered);
    });
  }

  it('keeps the order of equals', () => {
    const docs = [
      { a: 1, n: 1 },
      { a: 1, n: 2 },
      { a: 0, n: 3 },
    ].map(toDoc);
    const result = sortBy(docs, parseSort(toDoc({ a: 1 })), (doc) => doc);
    expect(result.map((doc) => toObject(doc).n as number)).to.deep.equal([3, 1, 2]);
  });

  it('is refused in any other direction, and by two arrays at once', () => {
    expect(() => parseSort(toDoc({ a: 2 }))).to.throw(/must be 1/);
    expect(() => parseSort(toDoc({ a: { $meta: 'x' } }))).to.throw();
    const sort = parseSort(toDoc({ a: 1, b: 1 }));
    expect(() => sortBy([toDoc({ a: [1], b: [2] })], sort, (doc) => doc)).to.throw(
      /parallel arrays/,
    );
  });
});
