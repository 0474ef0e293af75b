import { Binary, Double, Int32, Long, MaxKey, MinKey, ObjectId } from 'bson';
import { expect } from 'chai';

import {
  compareKeys,
  compoundKey,
  emptyArray,
  keyOf,
  successor,
} from '../../../../src/database/embedded/key.ts';
import { toValue } from './engine-kit.ts';

// MongoDB's manual, "Comparison/Sort Order", and its comparison of each type.
const ascending: readonly unknown[] = [
  new MinKey(),
  null,
  NaN,
  -Infinity,
  Long.fromString('-9223372036854775808'),
  Long.fromString('-9007199254740993'),
  new Double(-9007199254740992),
  -1.5,
  -1,
  new Double(-5e-324),
  0,
  new Double(5e-324),
  0.5,
  1,
  Long.fromNumber(2),
  2147483648,
  new Double(9007199254740992),
  Long.fromString('9007199254740993'),
  new Double(9007199254740994),
  Long.fromString('4611686018427387903'),
  new Double(4611686018427387904),
  Long.fromString('4611686018427387905'),
  Long.fromString('9223372036854775807'),
  new Double(9223372036854775808),
  Infinity,
  '',
  '\0',
  '\0\0',
  '\0a',
  '\u0001',
  'A',
  'a',
  'a\0',
  'a\0b',
  'ab',
  'b',
  'ä',
  // By code units, as JavaScript compares, these two would stand the other way round.
  '\uffff',
  '😀',
  {},
  { a: null },
  { a: 1 },
  { a: 1, b: 1 },
  { a: 2 },
  { b: 0 },
  { a: 'x' },
  [],
  [null],
  [1],
  [1, 2],
  [2],
  ['a'],
  new Binary(Buffer.from([]), 0),
  new Binary(Buffer.from([0xff]), 0),
  new Binary(Buffer.from([0x00]), 5),
  new Binary(Buffer.from([0x80, 0x00]), 0),
  new Binary(Buffer.from([0x81, 0x00]), 0),
  new ObjectId('000000000000000000000001'),
  new ObjectId('ffffffffffffffffffffffff'),
  false,
  true,
  new Date(-8.64e15),
  new Date(-1),
  new Date(0),
  new Date(2 ** 32),
  new Date(8.64e15),
  new MaxKey(),
];

const equal: readonly (readonly [string, unknown, unknown])[] = [
  ['a missing field and null', undefined, null],
  ['an int and a double', new Int32(7), new Double(7)],
  ['an int and a long', new Int32(-7), Long.fromNumber(-7)],
  ['a large long and its double', Long.fromString('4611686018427387904'), 2 ** 62],
  ['zero and negative zero', 0, new Double(-0)],
  ['numbers inside documents', { a: new Int32(1) }, { a: new Double(1) }],
];

const key = (value: unknown): Buffer => keyOf(toValue(value));

describe('keys', () => {
  it('compare as MongoDB orders values, each against all others', () => {
    const keys = ascending.map(key);
    for (const [low, a] of keys.entries()) {
      for (const [high, b] of keys.entries()) {
        const label = `${JSON.stringify(ascending[low])} and ${JSON.stringify(ascending[high])}`;
        expect(Math.sign(compareKeys(a, b)), label).to.equal(Math.sign(low - high));
      }
    }
  });

  for (const [title, a, b] of equal) {
    it(`are equal for ${title}`, () => {
      expect(key(a).equals(key(b))).to.equal(true);
    });
  }

  it('put an array without elements before null where elements are ordered', () => {
    expect(compareKeys(keyOf(emptyArray), keyOf(null))).to.equal(-1);
    expect(compareKeys(keyOf(new MinKey()), keyOf(emptyArray))).to.equal(-1);
  });

  it('turn around for descending fields', () => {
    const keys = ascending.map((value) => compoundKey([toValue(value)], [true]));
    for (const [index, one] of keys.entries()) {
      const next = keys[index + 1];
      if (next !== undefined) expect(compareKeys(one, next)).to.equal(1);
    }
  });

  it('never begin another key, so that the next field cannot be mistaken for this one', () => {
    const keys = ascending.map(key);
    for (const a of keys) {
      const extended = keys.filter((b) => a !== b && b.subarray(0, a.length).equals(a));
      expect(extended).to.deep.equal([]);
    }
  });

  it('order compound keys field by field, in the direction of each', () => {
    const pairs = [
      ['a', 2],
      ['a', 1],
      ['a\0', 9],
      ['b', 3],
    ];
    const keys = pairs.map((parts) => compoundKey(parts.map(toValue), [false, true]));
    expect([...keys].sort(compareKeys)).to.deep.equal(keys);
  });

  it('have a successor behind all that begin with them', () => {
    expect(successor(Buffer.from([1, 0xff, 0xff]))).to.deep.equal(Buffer.from([2]));
    expect(successor(Buffer.from([1, 2]))).to.deep.equal(Buffer.from([1, 3]));
  });
});
