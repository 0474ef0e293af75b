/**
 * What a document contributes to an order by several paths: one tuple of values, or, where a path
 * leads through an array, one for each element. Index entries and sort keys are made of these.
 */
import type { Doc, Value } from '../document.ts';
import { CommandError } from '../errors.ts';
import { compoundKey, emptyArray } from '../key.ts';
import type { KeyPart } from '../key.ts';
import { isIndex } from './path.ts';
import type { Path } from './path.ts';

export interface OrderedField {
  readonly path: Path;
  readonly descending: boolean;
}

export type Tuple = readonly KeyPart[];

export interface Expansion {
  readonly tuples: readonly Tuple[];
  /** A bit for each field that met an array. */
  readonly multikey: number;
}

/** How far one field has been followed. */
interface Position {
  readonly value: KeyPart;
  readonly rest: Path;
  /** An element of an array that stands for itself, even if it is an array again. */
  readonly final: boolean;
}

/** Throws 171 if two fields meet different arrays: MongoDB orders by one array at a time. */
export function expand(doc: Doc, fields: readonly OrderedField[]): Expansion {
  return expandFrom(fields.map(({ path }) => follow(doc, path)));
}

function expandFrom(positions: readonly Position[]): Expansion {
  const array = positions.find(isAtArray)?.value;
  if (!Array.isArray(array)) return { tuples: [positions.map(({ value }) => value)], multikey: 0 };
  const tuples: Tuple[] = [];
  let multikey = 0;
  for (const [index, position] of positions.entries()) {
    if (position.value === array && isAtArray(position)) multikey |= 1 << index;
    else if (isAtArray(position)) throw new CommandError(171, 'cannot index parallel arrays');
  }
  const items: readonly KeyPart[] = array.length === 0 ? [emptyArray] : array;
  for (const item of items) {
    const deeper = expandFrom(
      positions.map((from) => (from.value === array ? step(from, item) : from)),
    );
    tuples.push(...deeper.tuples);
    multikey |= deeper.multikey;
  }
  return { tuples, multikey };
}

const isAtArray = (position: Position): boolean => !position.final && Array.isArray(position.value);

function step({ rest }: Position, item: KeyPart): Position {
  if (rest.length === 0) return { value: item, rest, final: true };
  if (item instanceof Map) return follow(item, rest);
  return { value: undefined, rest: [], final: true };
}

function follow(start: Value, path: Path): Position {
  let value: Value | undefined = start;
  for (const [index, segment] of path.entries()) {
    if (value instanceof Map) value = value.get(segment);
    else if (Array.isArray(value) && isIndex(segment)) value = value[Number(segment)];
    else if (Array.isArray(value)) return { value, rest: path.slice(index), final: false };
    else return { value: undefined, rest: [], final: true };
  }
  return { value, rest: [], final: false };
}

/** The key a document is sorted by: the first of all it could have. */
export function sortKey(doc: Doc, fields: readonly OrderedField[]): Buffer {
  const directions = fields.map(({ descending }) => descending);
  const keys = expand(doc, fields).tuples.map((tuple) => compoundKey(tuple, directions));
  return keys.reduce((least, key) => (Buffer.compare(key, least) < 0 ? key : least));
}
