/**
 * What a filter is once parsed, and whether a value matches it. The planner reads the same tree
 * to find bounds; this file alone decides what matches.
 */
import type { Value } from '../document.ts';
import { leaves } from './path.ts';
import type { Path } from './path.ts';

export type Filter =
  | { readonly kind: 'all'; readonly of: readonly Filter[] }
  | { readonly kind: 'any'; readonly of: readonly Filter[] }
  | { readonly kind: 'not'; readonly of: Filter }
  | { readonly kind: 'field'; readonly path: Path; readonly test: Test };

/** One operator with its operand, asked of one value; undefined is a missing field. */
export interface Test {
  readonly operator: string;
  readonly operands: readonly Value[];
  /** For $elemMatch: what one element must match. */
  readonly inner?: Filter;
  /** Whether an array matches through its elements, too. */
  readonly throughElements: boolean;
  holds(value: Value | undefined): boolean;
}

export const everything: Filter = { kind: 'all', of: [] };

export function matches(filter: Filter, value: Value): boolean {
  switch (filter.kind) {
    case 'all':
      return filter.of.every((part) => matches(part, value));
    case 'any':
      return filter.of.some((part) => matches(part, value));
    case 'not':
      return !matches(filter.of, value);
    case 'field':
      return leaves(value, filter.path).some((leaf) => passes(filter.test, leaf));
  }
}

/** Whether a value itself passes, as an element does that $elemMatch or $pull looks at. */
export function matchesItself(filter: Filter, value: Value): boolean {
  switch (filter.kind) {
    case 'all':
      return filter.of.every((part) => matchesItself(part, value));
    case 'any':
      return filter.of.some((part) => matchesItself(part, value));
    case 'not':
      return !matchesItself(filter.of, value);
    case 'field':
      return filter.test.holds(value);
  }
}

export function passes(test: Test, leaf: Value | undefined): boolean {
  if (test.holds(leaf)) return true;
  return test.throughElements && Array.isArray(leaf) && leaf.some((item) => test.holds(item));
}
