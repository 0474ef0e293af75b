/**
 * What is wrong with a configuration, said so that whoever reads it knows what to change.
 * No message repeats a value: it may be a secret.
 */
import type { z } from 'zod';

import { nearestOf } from './edit-distance.ts';
import { keysAt, outlinesAt, type Outline, type Path } from './outline.ts';

export interface SettingProblem {
  /** A setting's path, or a file or variable that could not be read. */
  readonly where: string;
  readonly what: string;
  /** The setting that could not be filled because of it. */
  readonly setting?: string;
}

/** Every problem at once, because fixing them one start at a time is a nuisance. */
export class SettingsError extends Error {
  readonly problems: readonly SettingProblem[];

  constructor(problems: readonly SettingProblem[]) {
    const lines = problems.map(({ where, what }) => `${where} ${what}`);
    super(['The configuration is not usable:', ...lines].join(lines.length > 1 ? '\n  ' : ' '));
    this.name = 'SettingsError';
    this.problems = problems;
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'not allowed to read:',
  EISDIR: 'a folder, and no file:',
  ENOENT: 'no such file:',
};

/** Of a file that somebody names. */
export function whyUnreadable(file: string, error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return ['cannot be read:', reasons[code ?? ''], file].filter(Boolean).join(' ');
}

type Issue = z.core.$ZodIssue;

/** `howToSet` tells which variable fills a path, if one does. */
export function explain(
  issue: Issue,
  values: unknown,
  howToSet: (path: Path) => string,
): readonly SettingProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      where: nameOf([...issue.path, key]),
      what: `is not a setting${didYouMean(key, keysAt(issue.path))}`,
    }));
  }
  const what = isMissing(values, issue.path)
    ? `is missing${howToSet(issue.path)}${orComment(issue.path)}`
    : wordsFor(issue);
  return [{ where: nameOf(issue.path), what }];
}

const nameOf = (path: Path): string => path.map(String).join('.');

/** Our own checks bring their own words; zod's are replaced by what would be right. */
function wordsFor(issue: Issue): string {
  const hasOwnWords = issue.code === 'custom' || issue.message.startsWith('must ');
  if (hasOwnWords) return issue.message;
  if (issue.code === 'too_big' && issue.origin === 'string') {
    return `must have at most ${issue.maximum} characters`;
  }
  const allowed = outlinesAt(issue.path).map(allowedBy).filter(Boolean);
  return allowed.length > 0 ? `must be ${[...new Set(allowed)].join(', or ')}` : issue.message;
}

function allowedBy(outline: Outline): string {
  if (outline.enum) return `one of: ${outline.enum.join(', ')}`;
  if (outline.const) return `"${outline.const}"`;
  if (outline.type === 'integer' || outline.type === 'number') {
    const kind = outline.type === 'integer' ? 'a whole number' : 'a number';
    return `${kind} from ${outline.minimum ?? '-∞'} to ${outline.maximum ?? '∞'}`;
  }
  if (outline.type === 'boolean') return 'true or false';
  return forms[outline.type ?? ''] ?? '';
}

const forms: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a section',
  string: 'a text, and not empty; what looks like a number needs quotes in YAML',
};

/** In YAML a colour without quotes is a comment, and nothing is left of it. */
const orComment = (path: Path): string =>
  outlinesAt(path).some(({ pattern }) => pattern?.startsWith('^#'))
    ? ', or not in quotes: # begins a comment'
    : '';

function isMissing(values: unknown, path: Path): boolean {
  return path.reduce<unknown>(valueAt, values) === undefined;
}

const valueAt = (value: unknown, key: PropertyKey): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;

function didYouMean(key: string, known: readonly string[]): string {
  const nearest = nearestOf(key, known);
  return nearest === undefined ? '' : `; did you mean "${nearest}"?`;
}
