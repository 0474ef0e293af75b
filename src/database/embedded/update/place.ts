/**
 * Finds, reads and writes the place a path names in a document. Paths that lead nowhere are made
 * on writing; paths that lead through a value which has no fields are refused.
 */
import type { Doc, Value } from '../document.ts';
import { typeName } from '../document.ts';
import { badValue, CommandError } from '../errors.ts';
import { isIndex } from '../query/path.ts';
import type { Path } from '../query/path.ts';

/** MongoDB's bound on how far a write may lengthen an array. */
const mostPadding = 1_500_000;

export function readPlace(doc: Doc, path: Path): Value | undefined {
  let value: Value | undefined = doc;
  for (const segment of path) value = childOf(value, segment);
  return value;
}

function childOf(value: Value | undefined, segment: string): Value | undefined {
  if (value instanceof Map) return value.get(segment);
  return Array.isArray(value) && isIndex(segment) ? value[Number(segment)] : undefined;
}

/** Throws 28 where the path cannot be made. */
export function writePlace(doc: Doc, path: Path, value: Value): void {
  let parent: Value = doc;
  let name = '';
  for (const segment of path.slice(0, -1)) {
    let child = childOf(parent, segment);
    if (child === undefined) {
      child = new Map();
      setChild(parent, segment, child, name);
    }
    parent = child;
    name = segment;
  }
  setChild(parent, path.at(-1) ?? '', value, name);
}

function setChild(parent: Value, segment: string, value: Value, parentName: string): void {
  if (parent instanceof Map) {
    parent.set(segment, value);
  } else if (Array.isArray(parent) && isIndex(segment)) {
    setItem(parent, Number(segment), value);
  } else {
    throw new CommandError(
      28,
      `Cannot create field '${segment}' in element {${parentName}: ${typeName(parent)}}`,
    );
  }
}

function setItem(items: Value[], index: number, value: Value): void {
  if (index > items.length + mostPadding) throw badValue('too many elements to pad an array with');
  while (items.length < index) items.push(null);
  items[index] = value;
}

/** Takes away a field; an element of an array becomes null, so that the others keep their places. */
export function removePlace(doc: Doc, path: Path): void {
  const parent = readPlace(doc, path.slice(0, -1));
  const segment = path.at(-1) ?? '';
  if (parent instanceof Map) parent.delete(segment);
  else if (Array.isArray(parent) && isIndex(segment) && Number(segment) < parent.length) {
    parent[Number(segment)] = null;
  }
}
