/**
 * Reads an update document and applies it: either a whole new document, or a list of modifications.
 */
import type { Doc, Value } from '../document.ts';
import { badValue, CommandError, unsupported } from '../errors.ts';
import type { Filter } from '../query/filter.ts';
import { isIndex, splitPath } from '../query/path.ts';
import type { Path } from '../query/path.ts';
import { show } from '../show.ts';
import { operators } from './operators.ts';
import type { Change } from './change.ts';
import { readPlace, removePlace, writePlace } from './place.ts';
import { expandPositions, isPositional, parseArrayFilters } from './positions.ts';
import type { ArrayFilters } from './positions.ts';

export interface Occasion {
  /** What the document was found by. */
  readonly filter: Filter;
  readonly inserting: boolean;
  readonly now: Date;
}

export interface Update {
  readonly isReplacement: boolean;
  /** Changes the document in place, or returns another that replaces it. Leaves _id to the caller to check. */
  apply(doc: Doc, occasion: Occasion): Doc;
}

interface Modification {
  readonly operator: string;
  readonly path: Path;
  readonly change: Change;
  /** For $rename: where the value goes. */
  readonly target?: Path;
}

export function parseUpdate(update: Value | undefined, arrayFilters: readonly Doc[]): Update {
  if (Array.isArray(update)) throw unsupported('An update with a pipeline');
  if (!(update instanceof Map)) throw new CommandError(9, 'Update argument must be an object');
  const [first] = update.keys();
  if (first?.startsWith('$') === true) return modifiers(update, arrayFilters);
  if (arrayFilters.length > 0) throw new CommandError(9, 'arrayFilters need update operators');
  return replacement(update);
}

function replacement(update: Doc): Update {
  const bad = [...update.keys()].find((name) => name.startsWith('$'));
  if (bad !== undefined) {
    throw new CommandError(
      52,
      `The dollar ($) prefixed field '${bad}' in '${bad}' is not allowed in the context of an update's replacement document.`,
    );
  }
  return {
    isReplacement: true,
    apply(doc) {
      const id = update.get('_id') ?? doc.get('_id');
      const rest = [...update].filter(([name]) => name !== '_id');
      return new Map(id === undefined ? rest : [['_id', id], ...rest]);
    },
  };
}

function modifiers(update: Doc, filters: readonly Doc[]): Update {
  const modifications = [...update]
    .flatMap(readOperator)
    .sort((a, b) => comparePaths(a.path, b.path));
  const paths = modifications.flatMap(({ path, target }) => (target ? [path, target] : [path]));
  refuseConflicts(paths);
  const arrayFilters = parseArrayFilters(filters, paths);
  return {
    isReplacement: false,
    apply(doc, occasion) {
      const active = modifications.filter(
        (it) => occasion.inserting || it.operator !== '$setOnInsert',
      );
      applyAll(doc, expandAll(doc, active, { ...occasion, arrayFilters }), occasion);
      return doc;
    },
  };
}

function readOperator([operator, fields]: readonly [string, Value]): readonly Modification[] {
  const create = operator === '$rename' ? renaming : operators.get(operator);
  if (create === undefined) {
    throw new CommandError(
      9,
      `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
    );
  }
  if (!(fields instanceof Map)) {
    throw new CommandError(
      9,
      `Modifiers operate on fields but we found another type for ${operator}`,
    );
  }
  return [...fields].map(([name, operand]) => ({
    operator,
    path: readPath(name),
    change: create(operand),
    ...(operator === '$rename' && { target: readTarget(name, operand) }),
  }));
}

/** $rename moves; what it leaves at its own place is nothing. */
const renaming = (): Change => () => undefined;

function readTarget(name: string, operand: Value): Path {
  if (typeof operand !== 'string')
    throw badValue(`The 'to' field for $rename must be a string: ${name}`);
  const [from, to] = [readPath(name), readPath(operand)];
  if ([...from, ...to].some(isPositional))
    throw badValue('$rename does not take positions in arrays');
  return to;
}

function readPath(name: string): Path {
  const path = splitPath(name);
  for (const segment of path) {
    if (segment === '') {
      throw new CommandError(
        56,
        `The update path '${name}' contains an empty field name, which is not allowed.`,
      );
    }
    if (segment === '__proto__') throw badValue("The field name '__proto__' is not allowed");
    if (segment.startsWith('$') && !isPositional(segment)) {
      throw new CommandError(
        52,
        `The dollar ($) prefixed field '${segment}' in '${name}' is not valid for storage.`,
      );
    }
  }
  if (isPositional(path[0] ?? ''))
    throw badValue(`Cannot have array filter identifier at the start of '${name}'`);
  return path;
}

/** MongoDB adds new fields in the order of their names, numbers by value. */
function comparePaths(a: Path, b: Path): number {
  for (const [index, segment] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    if (segment === other) continue;
    if (isIndex(segment) && isIndex(other)) return Number(segment) - Number(other);
    return segment < other ? -1 : 1;
  }
  return -1;
}

/** Two operators on one place would make the result depend on their order. */
function refuseConflicts(paths: readonly Path[]): void {
  for (const [index, path] of paths.entries()) {
    const other = paths
      .slice(0, index)
      .find((earlier) => isWithin(path, earlier) || isWithin(earlier, path));
    if (other === undefined) continue;
    const shorter = other.length < path.length ? other : path;
    throw new CommandError(
      40,
      `Updating the path '${path.join('.')}' would create a conflict at '${shorter.join('.')}'`,
    );
  }
}

const isWithin = (path: Path, outer: Path): boolean =>
  outer.every((segment, index) => path[index] === segment);

function expandAll(
  doc: Doc,
  modifications: readonly Modification[],
  positions: { filter: Filter; arrayFilters: ArrayFilters },
): readonly Modification[] {
  if (!modifications.some(({ path }) => path.some(isPositional))) return modifications;
  const expanded = modifications.flatMap((modification) =>
    expandPositions(doc, modification.path, positions).map((path) => ({ ...modification, path })),
  );
  refuseConflicts(expanded.map(({ path }) => path));
  return expanded;
}

function applyAll(doc: Doc, modifications: readonly Modification[], { now }: Occasion): void {
  const id = show(doc.get('_id'));
  for (const { path, change, target } of modifications) {
    const current = readPlace(doc, path);
    if (target !== undefined && current !== undefined) move(doc, path, target, current);
    const next = change(current, { path: path.join('.'), id, now });
    if (next !== undefined) writePlace(doc, path, next);
    else if (current !== undefined) removePlace(doc, path);
  }
}

/** For $rename; a place in an array cannot be left, because a null would stay there. */
function move(doc: Doc, from: Path, to: Path, value: Value): void {
  for (const path of [from, to]) {
    const isInArray = path.some((_, at) => Array.isArray(readPlace(doc, path.slice(0, at))));
    if (isInArray) throw badValue(`$rename cannot have an array element in '${path.join('.')}'`);
  }
  writePlace(doc, to, value);
}
