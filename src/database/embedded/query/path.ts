/**
 * Dotted paths, and what a query sees at the end of one: through arrays, a path leads to several places.
 */
import type { Value } from '../document.ts';

export type Path = readonly string[];

export const splitPath = (path: string): Path => path.split('.');

export const isIndex = (segment: string): boolean => /^(?:0|[1-9]\d{0,8})$/.test(segment);

/**
 * The values at the end of a path; undefined where it leads to nothing. Elements of arrays that are
 * no documents are passed over, as MongoDB does: `{ 'a.b': null }` does not match `{ a: [1] }`.
 */
export function leaves(value: Value | undefined, path: Path): readonly (Value | undefined)[] {
  const found: (Value | undefined)[] = [];
  collect(value, path, 0, found);
  return found;
}

function collect(
  value: Value | undefined,
  path: Path,
  from: number,
  found: (Value | undefined)[],
): void {
  const segment = path[from];
  if (segment === undefined) {
    found.push(value);
  } else if (value instanceof Map) {
    collect(value.get(segment), path, from + 1, found);
  } else if (Array.isArray(value)) {
    if (isIndex(segment) && Number(segment) < value.length) {
      collect(value[Number(segment)], path, from + 1, found);
    }
    for (const item of value) if (item instanceof Map) collect(item, path, from, found);
  } else {
    found.push(undefined);
  }
}
