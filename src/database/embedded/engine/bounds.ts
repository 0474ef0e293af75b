/**
 * From a filter's conditions to ranges of index keys. A condition is used only if every document that
 * matches the filter must meet it, and the filter is applied afterwards all the same.
 */
import type { Value } from '../document.ts';
import { beforeAllKeys, beyondAllKeys, invert, keyOf, successor, typeOfKey } from '../key.ts';
import type { Filter, Test } from '../query/filter.ts';

/** All keys from the first, included, to the last, excluded. */
export interface Range {
  readonly from: Buffer;
  readonly to: Buffer;
}

export const wholeRange: Range = { from: beforeAllKeys, to: beyondAllKeys };

/** A test that must hold for some value at the path. */
export interface Condition {
  readonly path: string;
  readonly test: Test;
}

/** The conditions that every match meets. */
export function conditionsOf(filter: Filter, prefix: readonly string[] = []): readonly Condition[] {
  if (filter.kind === 'all') return filter.of.flatMap((part) => conditionsOf(part, prefix));
  if (filter.kind !== 'field') return [];
  const path = [...prefix, ...filter.path];
  const { inner } = filter.test;
  // An element that meets a condition on its field `b` puts that value at the path `a.b`.
  if (inner !== undefined) return conditionsOf(inner, path);
  return [{ path: path.join('.'), test: filter.test }];
}

const points = new Set(['$eq', '$in']);
const intervals = new Set(['$gt', '$gte', '$lt', '$lte']);

/** Whole arrays and the ends of all values are not where an index could find them by one key. */
const isPlannable = ({ operands }: Test): boolean =>
  operands.every((operand) => !Array.isArray(operand) && !isEnd(operand));

const isEnd = (operand: Value): boolean =>
  ['MinKey', 'MaxKey'].includes((operand as { _bsontype?: string } | null)?._bsontype ?? '');

export const isPoint = ({ test }: Condition): boolean =>
  points.has(test.operator) && isPlannable(test);

export const isInterval = ({ test }: Condition): boolean =>
  intervals.has(test.operator) && isPlannable(test);

/** The keys a point condition allows for its field, each once. */
export function pointKeys({ test }: Condition, descending: boolean): readonly Buffer[] {
  const keys = test.operands.map((operand) => directed(keyOf(operand), descending));
  return [...new Map(keys.map((key) => [key.toString('latin1'), key])).values()].sort((a, b) =>
    Buffer.compare(a, b),
  );
}

/** `$in` keeps its list as operands; a range has one. */
const directed = (key: Buffer, descending: boolean): Buffer => (descending ? invert(key) : key);

/** The range of keys that begin with `prefix` and then fulfil one or more interval conditions on one field. */
export function intervalRange(
  prefix: Buffer,
  conditions: readonly Condition[],
  descending: boolean,
): Range {
  const ranges = conditions.map((condition) => singleInterval(prefix, condition, descending));
  return ranges.reduce((a, b) => ({ from: later(a.from, b.from), to: earlier(a.to, b.to) }));
}

const later = (a: Buffer, b: Buffer): Buffer => (Buffer.compare(a, b) > 0 ? a : b);
const earlier = (a: Buffer, b: Buffer): Buffer => (Buffer.compare(a, b) < 0 ? a : b);

function singleInterval(prefix: Buffer, { test }: Condition, descending: boolean): Range {
  const key = keyOf(test.operands[0]);
  const type = Buffer.concat([prefix, directed(Buffer.from(typeOfKey(key)), descending)]);
  const bound = Buffer.concat([prefix, directed(key, descending)]);
  const inclusive = test.operator.endsWith('e');
  const isLower = test.operator.startsWith('$gt') !== descending;
  if (isLower) return { from: inclusive ? bound : successor(bound), to: successor(type) };
  return { from: type, to: inclusive ? successor(bound) : bound };
}

/** All keys that begin with these bytes. */
export const prefixRange = (prefix: Buffer): Range => ({
  from: prefix,
  to: prefix.length === 0 ? beyondAllKeys : successor(prefix),
});
