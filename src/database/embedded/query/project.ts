/**
 * Projections: which fields of a found document are returned.
 */
import { numberOf } from '../document.ts';
import type { Doc, Value } from '../document.ts';
import { badValue, CommandError, unsupported } from '../errors.ts';
import type { Filter } from './filter.ts';
import { parseElementCondition } from './parse.ts';
import type { ElementCondition } from './parse.ts';
import { splitPath } from './path.ts';
import { matchedIndex } from './position.ts';

export type Projection = (doc: Doc) => Doc;

/** What happens at the end of a path; a tree node leads further down. */
type Rule =
  | { readonly kind: 'keep' | 'omit' }
  | { readonly kind: 'slice'; readonly skip: number; readonly limit: number }
  | { readonly kind: 'elemMatch'; readonly condition: ElementCondition }
  | { readonly kind: 'positional'; readonly path: string };

type Tree = Map<string, Rule | Tree>;

interface Shape {
  readonly tree: Tree;
  /** Whether fields that are not named are left out. */
  readonly including: boolean;
  readonly filter: Filter;
}

/** Reads a projection; undefined if it asks for whole documents. The filter serves positional `$`. */
export function parseProjection(spec: Doc | undefined, filter: Filter): Projection | undefined {
  if (spec === undefined || spec.size === 0) return undefined;
  const tree: Tree = new Map();
  for (const [path, value] of flatten(spec, [])) addRule(tree, path, readRule(path, value));
  const including = isIncluding(tree);
  return (doc) => projectDocument(doc, tree, { tree, including, filter }, doc);
}

/** `{ a: { b: 1 } }` says the same as `{ 'a.b': 1 }`. */
function flatten(spec: Doc, prefix: readonly string[]): readonly (readonly [string[], Value])[] {
  return [...spec].flatMap(([name, value]) => {
    const path = [...prefix, ...splitPath(name)];
    const isNested = value instanceof Map && value.size > 0 && !isOperator(value);
    return isNested ? flatten(value, path) : [[path, value] as const];
  });
}

const isOperator = (doc: Doc): boolean => [...doc.keys()].some((name) => name.startsWith('$'));

function readRule(path: string[], value: Value): Rule {
  if (path.at(-1) === '$') {
    path.pop();
    return { kind: 'positional', path: path.join('.') };
  }
  if (value instanceof Map) return readOperator(value);
  const flag = typeof value === 'boolean' ? Number(value) : numberOf(value);
  if (flag === undefined) throw unsupported('A projection that computes a value');
  return { kind: flag === 0 ? 'omit' : 'keep' };
}

function readOperator(doc: Doc): Rule {
  const [[name, operand] = ['', null]] = doc;
  if (name === '$slice') return readSlice(operand);
  if (name === '$elemMatch' && operand instanceof Map) {
    return { kind: 'elemMatch', condition: parseElementCondition(operand) };
  }
  throw new CommandError(31254, `The projection ${name} is not supported`);
}

function readSlice(operand: Value): Rule {
  const [first, second] = (Array.isArray(operand) ? operand : [operand]).map(numberOf);
  if (first === undefined || (Array.isArray(operand) && (second === undefined || second <= 0))) {
    throw badValue('$slice needs a number, or two of which the second is positive');
  }
  if (second !== undefined) return { kind: 'slice', skip: first, limit: second };
  return first < 0
    ? { kind: 'slice', skip: first, limit: -first }
    : { kind: 'slice', skip: 0, limit: first };
}

function addRule(tree: Tree, path: readonly string[], rule: Rule): void {
  const [name = '', ...rest] = path;
  if (name === '' || name.startsWith('$') || name === '__proto__') {
    throw badValue(`Cannot project '${path.join('.')}'`);
  }
  const present = tree.get(name);
  if (rest.length === 0) {
    if (present !== undefined) throw new CommandError(31254, `Path collision at ${name}`);
    tree.set(name, rule);
    return;
  }
  if (present !== undefined && !(present instanceof Map)) {
    throw new CommandError(31254, `Path collision at ${path.join('.')}`);
  }
  const branch: Tree = present ?? new Map<string, Rule | Tree>();
  tree.set(name, branch);
  addRule(branch, rest, rule);
}

/** Fields kept and omitted cannot be mixed, but for _id. */
function isIncluding(tree: Tree): boolean {
  const kinds = new Set([...tree].flatMap(([name, rule]) => (name === '_id' ? [] : kindsOf(rule))));
  const keeps = kinds.has('keep') || kinds.has('elemMatch') || kinds.has('positional');
  if (keeps && kinds.has('omit')) {
    throw new CommandError(31254, 'Cannot do exclusion on a field in inclusion projection');
  }
  if (keeps || kinds.has('omit')) return keeps;
  return kinds.size === 0 && kindsOf(tree.get('_id') ?? { kind: 'omit' }).includes('keep');
}

const kindsOf = (rule: Rule | Tree): readonly Rule['kind'][] =>
  rule instanceof Map ? [...rule.values()].flatMap(kindsOf) : [rule.kind];

function projectDocument(doc: Doc, tree: Tree, shape: Shape, root: Doc): Doc {
  const result: Doc = new Map();
  for (const [name, value] of doc) {
    const rule = tree.get(name) ?? unnamed(name, doc === root, shape);
    const projected =
      rule instanceof Map ? descend(value, rule, shape, root) : apply(rule, value, shape, root);
    if (projected !== undefined) result.set(name, projected);
  }
  return result;
}

function unnamed(name: string, isTop: boolean, { including }: Shape): Rule {
  if (isTop && name === '_id') return { kind: 'keep' };
  return { kind: including ? 'omit' : 'keep' };
}

function descend(value: Value, tree: Tree, shape: Shape, root: Doc): Value | undefined {
  if (value instanceof Map) return projectDocument(value, tree, shape, root);
  if (!Array.isArray(value)) return shape.including ? undefined : value;
  return value.map((item) => descend(item, tree, shape, root)).filter((item) => item !== undefined);
}

function apply(rule: Rule, value: Value, shape: Shape, root: Doc): Value | undefined {
  switch (rule.kind) {
    case 'keep':
      return value;
    case 'omit':
      return undefined;
    case 'slice':
      return Array.isArray(value) ? slice(value, rule.skip, rule.limit) : value;
    case 'elemMatch': {
      const found = Array.isArray(value)
        ? value.find((item) => rule.condition.holds(item))
        : undefined;
      return found === undefined ? undefined : [found];
    }
    case 'positional':
      return Array.isArray(value) ? [atPosition(value, rule.path, shape, root)] : value;
  }
}

function slice(items: readonly Value[], skip: number, limit: number): Value[] {
  const start = skip < 0 ? Math.max(0, items.length + skip) : skip;
  return items.slice(start, start + limit);
}

function atPosition(items: readonly Value[], path: string, { filter }: Shape, root: Doc): Value {
  const found = items[matchedIndex(filter, root, splitPath(path)) ?? -1];
  if (found === undefined) {
    throw badValue(
      "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
    );
  }
  return found;
}
