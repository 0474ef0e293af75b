/**
 * What an index is: its specification read and checked. Options that MongoDB knows and this
 * database does not build are refused, since an index that differs from the one asked for lies.
 */
import { Int32 } from 'bson';

import { numberOf } from '../document.ts';
import type { Doc, Value } from '../document.ts';
import { CommandError, unsupported } from '../errors.ts';
import { keyOf } from '../key.ts';
import type { OrderedField } from '../query/expand.ts';
import type { Filter } from '../query/filter.ts';
import { parseFilter } from '../query/parse.ts';
import { isIndex, splitPath } from '../query/path.ts';

export interface Index {
  readonly id: number;
  readonly name: string;
  readonly fields: readonly OrderedField[];
  readonly unique: boolean;
  readonly sparse: boolean;
  readonly partial?: Filter;
  readonly expireAfterSeconds?: number;
  /** As it was asked for, without a version. */
  readonly spec: Doc;
  /** A bit for each field that has ever met an array: its bounds cannot be combined. */
  multikey: number;
}

const idSpec: Doc = new Map<string, Value>([
  ['key', new Map([['_id', new Int32(1)]])],
  ['name', '_id_'],
]);

/** The one every collection has; its entries are the documents' own keys, so it has none in `entries`. */
export const idIndex: Index = {
  id: 0,
  name: '_id_',
  fields: [{ path: ['_id'], descending: false }],
  unique: true,
  sparse: false,
  spec: idSpec,
  multikey: 0,
};

const harmless = new Set(['v', 'background', 'ns']);
const flags = new Set(['unique', 'sparse']);
const known = new Set([
  'key',
  'name',
  'unique',
  'sparse',
  'partialFilterExpression',
  'expireAfterSeconds',
]);

/** Checks what createIndexes was given and leaves out what means nothing here. */
export function normalizeSpec(spec: Doc): Doc {
  for (const option of spec.keys()) {
    if (!known.has(option) && !harmless.has(option)) {
      throw new CommandError(197, `The index option '${option}' is not supported`);
    }
  }
  const version = spec.get('v') ?? new Int32(2);
  if (numberOf(version) !== 2) throw cannot('The only index version is 2');
  return new Map(
    [...spec].filter(
      ([option]) => known.has(option) && (!flags.has(option) || readFlag(spec, option)),
    ),
  );
}

/** Throws 67 or 197 for what cannot be indexed so. */
export function readIndex(spec: Doc, stored: { id: number; multikey: number }): Index {
  const { id, multikey } = stored;
  const name = spec.get('name');
  if (typeof name !== 'string' || name === '') throw cannot('An index needs a name');
  const fields = readFields(spec.get('key'));
  const unique = readFlag(spec, 'unique');
  const sparse = readFlag(spec, 'sparse');
  return {
    id,
    name,
    fields,
    unique,
    sparse,
    spec,
    multikey,
    ...readPartial(spec),
    ...readExpiry(spec, fields),
  };
}

const cannot = (message: string): CommandError => new CommandError(67, message);

function readFields(key: Value | undefined): readonly OrderedField[] {
  if (!(key instanceof Map) || key.size === 0) throw cannot('Index keys cannot be an empty object');
  if (key.size > 31) throw cannot('An index has at most 31 fields');
  return [...key].map(([path, direction]) => readField(path, direction));
}

function readField(path: string, direction: Value): OrderedField {
  const number = numberOf(direction);
  if (number === undefined || number === 0 || Number.isNaN(number)) {
    throw unsupported('An index other than ascending or descending');
  }
  const segments = splitPath(path);
  if (segments.some((part) => part === '' || part.startsWith('$') || isIndex(part))) {
    throw cannot(`Cannot index by '${path}'`);
  }
  return { path: segments, descending: number < 0 };
}

function readFlag(spec: Doc, option: string): boolean {
  const value = spec.get(option);
  if (value === undefined) return false;
  if (typeof value === 'boolean') return value;
  const number = numberOf(value);
  if (number === undefined) throw new CommandError(14, `The field '${option}' must be a boolean`);
  return number !== 0;
}

const partialOperators = new Set(['$eq', '$in', '$gt', '$gte', '$lt', '$lte', '$type', '$exists']);

function readPartial(spec: Doc): { partial?: Filter } {
  const expression = spec.get('partialFilterExpression');
  if (expression === undefined) return {};
  if (!(expression instanceof Map)) throw cannot('partialFilterExpression must be an object');
  if (spec.has('sparse')) throw cannot('cannot mix "partialFilterExpression" and "sparse" options');
  const partial = parseFilter(expression);
  if (!isPartialFilter(partial)) {
    throw cannot(`unsupported expression in partial index: ${[...expression.keys()].join(', ')}`);
  }
  return { partial };
}

/** Only conditions that whoever adds another can keep: no negations, which an array undoes. */
function isPartialFilter(filter: Filter): boolean {
  if (filter.kind === 'all') return filter.of.every(isPartialFilter);
  return filter.kind === 'field' && partialOperators.has(filter.test.operator);
}

function readExpiry(spec: Doc, fields: readonly OrderedField[]): { expireAfterSeconds?: number } {
  const value = spec.get('expireAfterSeconds');
  if (value === undefined) return {};
  const seconds = numberOf(value);
  if (seconds === undefined || seconds < 0 || seconds > 2 ** 31 - 1) {
    throw cannot('TTL index expireAfterSeconds must be a number within an acceptable range');
  }
  if (fields.length > 1) throw cannot('TTL indexes are single-field indexes');
  if (fields[0]?.path.join('.') === '_id') throw cannot('The field _id cannot be a TTL index');
  return { expireAfterSeconds: seconds };
}

/** Whether two specifications ask for the same index, whatever the order of their options. */
export function sameSpec(a: Doc, b: Doc): boolean {
  const ordered = (spec: Doc): Doc => new Map([...spec].sort(([x], [y]) => (x < y ? -1 : 1)));
  return keyOf(ordered(a)).equals(keyOf(ordered(b)));
}

export const sameKeyPattern = (a: Doc, b: Doc): boolean =>
  keyOf(a.get('key')).equals(keyOf(b.get('key')));
