import { Double, Int32, Long } from 'bson';
import type { Document } from 'bson';
import { expect } from 'chai';

import { encode } from '../../../../src/database/embedded/document.ts';
import { CommandError } from '../../../../src/database/embedded/errors.ts';
import { parseFilter } from '../../../../src/database/embedded/query/parse.ts';
import { parseUpdate } from '../../../../src/database/embedded/update/update.ts';
import { documentFromFilter } from '../../../../src/database/embedded/update/upsert.ts';
import { toDoc, toObject } from './engine-kit.ts';

const now = new Date('2026-01-02T03:04:05Z');

interface Extras {
  readonly filter?: Document;
  readonly arrayFilters?: readonly Document[];
  readonly inserting?: boolean;
}

function apply(before: Document, update: Document, extras: Extras = {}) {
  const { filter = {}, arrayFilters = [], inserting = false } = extras;
  const parsed = parseUpdate(toDoc({ update }).get('update'), arrayFilters.map(toDoc));
  return parsed.apply(toDoc(before), { filter: parseFilter(toDoc(filter)), inserting, now });
}

type Row = readonly [before: Document, update: Document, after: Document, extras?: Extras];

const table: Readonly<Record<string, readonly Row[]>> = {
  'a replacement': [
    [{ _id: 1, a: 1 }, { b: 2 }, { _id: 1, b: 2 }],
    [{ _id: 1, a: 1 }, {}, { _id: 1 }],
  ],
  $set: [
    [{ a: 1 }, { $set: { a: 2, b: 3 } }, { a: 2, b: 3 }],
    [{}, { $set: { 'a.b.c': 1 } }, { a: { b: { c: 1 } } }],
    [{ a: [1, 2] }, { $set: { 'a.1': 9 } }, { a: [1, 9] }],
    [{ a: [1] }, { $set: { 'a.3': 9 } }, { a: [1, null, null, 9] }],
    [{ a: [{ b: 1 }] }, { $set: { 'a.0.c': 2 } }, { a: [{ b: 1, c: 2 }] }],
    [{}, { $set: { 'a.0': 1 } }, { a: { 0: 1 } }],
    [{ a: { b: 1 } }, { $set: { a: { c: 2 } } }, { a: { c: 2 } }],
    [{ a: [{ b: 1 }, { b: 2 }] }, { $set: { 'a.1.b': null } }, { a: [{ b: 1 }, { b: null }] }],
    [{ a: [[1]] }, { $set: { 'a.0.1': 2 } }, { a: [[1, 2]] }],
    [{}, { $set: { 'a.10': 1, 'a.9': 1 } }, { a: { 9: 1, 10: 1 } }],
    // New fields come in the order of their names.
    [{}, { $set: { b: 1, a: 1 } }, { a: 1, b: 1 }],
    [{}, { $set: { constructor: 1, toString: 2 } }, { constructor: 1, toString: 2 }],
    [{ a: 1 }, { $set: {} }, { a: 1 }],
  ],
  $unset: [
    [{ a: 1, b: 2 }, { $unset: { a: '' } }, { b: 2 }],
    [{ a: { b: 1, c: 2 } }, { $unset: { 'a.b': '', 'x.y': '' } }, { a: { c: 2 } }],
    [{ a: [1, 2, 3] }, { $unset: { 'a.1': '' } }, { a: [1, null, 3] }],
    [{ a: 1 }, { $unset: { 'a.b': '' } }, { a: 1 }],
  ],
  arithmetic: [
    [{ a: 1 }, { $inc: { a: 2, b: 5 } }, { a: 3, b: 5 }],
    [{ a: 1.5 }, { $inc: { a: -1 } }, { a: 0.5 }],
    [{ a: 3 }, { $mul: { a: 4, b: 4 } }, { a: 12, b: 0 }],
    [{ a: 5, b: 5 }, { $min: { a: 3, b: 9 } }, { a: 3, b: 5 }],
    [{ a: 5, b: 5 }, { $max: { a: 3, b: 9, c: 1 } }, { a: 5, b: 9, c: 1 }],
    [{ a: null, b: 'x' }, { $min: { a: 5, b: 5 } }, { a: null, b: 5 }],
    [{ a: null, b: 5 }, { $max: { a: 5, b: 'x' } }, { a: 5, b: 'x' }],
    [{ a: 2 }, { $max: { a: new Double(2) } }, { a: 2 }],
    [{ a: [1, 2] }, { $inc: { 'a.1': 5 } }, { a: [1, 7] }],
    [{ a: now }, { $max: { a: new Date(0) } }, { a: now }],
    [{}, { $currentDate: { a: true, b: { $type: 'date' } } }, { a: now, b: now }],
  ],
  $push: [
    [{}, { $push: { a: 1 } }, { a: [1] }],
    [{ a: [1] }, { $push: { a: [2, 3] } }, { a: [1, [2, 3]] }],
    [{ a: [1] }, { $push: { a: { $each: [2, 3] } } }, { a: [1, 2, 3] }],
    [{ a: [1] }, { $push: { a: { $each: [2, 3], $position: 0 } } }, { a: [2, 3, 1] }],
    [{ a: [1, 2] }, { $push: { a: { $each: [9], $position: -1 } } }, { a: [1, 9, 2] }],
    [{ a: [1, 2] }, { $push: { a: { $each: [3], $slice: -2 } } }, { a: [2, 3] }],
    [{ a: [1, 2] }, { $push: { a: { $each: [3], $slice: 2 } } }, { a: [1, 2] }],
    [{ a: [1, 2] }, { $push: { a: { $each: [], $slice: 0 } } }, { a: [] }],
    [{ a: [3, 1] }, { $push: { a: { $each: [2], $sort: -1 } } }, { a: [3, 2, 1] }],
    [
      { a: [{ n: 3 }, { n: 1 }] },
      { $push: { a: { $each: [{ n: 2 }], $sort: { n: 1 }, $slice: 2 } } },
      { a: [{ n: 1 }, { n: 2 }] },
    ],
  ],
  $addToSet: [
    [{ a: [1] }, { $addToSet: { a: 1 } }, { a: [1] }],
    [{ a: [1] }, { $addToSet: { a: { $each: [1, 2, 2] } } }, { a: [1, 2] }],
    [
      { a: [{ x: 1, y: 2 }] },
      { $addToSet: { a: { y: 2, x: 1 } } },
      {
        a: [
          { x: 1, y: 2 },
          { y: 2, x: 1 },
        ],
      },
    ],
    [{}, { $addToSet: { a: 1 } }, { a: [1] }],
  ],
  'removal from an array': [
    [{ a: [1, 2, 3] }, { $pop: { a: 1 } }, { a: [1, 2] }],
    [{ a: [1, 2, 3] }, { $pop: { a: -1 } }, { a: [2, 3] }],
    [{ a: [1, 2, 1] }, { $pull: { a: 1 } }, { a: [2] }],
    [{ a: [1, 5, 9] }, { $pull: { a: { $gte: 5 } } }, { a: [1] }],
    [{ a: [{ id: 1, x: 1 }, { id: 2 }] }, { $pull: { a: { id: 1 } } }, { a: [{ id: 2 }] }],
    [{ a: [{ id: 1 }, 'x'] }, { $pull: { a: { id: { $in: [1, 2] } } } }, { a: ['x'] }],
    [{ a: [1, 2, 3] }, { $pullAll: { a: [1, 3] } }, { a: [2] }],
    [{ a: [1, [1], [1, 2]] }, { $pull: { a: [1] } }, { a: [1, [1, 2]] }],
    [{ a: [1, null] }, { $pull: { a: null } }, { a: [1] }],
    [{ a: [{ b: null }, {}, 1] }, { $pull: { a: { b: null } } }, { a: [1] }],
    [{ a: [new Int32(1), 'x'] }, { $pull: { a: new Double(1) } }, { a: ['x'] }],
    [{ a: [] }, { $pop: { a: 1 } }, { a: [] }],
    [{}, { $pull: { a: 1 }, $pop: { b: 1 } }, {}],
  ],
  $rename: [
    [{ a: 1, b: 2 }, { $rename: { a: 'c' } }, { b: 2, c: 1 }],
    [{ a: { x: 1 } }, { $rename: { 'a.x': 'b.y' } }, { a: {}, b: { y: 1 } }],
    [{ b: 2 }, { $rename: { a: 'c' } }, { b: 2 }],
  ],
  $setOnInsert: [
    [{ a: 1 }, { $set: { b: 1 }, $setOnInsert: { c: 1 } }, { a: 1, b: 1 }],
    [{ a: 1 }, { $setOnInsert: { c: 1 } }, { a: 1, c: 1 }, { inserting: true }],
  ],
  'positions in arrays': [
    [{ a: [1, 5, 5] }, { $set: { 'a.$': 9 } }, { a: [1, 9, 5] }, { filter: { a: 5 } }],
    [
      { a: [{ id: 1 }, { id: 2 }] },
      { $set: { 'a.$.x': 9 } },
      { a: [{ id: 1 }, { id: 2, x: 9 }] },
      { filter: { 'a.id': 2 } },
    ],
    [
      {
        a: [
          { id: 1, k: 'x' },
          { id: 2, k: 'x' },
        ],
        b: [7],
      },
      { $inc: { 'a.$.n': 1 } },
      {
        a: [
          { id: 1, k: 'x' },
          { id: 2, k: 'x', n: 1 },
        ],
        b: [7],
      },
      { filter: { b: 7, a: { $elemMatch: { id: 2, k: 'x' } } } },
    ],
    [
      { a: [{ id: 1 }, { id: 2, b: [1] }] },
      { $push: { 'a.$.b': 2 } },
      { a: [{ id: 1 }, { id: 2, b: [1, 2] }] },
      { filter: { a: { $elemMatch: { id: 2, b: { $ne: 9 } } } } },
    ],
    [
      { a: [{ id: 1 }, { id: 2 }] },
      { $unset: { 'a.$.id': '' } },
      { a: [{ id: 1 }, {}] },
      { filter: { 'a.id': { $in: [2, 3] } } },
    ],
    [{ a: [1, 2] }, { $inc: { 'a.$[]': 1 } }, { a: [2, 3] }],
    [
      { a: [{ b: [1] }, { b: [2] }] },
      { $inc: { 'a.$[].b.$[]': 1 } },
      { a: [{ b: [2] }, { b: [3] }] },
    ],
    [
      { a: [1, 5, 9] },
      { $set: { 'a.$[big]': 0 } },
      { a: [1, 0, 0] },
      { arrayFilters: [{ big: { $gt: 4 } }] },
    ],
    [
      {
        a: [
          { id: 1, n: 1 },
          { id: 2, n: 1 },
        ],
      },
      { $inc: { 'a.$[it].n': 1 } },
      {
        a: [
          { id: 1, n: 1 },
          { id: 2, n: 2 },
        ],
      },
      { arrayFilters: [{ 'it.id': 2 }] },
    ],
  ],
};

const refused: readonly (readonly [Document, Document, number, RegExp, Extras?])[] = [
  [{ a: 'x' }, { $inc: { a: 1 } }, 14, /non-numeric type string/],
  [{ a: 1 }, { $inc: { a: 'x' } }, 14, /non-numeric argument/],
  [{ a: 1 }, { $set: { 'a.b': 1 } }, 28, /Cannot create field 'b' in element \{a: int\}/],
  [{ a: [1] }, { $set: { 'a.b': 1 } }, 28, /Cannot create field 'b'/],
  [{ a: 1 }, { $push: { a: 1 } }, 2, /must be an array but is of type int/],
  [{ a: 1 }, { $addToSet: { a: 1 } }, 2, /non-array field/],
  [{ a: 1 }, { $pull: { a: 1 } }, 2, /non-array value/],
  [{ a: 1 }, { $pop: { a: 1 } }, 14, /non-array type 'int'/],
  [{}, { $set: { a: 1 }, $inc: { a: 1 } }, 40, /conflict at 'a'/],
  [{}, { $set: { 'a.b': 1, a: 1 } }, 40, /conflict at 'a'/],
  [{ a: null }, { $set: { 'a.b': 1 } }, 28, /in element \{a: null\}/],
  [{ a: null }, { $inc: { a: 1 } }, 14, /non-numeric type null/],
  [{ a: [1] }, { $rename: { 'a.0': 'b' } }, 2, /array element in 'a.0'/],
  [{ a: [1], b: 1 }, { $rename: { b: 'a.0' } }, 2, /array element in 'a.0'/],
  [{ a: [1] }, { $push: { a: { $each: [1], $sort: {} } } }, 2, /\$sort pattern is empty/],
  [{}, { $rename: { a: '__proto__' } }, 2, /__proto__/],
  [{}, { $rename: { a: 'a' } }, 40, /conflict/],
  [{ a: [1] }, { $set: { 'a.$[]': 1, 'a.0': 2 } }, 40, /conflict at 'a.0'/],
  [{}, { $bit: { a: { and: 1 } } }, 9, /Unknown modifier: \$bit/],
  [{}, { $set: { a: 1 }, b: 1 }, 9, /Unknown modifier: b/],
  [{}, { a: 1, $set: { b: 1 } }, 52, /\$set/],
  [{}, { $set: 5 }, 9, /Modifiers operate on fields/],
  [{}, { $set: { 'a..b': 1 } }, 56, /empty field name/],
  [{}, { $set: { 'a.$x': 1 } }, 52, /\$x/],
  [{ a: [1] }, { $set: { 'a.$': 1 } }, 2, /did not find the match/, { filter: { b: 1 } }],
  [{ a: 1 }, { $set: { 'a.$[]': 1 } }, 2, /non-array/],
  [{}, { $set: { 'a.$[]': 1 } }, 2, /must exist/],
  [{}, { $set: { 'a.$[x]': 1 } }, 2, /No array filter found for identifier 'x'/],
  [{}, { $set: { a: 1 } }, 9, /'x' was not used/, { arrayFilters: [{ x: 1 }] }],
  [{}, { $push: { a: { $each: [1], $foo: 1 } } }, 2, /Unrecognized clause in \$push: \$foo/],
  [{}, { $push: { a: { $slice: 1 } } }, 2, /\$each/],
  [{}, { $currentDate: { a: { $type: 'timestamp' } } }, 2, /not supported/],
];

describe('an update', () => {
  for (const [title, rows] of Object.entries(table)) {
    for (const [before, update, after, extras] of rows) {
      it(`does ${title}: ${JSON.stringify(before)} with ${JSON.stringify(update)}`, () => {
        const result = apply(before, update, extras);
        expect(toObject(result)).to.deep.equal(after);
        // Also in the same order of fields, where keys are no numbers.
        expect(encode(result)).to.deep.equal(encode(toDoc(after)));
      });
    }
  }

  for (const [before, update, code, message, extras] of refused) {
    it(`is refused: ${JSON.stringify(before)} with ${JSON.stringify(update)}`, () => {
      const run = () => apply(before, update, extras);
      expect(run).to.throw(CommandError, message).with.property('code', code);
    });
  }

  it('is refused as a pipeline', () => {
    const pipeline = toDoc({ u: [{ $set: { a: 1 } }] }).get('u');
    expect(() => parseUpdate(pipeline, [])).to.throw(/pipeline is not supported/);
  });

  it('keeps the types of numbers', () => {
    const typeAfter = (start: unknown, by: unknown) =>
      apply({ a: start }, { $inc: { a: by } }).get('a')?.constructor;
    expect(typeAfter(new Int32(1), new Int32(1))).to.equal(Int32);
    expect(typeAfter(new Int32(1), Long.fromNumber(1))).to.equal(Long);
    expect(typeAfter(new Int32(1), new Double(1))).to.equal(Double);
    expect(typeAfter(new Int32(2147483647), new Int32(1))).to.equal(Long);
    expect(() => typeAfter(Long.MAX_VALUE, new Int32(1))).to.throw(/overflow/);
  });

  it('refuses to pad an array without bound', () => {
    expect(() => apply({ a: [] }, { $set: { 'a.99999999': 1 } })).to.throw(/too many elements/);
  });

  it('cannot reach a prototype', () => {
    const path = new Map([['$set', new Map([['__proto__.polluted', new Int32(1)]])]]);
    expect(() => parseUpdate(path, [])).to.throw(/__proto__/);
    apply({}, { $set: { 'constructor.prototype.polluted': 1 } });
    expect({}).not.to.have.property('polluted');
  });
});

describe('an upsert', () => {
  const starts: readonly (readonly [Document, Document])[] = [
    [
      { _id: 1, a: 2 },
      { _id: 1, a: 2 },
    ],
    [
      { a: 2, _id: 1 },
      { _id: 1, a: 2 },
    ],
    [{ a: { $eq: 1 }, b: { $gt: 1 }, c: { $in: [1] } }, { a: 1 }],
    [{ $and: [{ a: 1 }, { 'b.c': 2 }] }, { a: 1, b: { c: 2 } }],
    [{ $or: [{ a: 1 }, { b: 1 }] }, {}],
    [{ a: { $all: [1] } }, { a: 1 }],
    [{ a: { $ne: 1 } }, {}],
  ];
  for (const [filter, doc] of starts) {
    it(`begins with what ${JSON.stringify(filter)} demands`, () => {
      const start = documentFromFilter(parseFilter(toDoc(filter)));
      expect(encode(start)).to.deep.equal(encode(toDoc(doc)));
    });
  }

  it('is refused where the filter demands two values for one place', () => {
    const filter = parseFilter(toDoc({ $and: [{ a: 1 }, { a: 2 }] }));
    expect(() => documentFromFilter(filter))
      .to.throw(CommandError)
      .with.property('code', 54);
  });
});
