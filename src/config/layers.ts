/**
 * Files of settings, and how one lies over another.
 */
import { readFileSync } from 'node:fs';

import { parseDocument } from 'yaml';

import { SettingsError, whyUnreadable } from './problems.ts';

/** A tree of settings, not yet checked. */
export type Layer = Readonly<Record<string, unknown>>;

interface Source {
  readonly file: string;
  /** Who names it. */
  readonly where?: string;
}

/**
 * Throws SettingsError, at once and alone: whatever else would be wrong may only be so because the
 * file could not be read.
 */
export function readLayer({ file, where = file }: Source): Layer {
  const document = parseDocument(contentOf({ file, where }), { prettyErrors: true });
  const problems = document.errors.map(({ message }) => ({
    where: file,
    // The lines after the first quote the file, which may hold a secret.
    what: `cannot be read: ${message.split('\n')[0] ?? ''}`,
  }));
  if (problems.length > 0) throw new SettingsError(problems);
  const layer: unknown = document.toJS() ?? {};
  if (isLayer(layer)) return layer;
  throw new SettingsError([{ where: file, what: 'must be a list of "key: value"' }]);
}

function contentOf({ file, where }: Required<Source>): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new SettingsError([{ where, what: whyUnreadable(file, error) }]);
  }
}

/**
 * Sections are merged, anything else is replaced; an empty value (`uri:`) takes away what a
 * lower layer had, so that "not set" can be written.
 */
export function over(lower: Layer, upper: Layer): Layer {
  const keys = new Set([...Object.keys(lower), ...Object.keys(upper)]);
  // fromEntries defines, it does not assign: a key "__proto__" stays a key and is refused later.
  return Object.fromEntries(
    [...keys].flatMap((key) => {
      const value = laid(own(lower, key), own(upper, key));
      return value === undefined ? [] : [[key, value] as const];
    }),
  );
}

/** A layer that holds one value. */
export const layerOf = (path: readonly string[], value: unknown): Layer =>
  path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Layer;

function laid(below: unknown, above: unknown): unknown {
  if (above === null) return undefined;
  if (above === undefined) return below === null ? undefined : withoutEmpty(below);
  return isLayer(above) ? over(isLayer(below) ? below : {}, above) : above;
}

const withoutEmpty = (value: unknown): unknown => (isLayer(value) ? over(value, {}) : value);

const own = (layer: Layer, key: string): unknown =>
  Object.hasOwn(layer, key) ? layer[key] : undefined;

function isLayer(value: unknown): value is Layer {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
