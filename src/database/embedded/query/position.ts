/**
 * Which element of an array made a filter match: what positional `$` stands for. MongoDB leaves it
 * open when several arrays are asked about; here only a condition on that very array counts.
 */
import type { Value } from '../document.ts';
import { matches, passes } from './filter.ts';
import type { Filter, Test } from './filter.ts';
import { leaves } from './path.ts';
import type { Path } from './path.ts';

/** The first such index in the array at `path`, or undefined. */
export function matchedIndex(filter: Filter, doc: Value, path: Path): number | undefined {
  const [array] = leaves(doc, path);
  return Array.isArray(array) ? indexIn(filter, doc, path, array) : undefined;
}

function indexIn(
  filter: Filter,
  doc: Value,
  path: Path,
  array: readonly Value[],
): number | undefined {
  switch (filter.kind) {
    case 'all':
      return firstOf(filter.of, (part) => indexIn(part, doc, path, array));
    case 'any':
      return firstOf(filter.of, (part) =>
        matches(part, doc) ? indexIn(part, doc, path, array) : undefined,
      );
    case 'not':
      return undefined;
    case 'field':
      return startsWith(filter.path, path)
        ? indexPassing(filter.test, array, filter.path.slice(path.length))
        : undefined;
  }
}

function firstOf<Item>(
  items: readonly Item[],
  find: (item: Item) => number | undefined,
): number | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

const startsWith = (path: Path, start: Path): boolean =>
  start.every((segment, index) => path[index] === segment);

function indexPassing(test: Test, array: readonly Value[], rest: Path): number | undefined {
  const index = array.findIndex((item) => {
    if (test.operator === '$elemMatch' && rest.length === 0) return test.holds([item]);
    if (rest.length === 0) return test.holds(item);
    return item instanceof Map && leaves(item, rest).some((leaf) => passes(test, leaf));
  });
  return index < 0 ? undefined : index;
}
