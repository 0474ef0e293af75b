/**
 * The operators that ask something of one value. Those that negate or combine are `parse.ts`'s.
 */
import { numberOf, typeName } from '../document.ts';
import type { Value } from '../document.ts';
import { badValue, unsupported } from '../errors.ts';
import { compareKeys, isNaNKey, keyOf, sameType } from '../key.ts';
import type { Test } from './filter.ts';

type Holds = Test['holds'];

const test = (operator: string, operands: readonly Value[], holds: Holds): Test => ({
  operator,
  operands,
  throughElements: true,
  holds,
});

export const operators: ReadonlyMap<string, (operand: Value) => Test> = new Map([
  ['$eq', (operand) => test('$eq', [operand], equalTo(operand))],
  ['$in', isOneOf],
  ['$gt', range('$gt', (order) => order > 0)],
  ['$gte', range('$gte', (order) => order >= 0)],
  ['$lt', range('$lt', (order) => order < 0)],
  ['$lte', range('$lte', (order) => order <= 0)],
  ['$exists', exists],
  ['$type', hasType],
  ['$size', hasSize],
  ['$mod', hasRemainder],
]);

/** Equality as MongoDB means it: 1 equals 1.0, a missing field equals null. */
export function equalTo(operand: Value): Holds {
  if (typeof operand === 'string') return (value) => value === operand;
  const key = keyOf(operand);
  return (value) => (typeof value === 'string' ? false : keyOf(value).equals(key));
}

function isOneOf(operand: Value): Test {
  if (!Array.isArray(operand)) throw badValue('$in needs an array');
  const keys = new Set(operand.map(hashOf));
  return test('$in', operand, (value) => keys.has(hashOf(value)));
}

const hashOf = (value: Value | undefined): string => keyOf(value).toString('latin1');

function range(operator: string, accepts: (order: number) => boolean) {
  return (operand: Value): Test => {
    const bound = keyOf(operand);
    // The ends of all values are the only operands that other types are compared with.
    const anyType = ['minKey', 'maxKey'].includes(typeName(operand));
    return test(operator, [operand], (value) => {
      const key = keyOf(value);
      if (!anyType && !sameType(key, bound)) return false;
      const order = compareKeys(key, bound);
      // NaN is ordered below all numbers in an index, but is neither less nor greater than any.
      if (order !== 0 && (isNaNKey(key) || isNaNKey(bound))) return false;
      return accepts(order);
    });
  };
}

function exists(operand: Value): Test {
  return { ...test('$exists', [operand], (value) => value !== undefined), throughElements: false };
}

const typeNumbers = new Map([
  [1, 'double'],
  [2, 'string'],
  [3, 'object'],
  [4, 'array'],
  [5, 'binData'],
  [7, 'objectId'],
  [8, 'bool'],
  [9, 'date'],
  [10, 'null'],
  [16, 'int'],
  [18, 'long'],
  [-1, 'minKey'],
  [127, 'maxKey'],
]);
const typeNames = new Set([...typeNumbers.values(), 'number']);

function hasType(operand: Value): Test {
  const wanted = new Set((Array.isArray(operand) ? operand : [operand]).map(typeOf));
  if (wanted.size === 0) throw badValue('$type must match at least one type');
  if (wanted.has('number')) for (const name of ['int', 'long', 'double']) wanted.add(name);
  return test('$type', [operand], (value) => wanted.has(typeName(value)));
}

function typeOf(operand: Value): string {
  const name = typeof operand === 'string' ? operand : typeNumbers.get(numberOf(operand) ?? NaN);
  if (name === undefined || !typeNames.has(name)) throw unsupported('$type with this type');
  return name;
}

function hasSize(operand: Value): Test {
  const size = numberOf(operand);
  if (size === undefined || !Number.isInteger(size) || size < 0) {
    throw badValue('Failed to parse $size. Expected a non-negative integer');
  }
  const holds: Holds = (value) => Array.isArray(value) && value.length === size;
  return { ...test('$size', [operand], holds), throughElements: false };
}

function hasRemainder(operand: Value): Test {
  const [divisor = NaN, remainder = NaN, more] = (Array.isArray(operand) ? operand : []).map(
    (item) => numberOf(item) ?? NaN,
  );
  const isFit = Number.isFinite(divisor) && Number.isFinite(remainder) && more === undefined;
  if (!isFit || Math.trunc(divisor) === 0) {
    throw badValue('malformed mod, needs a divisor other than zero and a remainder');
  }
  return test('$mod', [operand], (value) => {
    const number = numberOf(value);
    return (
      number !== undefined && Math.trunc(number) % Math.trunc(divisor) === Math.trunc(remainder)
    );
  });
}
