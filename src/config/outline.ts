/**
 * The schema as a tree that can be asked what belongs at a path: for messages that name the
 * allowed range, for "did you mean", and for the test that default.yaml lists everything.
 */
import { z } from 'zod';

import { shape } from './schema.ts';

export type Path = readonly PropertyKey[];

/** The part of JSON Schema that zod writes for our settings. */
export interface Outline {
  readonly type?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly properties?: Readonly<Record<string, Outline>>;
  readonly items?: Outline;
  readonly anyOf?: readonly Outline[];
  readonly oneOf?: readonly Outline[];
}

// What cannot be said in JSON Schema, such as our own checks, leaves the rest as it is.
const root = z.toJSONSchema(shape, { unrepresentable: 'any', io: 'input' }) as Outline;

/** Everything that may stand at this path; several where drivers of one section differ. */
export function outlinesAt(path: Path): readonly Outline[] {
  return path.reduce<readonly Outline[]>(
    (outlines, key) =>
      outlines.flatMap(({ items, properties = {} }) => {
        const next = typeof key === 'number' ? items : properties[String(key)];
        return next ? branchesOf(next) : [];
      }),
    [root],
  );
}

export const keysAt = (path: Path): readonly string[] => [
  ...new Set(outlinesAt(path).flatMap(({ properties }) => Object.keys(properties ?? {}))),
];

function branchesOf(outline: Outline): readonly Outline[] {
  const branches = outline.anyOf ?? outline.oneOf;
  return branches ? branches.flatMap(branchesOf) : [outline];
}
