/**
 * Sort specifications, and sorting by them. Keys are made once for each document.
 */
import { numberOf } from '../document.ts';
import type { Doc, Value } from '../document.ts';
import { badValue } from '../errors.ts';
import { compareKeys } from '../key.ts';
import { sortKey } from './expand.ts';
import type { OrderedField } from './expand.ts';
import { splitPath } from './path.ts';

export type Sort = readonly OrderedField[];

export function parseSort(spec: Doc): Sort {
  return [...spec].map(([path, direction]) => parseField(path, direction));
}

function parseField(path: string, direction: Value): OrderedField {
  if (path.startsWith('$') || path === '') throw badValue(`Cannot sort by '${path}'`);
  const number = numberOf(direction);
  if (number !== 1 && number !== -1) {
    throw badValue('$sort key ordering must be 1 (for ascending) or -1 (for descending)');
  }
  return { path: splitPath(path), descending: number === -1 };
}

/** Sorts what holds documents; equal ones keep their order. */
export function sortBy<Item>(
  items: readonly Item[],
  sort: Sort,
  docOf: (item: Item) => Doc,
): readonly Item[] {
  return items
    .map((item) => ({ item, key: sortKey(docOf(item), sort) }))
    .sort((a, b) => compareKeys(a.key, b.key))
    .map(({ item }) => item);
}
