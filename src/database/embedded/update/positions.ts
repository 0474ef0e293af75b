/**
 * Turns a path with `$`, `$[]` or `$[name]` into the plain paths it stands for in one document.
 */
import type { Doc, Value } from '../document.ts';
import { badValue, CommandError } from '../errors.ts';
import { matches } from '../query/filter.ts';
import type { Filter } from '../query/filter.ts';
import { parseFilter } from '../query/parse.ts';
import type { Path } from '../query/path.ts';
import { matchedIndex } from '../query/position.ts';
import { readPlace } from './place.ts';

export type ArrayFilters = ReadonlyMap<string, Filter>;

interface Positions {
  /** What the document was found by, for `$`. */
  readonly filter: Filter;
  readonly arrayFilters: ArrayFilters;
}

export const isPositional = (segment: string): boolean =>
  segment === '$' || /^\$\[[^\]]*\]$/.test(segment);

/** The name in `$[name]`. */
const identifierOf = (segment: string): string | undefined => /^\$\[(.+)\]$/.exec(segment)?.[1];

export function expandPositions(doc: Doc, path: Path, positions: Positions): readonly Path[] {
  const at = path.findIndex(isPositional);
  if (at < 0) return [path];
  const before = path.slice(0, at);
  const indexes = indexesOf(doc, before, path[at] ?? '', positions);
  return indexes.flatMap((index) =>
    expandPositions(doc, [...before, String(index), ...path.slice(at + 1)], positions),
  );
}

function indexesOf(
  doc: Doc,
  before: Path,
  segment: string,
  positions: Positions,
): readonly number[] {
  const array = readPlace(doc, before);
  if (segment === '$') {
    const index = matchedIndex(positions.filter, doc, before);
    if (index !== undefined) return [index];
    throw badValue('The positional operator did not find the match needed from the query.');
  }
  if (array === undefined) {
    throw badValue(
      `The path '${before.join('.')}' must exist in the document in order to apply array updates.`,
    );
  }
  if (!Array.isArray(array)) {
    throw badValue(`Cannot apply array updates to non-array element ${before.join('.')}`);
  }
  const name = identifierOf(segment);
  if (name === undefined) return [...array.keys()];
  const filter = positions.arrayFilters.get(name);
  return [...array.keys()].filter((index) => isChosen(name, array[index] ?? null, filter));
}

/** An array filter speaks of the element as of a field with the identifier's name. */
const isChosen = (name: string, element: Value, filter: Filter | undefined): boolean =>
  filter !== undefined && matches(filter, new Map([[name, element]]));

/** Reads arrayFilters; each must be about one identifier, and that one used by a path. */
export function parseArrayFilters(filters: readonly Doc[], paths: readonly Path[]): ArrayFilters {
  const used = new Set(paths.flat().map(identifierOf));
  const parsed = new Map<string, Filter>();
  for (const doc of filters) {
    const name = soleIdentifier(doc);
    if (parsed.has(name)) {
      throw new CommandError(
        9,
        `Found multiple array filters with the same top-level field name ${name}`,
      );
    }
    if (!used.has(name)) {
      throw new CommandError(
        9,
        `The array filter for identifier '${name}' was not used in the update`,
      );
    }
    parsed.set(name, parseFilter(doc));
  }
  for (const name of used) {
    if (name !== undefined && !parsed.has(name)) {
      throw badValue(`No array filter found for identifier '${name}'`);
    }
  }
  return parsed;
}

function soleIdentifier(doc: Doc): string {
  const names = new Set(fieldNames(doc));
  const [name] = names;
  if (names.size !== 1 || name === undefined || name === '') {
    throw new CommandError(9, 'Expected an array filter to be about a single identifier');
  }
  return name;
}

function fieldNames(doc: Doc): readonly string[] {
  return [...doc].flatMap(([name, value]) => {
    if (!name.startsWith('$')) return [name.split('.')[0] ?? ''];
    const branches = Array.isArray(value) ? value : [];
    return branches.flatMap((branch) => (branch instanceof Map ? fieldNames(branch) : []));
  });
}
