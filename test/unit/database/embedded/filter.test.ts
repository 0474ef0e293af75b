import { Binary, Double, Int32, Long, MinKey } from 'bson';
import type { Document } from 'bson';
import { expect } from 'chai';

import { matches } from '../../../../src/database/embedded/query/filter.ts';
import { parseFilter } from '../../../../src/database/embedded/query/parse.ts';
import { toDoc } from './engine-kit.ts';

const day = new Date('2026-01-02');
const scores = {
  a: [
    { x: 1, y: 5 },
    { x: 4, y: 2 },
  ],
};

/** A filter, documents it matches, documents it does not. */
type Row = readonly [filter: Document, yes: readonly Document[], no: readonly Document[]];

const table: Readonly<Record<string, readonly Row[]>> = {
  equality: [
    [{}, [{}, { a: 1 }], []],
    [
      { a: 1 },
      [{ a: 1 }, { a: new Double(1) }, { a: [3, 1] }],
      [{ a: 2 }, { a: '1' }, {}, { a: [[1]] }],
    ],
    [{ a: 1, b: 2 }, [{ a: 1, b: 2 }], [{ a: 1 }, { a: 1, b: 3 }]],
    [{ a: null }, [{}, { a: null }, { a: [null] }], [{ a: 0 }, { a: [] }]],
    [
      { a: { b: 1 } },
      [{ a: { b: 1 } }, { a: [{ b: 1 }] }],
      [{ a: { b: 1, c: 1 } }, { a: { c: 1, b: 1 } }],
    ],
    [{ a: [1, 2] }, [{ a: [1, 2] }, { a: [[1, 2], 3] }], [{ a: [2, 1] }, { a: [1, 2, 3] }]],
    [{ a: day }, [{ a: new Date(day) }], [{ a: day.toISOString() }]],
    [
      { a: true },
      [{ a: true }, { a: [false, true] }],
      [{ a: 1 }, { a: 'true' }, { a: new Date(1) }],
    ],
    [{ a: [] }, [{ a: [] }, { a: [[]] }], [{}, { a: null }, { a: [null] }, { a: {} }]],
    [{ a: {} }, [{ a: {} }, { a: [{}] }], [{ a: [] }, {}, { a: { b: 1 } }]],
    [{ a: [null] }, [{ a: [null] }], [{ a: null }, {}, { a: [] }]],
    [{ a: new Int32(0) }, [{ a: new Double(-0) }, { a: Long.ZERO }], [{ a: false }, { a: '' }]],
    [{ a: Long.fromString('9007199254740993') }, [], [{ a: new Double(9007199254740992) }]],
    [
      { a: new Binary(Buffer.from([0xff])) },
      [{ a: new Binary(Buffer.from([0xff])) }],
      [{ a: new Binary(Buffer.from([0xfe])) }, { a: new Binary(Buffer.from([0xff]), 5) }],
    ],
  ],
  'a dotted path': [
    [
      { 'a.b': 1 },
      [{ a: { b: 1 } }, { a: [{ b: 2 }, { b: 1 }] }, { a: { b: [1] } }],
      [{ a: 1 }, { a: {} }],
    ],
    [
      { 'a.b': null },
      [{}, { a: {} }, { a: 4 }, { a: { b: null } }, { a: [{ b: 1 }, {}] }],
      [{ a: [] }, { a: [1] }, { a: [[{ b: null }]] }],
    ],
    [{ 'a.0': 1 }, [{ a: [1, 2] }, { a: { 0: 1 } }], [{ a: [2, 1] }, { a: [] }]],
    [{ 'a.1.b': 1 }, [{ a: [{ b: 2 }, { b: 1 }] }], [{ a: [{ b: 1 }] }]],
    [{ 'a.b.c': 1 }, [{ a: [{ b: [{ c: 1 }] }] }], [{ a: [[{ b: { c: 1 } }]] }]],
    [{ 'a.0': [1] }, [{ a: [[1], 2] }], [{ a: [1] }]],
    [{ 'a.0': 1 }, [{ a: [[2, 1]] }], [{ a: [[2], 1] }]],
    [{ 'a.0.1': 1 }, [{ a: [[2, 1]] }], [{ a: [2, 1] }]],
    [{ 'a.01': 1 }, [{ a: { '01': 1 } }], [{ a: [0, 1] }]],
    [{ 'a.0.b': 1 }, [{ a: [{ b: 1 }] }, { a: [{ 0: { b: 1 } }] }], [{ a: [2, { b: 1 }] }]],
    [{ 'a.5': null }, [{ a: [{}] }, {}, { a: 1 }], [{ a: [1] }, { a: [] }]],
    [{ 'a.b': { $ne: 1 } }, [{ a: [{ b: 2 }] }, {}, { a: [] }], [{ a: [{ b: 2 }, { b: 1 }] }]],
    [
      { 'a.b': { $gt: 1, $lt: 3 } },
      [{ a: { b: 2 } }, { a: [{ b: 0 }, { b: 9 }] }],
      [{ a: [{ b: 9 }] }],
    ],
    [{ 'a.length': 1 }, [], [{ a: [1] }]],
    [{ constructor: { $exists: true } }, [{ constructor: 1 }], [{}]],
  ],
  comparison: [
    [
      { a: { $gt: 1 } },
      [{ a: 2 }, { a: [0, 2] }],
      [{ a: 1 }, { a: '2' }, { a: null }, {}, { a: NaN }],
    ],
    [{ a: { $gte: 1 } }, [{ a: new Double(1) }, { a: Long.fromNumber(1) }], [{ a: 0 }]],
    [{ a: { $lt: 5 } }, [{ a: 4 }, { a: -Infinity }], [{ a: 5 }, { a: NaN }, { a: null }]],
    [{ a: { $lte: 'b' } }, [{ a: 'b' }, { a: 'B' }], [{ a: 'ba' }, { a: 1 }]],
    [{ a: { $gt: 1, $lt: 5 } }, [{ a: 3 }, { a: [0, 9] }], [{ a: 7 }, { a: [0] }]],
    [{ a: { $lt: day } }, [{ a: new Date(0) }], [{ a: new Date(day) }, {}]],
    [
      { a: { $gte: '' } },
      [{ a: '' }, { a: 'x' }],
      [{ a: 0 }, { a: {} }, { a: [] }, { a: day }, { a: true }],
    ],
    [{ a: { $gt: false } }, [{ a: true }], [{ a: 1 }, { a: false }, {}]],
    [
      { a: { $gte: day } },
      [{ a: day }, { a: [new Date(0), day] }],
      [{ a: day.getTime() }, { a: new Date(0) }],
    ],
    [{ a: { $lt: [2] } }, [{ a: [1, 9] }, { a: [] }], [{ a: [3] }, { a: 1 }, { a: { b: 1 } }]],
    [
      { a: { $gt: new Binary(Buffer.from([9])) } },
      [{ a: new Binary(Buffer.from([0, 0])) }],
      [{ a: new Binary(Buffer.from([8])) }, { a: 'xx' }],
    ],
    [{ a: { $lt: Long.fromString('9007199254740993') } }, [{ a: 2 ** 53 }], [{ a: 2 ** 53 + 2 }]],
    [{ a: { $gte: null } }, [{ a: null }, {}], [{ a: 1 }]],
    [{ a: { $gt: new MinKey() } }, [{ a: 1 }, { a: 'x' }], [{ a: new MinKey() }]],
    [{ a: { $gte: NaN } }, [{ a: NaN }], [{ a: 1 }]],
    [{ a: { $gt: { b: 1 } } }, [{ a: { b: 2 } }], [{ a: { b: 1 } }, { a: 9 }]],
  ],
  negation: [
    [{ a: { $ne: 1 } }, [{ a: 2 }, {}, { a: [2] }], [{ a: 1 }, { a: [2, 1] }]],
    [{ a: { $nin: [1, null] } }, [{ a: 2 }], [{ a: 1 }, {}, { a: null }]],
    [{ a: { $not: { $gt: 1 } } }, [{ a: 1 }, {}, { a: 'x' }], [{ a: 2 }, { a: [0, 2] }]],
    [{ $nor: [{ a: 1 }, { b: 1 }] }, [{ a: 2 }, {}], [{ a: 1 }, { b: 1 }]],
  ],
  'sets and logic': [
    [{ a: { $in: [1, 'x'] } }, [{ a: 1 }, { a: 'x' }, { a: [9, 'x'] }], [{ a: 2 }, {}]],
    [{ a: { $in: [null] } }, [{}, { a: null }], [{ a: 1 }]],
    [{ a: { $in: [[1, 2]] } }, [{ a: [1, 2] }, { a: [[1, 2]] }], [{ a: [1] }, { a: 1 }]],
    [{ a: { $in: [1] } }, [{ a: new Double(1) }, { a: Long.ONE }], [{ a: '1' }, { a: true }]],
    [{ a: { $all: [[1]] } }, [{ a: [1] }, { a: [[1]] }], [{ a: [[1, 2]] }]],
    [{ 'a.b': { $all: [1, 2] } }, [{ a: [{ b: 1 }, { b: 2 }] }], [{ a: [{ b: 1 }] }]],
    [{ a: { $in: [] } }, [], [{}, { a: 1 }]],
    [{ $or: [{ a: 1 }, { b: 1 }] }, [{ a: 1 }, { b: 1 }], [{ a: 2 }]],
    [{ $and: [{ a: { $gt: 1 } }, { a: { $lt: 3 } }] }, [{ a: 2 }], [{ a: 3 }]],
    [{ a: { $all: [1, 2] } }, [{ a: [2, 3, 1] }], [{ a: [1] }, { a: 1 }]],
    [{ a: { $all: [1] } }, [{ a: 1 }, { a: [1] }], [{ a: 2 }]],
    [{ a: { $all: [] } }, [], [{ a: [] }, {}]],
    [{ a: 1, $comment: 'why' }, [{ a: 1 }], [{ a: 2 }]],
  ],
  'existence, type and size': [
    [{ a: { $exists: true } }, [{ a: null }, { a: [] }], [{}]],
    [{ a: { $exists: false } }, [{}], [{ a: null }]],
    [{ 'a.b': { $exists: false } }, [{ a: [] }, { a: 1 }, {}], [{ a: [{}, { b: 1 }] }]],
    [{ a: { $type: 'string' } }, [{ a: 'x' }, { a: [1, 'x'] }], [{ a: 1 }, {}]],
    [{ a: { $type: 'array' } }, [{ a: [] }], [{ a: 1 }]],
    [
      { a: { $type: ['int', 'double'] } },
      [{ a: new Int32(1) }, { a: 1.5 }],
      [{ a: Long.fromNumber(1) }],
    ],
    [{ a: { $type: 'number' } }, [{ a: Long.fromNumber(1) }], [{ a: '1' }]],
    [{ a: { $type: 9 } }, [{ a: day }], [{ a: 1 }]],
    [{ a: { $size: 2 } }, [{ a: [1, 2] }], [{ a: [1] }, { a: [[1, 2]] }, { a: 'ab' }, {}]],
    [{ a: { $mod: [4, 1] } }, [{ a: 5 }, { a: 9.7 }], [{ a: 4 }, { a: '5' }]],
  ],
  'one element': [
    [
      { a: { $elemMatch: { x: 1, y: 5 } } },
      [scores],
      [
        {
          a: [
            { x: 1, y: 2 },
            { x: 4, y: 5 },
          ],
        },
        { a: { x: 1, y: 5 } },
      ],
    ],
    [{ 'a.x': 1, 'a.y': 2 }, [scores], [{ a: [{ x: 1 }] }]],
    [{ a: { $elemMatch: { $gt: 1, $lt: 5 } } }, [{ a: [0, 3] }], [{ a: [0, 9] }, { a: 3 }]],
    [{ a: { $elemMatch: { $or: [{ x: 1 }, { y: 9 }] } } }, [scores], [{ a: [{ x: 2 }] }]],
    [{ a: { $elemMatch: { $ne: 1 } } }, [{ a: [1, 2] }], [{ a: [1] }, { a: [] }]],
    [{ a: { $not: { $elemMatch: { x: 1 } } } }, [{ a: [] }, {}], [scores]],
    [
      { a: { $all: [{ $elemMatch: { x: 1 } }, { $elemMatch: { x: 4 } }] } },
      [scores],
      [{ a: [{ x: 1 }] }],
    ],
    [{ 'a.b': { $elemMatch: { c: 1 } } }, [{ a: [{ b: [{ c: 1 }] }] }], [{ a: { b: { c: 1 } } }]],
  ],
};

const refused: readonly (readonly [Document, RegExp])[] = [
  [{ $where: 'true' }, /unknown top level operator: \$where/],
  [{ $expr: { $eq: [1, 1] } }, /\$expr/],
  [{ $text: { $search: 'x' } }, /\$text/],
  [{ $jsonSchema: {} }, /\$jsonSchema/],
  [{ a: { $near: [1, 2] } }, /unknown operator: \$near/],
  [{ a: { $regex: 'x' } }, /unknown operator: \$regex/],
  [{ a: { $gt: 1, b: 2 } }, /unknown operator: b/],
  [{ a: { $in: 1 } }, /\$in needs an array/],
  [{ $or: [] }, /nonempty array/],
  [{ a: { $type: 'regex' } }, /not supported/],
  [{ a: { $size: -1 } }, /\$size/],
  [{ a: { $type: [] } }, /at least one type/],
  [{ a: { $mod: [2] } }, /malformed mod/],
  [{ a: { $mod: [2, 1, 0] } }, /malformed mod/],
  [{ a: { $mod: [0, 1] } }, /malformed mod/],
  [{ a: { $not: 1 } }, /\$not needs/],
  [{ a: { $elemMatch: { $gt: 1, b: 2 } } }, /unknown operator: b/],
  [{ a: { $options: 'i' } }, /\$options/],
  [{ a: { $bitsAllSet: 1 } }, /\$bitsAllSet/],
];

describe('a filter', () => {
  for (const [title, rows] of Object.entries(table)) {
    for (const [filter, yes, no] of rows) {
      it(`decides by ${title}: ${JSON.stringify(filter)}`, () => {
        const parsed = parseFilter(toDoc(filter));
        for (const doc of yes)
          expect(matches(parsed, toDoc(doc)), JSON.stringify(doc)).to.equal(true);
        for (const doc of no)
          expect(matches(parsed, toDoc(doc)), JSON.stringify(doc)).to.equal(false);
      });
    }
  }

  for (const [filter, message] of refused) {
    it(`refuses ${JSON.stringify(filter)}`, () => {
      expect(() => parseFilter(toDoc(filter))).to.throw(message);
    });
  }

  it('refuses a regular expression', () => {
    expect(() => toDoc({ a: /x/ })).to.throw(/regex is not supported/);
  });
});
