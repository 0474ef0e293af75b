/**
 * Reads a filter document. An operator that is not in the tables here is refused by its name.
 */
import { numberOf } from '../document.ts';
import type { Doc, Value } from '../document.ts';
import { badValue } from '../errors.ts';
import { matches, matchesItself } from './filter.ts';
import type { Filter, Test } from './filter.ts';
import { operators } from './operators.ts';
import { splitPath } from './path.ts';
import type { Path } from './path.ts';

export function parseFilter(doc: Doc): Filter {
  return { kind: 'all', of: [...doc].flatMap(([name, value]) => parseEntry(name, value)) };
}

function parseEntry(name: string, value: Value): readonly Filter[] {
  if (!name.startsWith('$')) return [parseField(splitPath(name), value)];
  switch (name) {
    case '$and':
      return parseBranches(name, value);
    case '$or':
      return [{ kind: 'any', of: parseBranches(name, value) }];
    case '$nor':
      return [{ kind: 'not', of: { kind: 'any', of: parseBranches(name, value) } }];
    case '$comment':
      return [];
    default:
      throw badValue(`unknown top level operator: ${name}`);
  }
}

function parseBranches(name: string, value: Value): readonly Filter[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw badValue(`${name} must be a nonempty array`);
  }
  return value.map((branch) => {
    if (!(branch instanceof Map)) throw badValue(`${name} argument's entries must be objects`);
    return parseFilter(branch);
  });
}

function parseField(path: Path, value: Value): Filter {
  if (isOperatorDocument(value)) return parseOperators(path, value);
  return field(path, '$eq', value);
}

/** `{ $gt: 1 }` is a condition, `{ a: 1 }` a value to be equal to. */
function isOperatorDocument(value: Value): value is Doc {
  if (!(value instanceof Map)) return false;
  const first = value.keys().next();
  return first.done !== true && first.value.startsWith('$');
}

/** Reads `{ $gt: 1, $lt: 5 }` as a condition on the values at a path. */
function parseOperators(path: Path, doc: Doc): Filter {
  return { kind: 'all', of: [...doc].map(([name, operand]) => parseOperator(path, name, operand)) };
}

function parseOperator(path: Path, name: string, operand: Value): Filter {
  switch (name) {
    case '$ne':
      return { kind: 'not', of: field(path, '$eq', operand) };
    case '$nin':
      return { kind: 'not', of: field(path, '$in', operand) };
    case '$exists': {
      const exists = field(path, '$exists', operand);
      return isTrue(operand) ? exists : { kind: 'not', of: exists };
    }
    case '$not':
      if (!isOperatorDocument(operand)) throw badValue('$not needs a document of operators');
      return { kind: 'not', of: parseOperators(path, operand) };
    case '$all':
      return parseAll(path, operand);
    case '$elemMatch':
      return parseElemMatch(path, operand);
    default:
      return field(path, name, operand);
  }
}

function field(path: Path, name: string, operand: Value): Filter {
  const create = operators.get(name);
  if (create === undefined) throw badValue(`unknown operator: ${name}`);
  return { kind: 'field', path, test: create(operand) };
}

const isTrue = (value: Value): boolean =>
  value !== false && value !== null && numberOf(value) !== 0;

function parseAll(path: Path, operand: Value): Filter {
  if (!Array.isArray(operand)) throw badValue('$all needs an array');
  // No values to contain: by MongoDB's definition nothing matches, where "all of none" would match everything.
  if (operand.length === 0) return { kind: 'any', of: [] };
  return { kind: 'all', of: operand.map((item) => parseAllItem(path, item)) };
}

function parseAllItem(path: Path, item: Value): Filter {
  if (!isOperatorDocument(item)) return field(path, '$eq', item);
  const inner = item.get('$elemMatch');
  if (inner === undefined || item.size > 1) throw badValue('no $ expressions in $all');
  return parseElemMatch(path, inner);
}

function parseElemMatch(path: Path, operand: Value): Filter {
  if (!(operand instanceof Map)) throw badValue('$elemMatch needs an Object');
  return { kind: 'field', path, test: elemMatch(operand) };
}

function elemMatch(operand: Doc): Test {
  const { inner, holds } = parseElementCondition(operand);
  return {
    operator: '$elemMatch',
    operands: [],
    inner,
    throughElements: false,
    holds: (value) => Array.isArray(value) && value.some(holds),
  };
}

/** A condition on one element: operators on the element itself, or a filter on its fields. */
export interface ElementCondition {
  readonly inner: Filter;
  readonly holds: (element: Value) => boolean;
}

export function parseElementCondition(doc: Doc): ElementCondition {
  if (isOperatorDocument(doc) && !isLogical(doc)) {
    const inner = parseOperators([], doc);
    return { inner, holds: (element) => matchesItself(inner, element) };
  }
  const inner = parseFilter(doc);
  return { inner, holds: (element) => element instanceof Map && matches(inner, element) };
}

const isLogical = (doc: Doc): boolean => ['$and', '$or', '$nor'].some((name) => doc.has(name));
