/**
 * Update operators as functions from the value that is there (undefined: none) to the value that
 * shall be (undefined: none). Where it is, and how to get there, is not their concern.
 */
import { Double, Int32, Long } from 'bson';

import { numberOf, typeName } from '../document.ts';
import type { Value } from '../document.ts';
import { badValue, CommandError, unsupported } from '../errors.ts';
import { compareKeys, keyOf } from '../key.ts';
import { addToSet, pop, pull, pullAll, push } from './array-operators.ts';
import type { Change } from './change.ts';

/** Each reads its operand once, and then changes any number of documents. */
export const operators: ReadonlyMap<string, (operand: Value) => Change> = new Map([
  ['$set', (operand) => () => operand],
  ['$setOnInsert', (operand) => () => operand],
  ['$unset', () => () => undefined],
  ['$inc', arithmetic('$inc', add)],
  ['$mul', arithmetic('$mul', multiply)],
  ['$min', keep((order) => order < 0)],
  ['$max', keep((order) => order > 0)],
  ['$currentDate', currentDate],
  ['$push', push],
  ['$addToSet', addToSet],
  ['$pop', pop],
  ['$pull', pull],
  ['$pullAll', pullAll],
]);

function keep(isBetter: (order: number) => boolean) {
  return (operand: Value): Change => {
    const key = keyOf(operand);
    return (current) =>
      current === undefined || isBetter(compareKeys(key, keyOf(current))) ? operand : current;
  };
}

function currentDate(operand: Value): Change {
  if (operand === true) return (_current, { now }) => now;
  const isDate = operand instanceof Map && operand.size === 1 && operand.get('$type') === 'date';
  if (isDate) return (_current, { now }) => now;
  throw unsupported('$currentDate other than as a date');
}

type Numeric = Int32 | Long | Double;
const isNumeric = (value: Value | undefined): value is Numeric => numberOf(value) !== undefined;

function arithmetic(name: string, combine: (a: Numeric | undefined, b: Numeric) => Numeric) {
  return (operand: Value): Change => {
    if (!isNumeric(operand))
      throw new CommandError(14, `Cannot ${verb(name)} with non-numeric argument`);
    return (current, { path, id }) => {
      if (current === undefined) return combine(undefined, operand);
      if (isNumeric(current)) return combine(current, operand);
      const field = path.split('.').at(-1) ?? path;
      throw new CommandError(
        14,
        `Cannot apply ${name} to a value of non-numeric type. {_id: ${id}} has the field '${field}' of non-numeric type ${typeName(current)}`,
      );
    };
  };
}

const verb = (name: string): string => (name === '$inc' ? 'increment' : 'multiply');

function add(a: Numeric | undefined, b: Numeric): Numeric {
  if (a === undefined) return b;
  if (a instanceof Double || b instanceof Double) return new Double(real(a) + real(b));
  return integer(whole(a) + whole(b), a instanceof Long || b instanceof Long);
}

function multiply(a: Numeric | undefined, b: Numeric): Numeric {
  if (a instanceof Double || b instanceof Double) {
    return new Double(a === undefined ? 0 : real(a) * real(b));
  }
  return integer(
    a === undefined ? 0n : whole(a) * whole(b),
    a instanceof Long || b instanceof Long,
  );
}

const real = (value: Numeric): number => (value instanceof Long ? value.toNumber() : value.value);
const whole = (value: Int32 | Long): bigint =>
  value instanceof Long ? value.toBigInt() : BigInt(value.value);

/** An int that outgrows 32 bits becomes a long; a long that outgrows 64 is an error. */
function integer(value: bigint, isLong: boolean): Int32 | Long {
  if (BigInt.asIntN(64, value) !== value)
    throw badValue('Failed to apply the operation: integer overflow');
  if (isLong || BigInt.asIntN(32, value) !== value) return Long.fromBigInt(value);
  return new Int32(Number(value));
}
