/**
 * Chooses how to find what may match: by which index, within which ranges, in which order. A plan
 * may only find too much; whoever runs it applies the whole filter to everything found.
 */
import { numberOf } from '../document.ts';
import { keyOf } from '../key.ts';
import { passes } from '../query/filter.ts';
import type { Filter, Test } from '../query/filter.ts';
import type { Sort } from '../query/sort.ts';
import {
  conditionsOf,
  intervalRange,
  isInterval,
  isPoint,
  pointKeys,
  prefixRange,
  wholeRange,
} from './bounds.ts';
import type { Condition, Range } from './bounds.ts';
import type { Collection } from './catalog.ts';
import { idIndex } from './index-spec.ts';
import type { Index } from './index-spec.ts';

export type Plan = IndexPlan | UnionPlan;

export interface IndexPlan {
  readonly stage: 'IDHACK' | 'IXSCAN' | 'COLLSCAN';
  readonly index: Index;
  readonly ranges: readonly Range[];
  readonly reverse: boolean;
  /** Whether documents come in the order asked for. */
  readonly sorted: boolean;
}

export interface UnionPlan {
  readonly stage: 'OR';
  readonly plans: readonly IndexPlan[];
  readonly sorted: false;
}

interface Question {
  readonly filter: Filter;
  readonly sort: Sort;
}

/** How far an index answers the question. */
interface Candidate extends IndexPlan {
  readonly score: number;
}

const fullScan: IndexPlan = {
  stage: 'COLLSCAN',
  index: idIndex,
  ranges: [wholeRange],
  reverse: false,
  sorted: false,
};

/** With `natural`, every document is looked at, as with the hint of that name. */
export function planQuery(
  { indexes }: Collection,
  question: Question,
  { natural = false }: { readonly natural?: boolean } = {},
): Plan {
  if (natural) return { ...fullScan, sorted: question.sort.length === 0 };
  return (
    bestIndex(indexes, question) ??
    union(indexes, question) ??
    inOrder(indexes, question) ?? { ...fullScan, sorted: question.sort.length === 0 }
  );
}

function bestIndex(indexes: readonly Index[], question: Question): IndexPlan | undefined {
  const conditions = conditionsOf(question.filter);
  const candidates = indexes
    .filter((index) => holdsEveryMatch(index, conditions))
    .map((index) => assess(index, conditions, question.sort))
    .filter(({ score }) => score >= 1);
  return best(candidates);
}

/** An index that answers no condition can still save sorting. */
function inOrder(indexes: readonly Index[], { filter, sort }: Question): IndexPlan | undefined {
  if (sort.length === 0) return undefined;
  const conditions = conditionsOf(filter);
  return indexes
    .filter((index) => holdsEveryMatch(index, conditions))
    .map((index) => assess(index, conditions, sort))
    .find(({ sorted }) => sorted);
}

const best = (candidates: readonly Candidate[]): Candidate | undefined =>
  candidates.reduce<Candidate | undefined>(
    (winner, candidate) =>
      winner === undefined || candidate.score > winner.score ? candidate : winner,
    undefined,
  );

/** Every branch of an $or by its own index, or not at all. */
function union(indexes: readonly Index[], { filter }: Question): UnionPlan | undefined {
  for (const branches of alternativesOf(filter)) {
    const plans = branches.map((branch) => bestIndex(indexes, { filter: branch, sort: [] }));
    const found = plans.filter((plan) => plan !== undefined);
    if (found.length === plans.length) return { stage: 'OR', plans: found, sorted: false };
  }
  return undefined;
}

function alternativesOf(filter: Filter): readonly (readonly Filter[])[] {
  if (filter.kind === 'any') return [filter.of];
  return filter.kind === 'all' ? filter.of.flatMap(alternativesOf) : [];
}

/** A sparse or partial index lacks documents; it serves only if none of those can match. */
function holdsEveryMatch(index: Index, conditions: readonly Condition[]): boolean {
  const paths = index.fields.map(({ path }) => path.join('.'));
  const sparseServes =
    !index.sparse || conditions.some((it) => paths.includes(it.path) && demandsPresence(it));
  return sparseServes && (index.partial === undefined || implies(conditions, index.partial));
}

function demandsPresence(condition: Condition): boolean {
  const { operator, operands } = condition.test;
  if (operator === '$exists') return true;
  if (!isPoint(condition) && !isInterval(condition)) return false;
  return operands.every((operand) => operand !== null);
}

/** Whether what must hold of a match includes the partial index's filter. */
function implies(conditions: readonly Condition[], partial: Filter): boolean {
  if (partial.kind === 'all') return partial.of.every((part) => implies(conditions, part));
  if (partial.kind !== 'field') return false;
  const path = partial.path.join('.');
  return conditions.some((it) => it.path === path && impliesTest(it, partial.test));
}

function impliesTest(condition: Condition, test: Test): boolean {
  if (test.operator === '$exists') return demandsPresence(condition);
  const { operator, operands } = condition.test;
  // Some value at the path is one of the operands; if each of them passes, that value does.
  if (isPoint(condition)) return operands.every((operand) => passes(test, operand));
  // An interval keeps to its operand's type, but numbers of all three types are one to it.
  if (isInterval(condition) && test.operator === '$type' && numberOf(operands[0]) === undefined) {
    return operands.every((operand) => passes(test, operand));
  }
  return operator === test.operator && keyOf([...operands]).equals(keyOf([...test.operands]));
}

function assess(index: Index, conditions: readonly Condition[], sort: Sort): Candidate {
  const bounds = boundsOf(index, conditions);
  const order = orderOf(index, bounds, sort);
  const isWhole = bounds.points === index.fields.length;
  const score =
    (isWhole && index.unique ? 100 : 0) +
    bounds.points * 2 +
    (bounds.hasInterval ? 1 : 0) +
    (order === undefined || sort.length === 0 ? 0 : 0.5) -
    Math.min(bounds.ranges.length, 1000) / 10_000;
  const { ranges } = bounds;
  const stage = index === idIndex && isWhole && ranges.length === 1 ? 'IDHACK' : 'IXSCAN';
  const sorted = sort.length === 0 || order !== undefined;
  return { stage, index, ranges, reverse: order === 'backward', sorted, score: score + 0.1 };
}

interface Bounds {
  readonly ranges: readonly Range[];
  /** How many leading fields are bound to single values. */
  readonly points: number;
  readonly hasInterval: boolean;
}

/** Several lists of values multiply; beyond this, reading more entries is cheaper. */
const mostRanges = 1000;

/**
 * Binds leading fields to values, then one more to an interval. Of the fields that hold arrays
 * only one may be bound: two conditions may be met by different elements, which no single key shows.
 */
function boundsOf(index: Index, conditions: readonly Condition[]): Bounds {
  let prefixes: readonly Buffer[] = [Buffer.alloc(0)];
  let arrays = 0;
  const boundTo = (points: number): Bounds => ({
    ranges: prefixes.map(prefixRange),
    points,
    hasInterval: false,
  });
  for (const [at, { path, descending }] of index.fields.entries()) {
    const own = conditions.filter((condition) => condition.path === path.join('.'));
    const meetsArrays = (index.multikey & (1 << at)) !== 0;
    if (meetsArrays && ++arrays > 1) return boundTo(at);
    const point = own.find(isPoint);
    if (point === undefined) {
      const within = own.filter(isInterval).slice(0, meetsArrays ? 1 : undefined);
      if (within.length === 0) return boundTo(at);
      const ranges = prefixes.map((prefix) => intervalRange(prefix, within, descending));
      return { ranges, points: at, hasInterval: true };
    }
    const keys = pointKeys(point, descending);
    if (at > 0 && prefixes.length * keys.length > mostRanges) return boundTo(at);
    prefixes = prefixes.flatMap((prefix) => keys.map((key) => Buffer.concat([prefix, key])));
  }
  return boundTo(index.fields.length);
}

/** Which way the index runs in the order asked for; fields bound to one value do not disturb it. */
function orderOf(
  index: Index,
  { ranges, points }: Bounds,
  sort: Sort,
): 'forward' | 'backward' | undefined {
  if (index.multikey !== 0 || ranges.length > 1) return undefined;
  const bound = index.fields.slice(0, points).map(({ path }) => path.join('.'));
  const wanted = sort.filter(({ path }) => !bound.includes(path.join('.')));
  const given = index.fields.slice(points);
  const turns = wanted.map(({ path, descending }, at) => {
    const field = given[at];
    if (field?.path.join('.') !== path.join('.')) return undefined;
    return field.descending === descending ? 'forward' : 'backward';
  });
  const [first = 'forward'] = turns;
  return turns.every((turn) => turn === first) ? first : undefined;
}
