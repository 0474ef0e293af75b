/**
 * Update operators on arrays. Each returns a new array and leaves the old one alone.
 */
import { numberOf, typeName } from '../document.ts';
import type { Doc, Value } from '../document.ts';
import { badValue, CommandError } from '../errors.ts';
import { compareKeys, keyOf } from '../key.ts';
import { equalTo } from '../query/operators.ts';
import { parseElementCondition } from '../query/parse.ts';
import { parseSort, sortBy } from '../query/sort.ts';
import type { Change } from './change.ts';

export function push(operand: Value): Change {
  const { items, position, sort, limit } = readPush(operand);
  return (current, { path, id }) => {
    if (current !== undefined && !Array.isArray(current)) {
      throw badValue(
        `The field '${path}' must be an array but is of type ${typeName(current)} in document {_id: ${id}}`,
      );
    }
    const old = current ?? [];
    const start = position < 0 ? Math.max(0, old.length + position) : position;
    return limit(sort(old.toSpliced(Math.min(start, old.length), 0, ...items)));
  };
}

type Reorder = (items: Value[]) => Value[];

interface Push {
  readonly items: readonly Value[];
  readonly position: number;
  readonly sort: Reorder;
  readonly limit: Reorder;
}

const unchanged: Reorder = (items) => items;

function readPush(operand: Value): Push {
  if (!(operand instanceof Map) || !operand.has('$each')) {
    if (operand instanceof Map && [...operand.keys()].some((name) => name.startsWith('$'))) {
      throw badValue('$push with modifiers needs $each');
    }
    return { items: [operand], position: Infinity, sort: unchanged, limit: unchanged };
  }
  refuseOthers(operand, ['$each', '$position', '$sort', '$slice'], '$push');
  return {
    items: readEach(operand, '$push'),
    position: readInteger(operand, '$position') ?? Infinity,
    sort: readSort(operand.get('$sort')),
    limit: readSlice(readInteger(operand, '$slice')),
  };
}

function refuseOthers(doc: Doc, known: readonly string[], operator: string): void {
  const other = [...doc.keys()].find((name) => !known.includes(name));
  if (other !== undefined) throw badValue(`Unrecognized clause in ${operator}: ${other}`);
}

function readEach(doc: Doc, operator: string): readonly Value[] {
  const items = doc.get('$each');
  if (Array.isArray(items)) return items;
  throw badValue(`The argument to $each in ${operator} must be an array`);
}

function readInteger(doc: Doc, name: string): number | undefined {
  const value = doc.get(name);
  if (value === undefined) return undefined;
  const number = numberOf(value);
  if (number === undefined || !Number.isInteger(number)) {
    throw badValue(`The value for ${name} must be an integer value`);
  }
  return number;
}

function readSlice(count: number | undefined): Reorder {
  if (count === undefined) return unchanged;
  return (items) => (count < 0 ? items.slice(count) : items.slice(0, count));
}

function readSort(spec: Value | undefined): Reorder {
  if (spec === undefined) return unchanged;
  if (spec instanceof Map) {
    if (spec.size === 0) throw badValue('The $sort pattern is empty');
    const sort = parseSort(spec);
    const docOf = (item: Value): Doc => (item instanceof Map ? item : new Map<string, Value>());
    return (items) => [...sortBy(items, sort, docOf)];
  }
  const direction = numberOf(spec);
  if (direction !== 1 && direction !== -1) {
    throw badValue('The $sort element value must be either 1 or -1');
  }
  return (items) =>
    items
      .map((item) => ({ item, key: keyOf(item) }))
      .sort((a, b) => direction * compareKeys(a.key, b.key))
      .map(({ item }) => item);
}

export function addToSet(operand: Value): Change {
  const items = readSetItems(operand);
  return (current, { path }) => {
    if (current !== undefined && !Array.isArray(current)) {
      throw badValue(
        `Cannot apply $addToSet to non-array field. Field named '${path}' has non-array type ${typeName(current)}`,
      );
    }
    const result = [...(current ?? [])];
    for (const item of items) if (!result.some(equalTo(item))) result.push(item);
    return result;
  };
}

function readSetItems(operand: Value): readonly Value[] {
  if (!(operand instanceof Map) || !operand.has('$each')) return [operand];
  refuseOthers(operand, ['$each'], '$addToSet');
  return readEach(operand, '$addToSet');
}

export function pop(operand: Value): Change {
  const end = numberOf(operand);
  if (end !== 1 && end !== -1) throw new CommandError(9, '$pop expects 1 or -1');
  return (current, { path }) => {
    if (current === undefined) return undefined;
    if (!Array.isArray(current)) {
      throw new CommandError(
        14,
        `Path '${path}' contains an element of non-array type '${typeName(current)}'`,
      );
    }
    return end === 1 ? current.slice(0, -1) : current.slice(1);
  };
}

export function pull(operand: Value): Change {
  return removeWhere('$pull', unwanted(operand));
}

function unwanted(operand: Value): (item: Value) => boolean {
  return operand instanceof Map ? parseElementCondition(operand).holds : equalTo(operand);
}

export function pullAll(operand: Value): Change {
  if (!Array.isArray(operand)) throw badValue('$pullAll requires an array argument');
  const tests = operand.map(equalTo);
  return removeWhere('$pullAll', (item) => tests.some((test) => test(item)));
}

function removeWhere(name: string, isUnwanted: (item: Value) => boolean): Change {
  return (current) => {
    if (current === undefined) return undefined;
    if (!Array.isArray(current)) throw badValue(`Cannot apply ${name} to a non-array value`);
    return current.filter((item) => !isUnwanted(item));
  };
}
