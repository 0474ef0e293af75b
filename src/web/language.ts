/**
 * The words of every page and message, one file per language in views/words/, and which
 * language a person gets. Views ask for words by key; what a key means is said only there.
 */
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export type Values = Readonly<Record<string, string | number | undefined>>;

export interface Language {
  readonly locale: string;
  /**
   * The words behind a key, with `{name}` replaced. Where a language has a plural, `count`
   * chooses between `key.one`, `key.other` and what else CLDR knows. Throws on an unknown key.
   */
  readonly t: (key: string, values?: Values) => string;
  readonly knows: (key: string) => boolean;
  /** "24 seconds", "2 minutes": rounded up, because it says how long to wait. */
  readonly duration: (seconds: number) => string;
  /** Date, time and zone; in UTC where the zone is unknown. */
  readonly instant: (at: Date, zone?: string) => string;
}

export interface Languages {
  readonly available: readonly string[];
  /** The first wish that can be met (`de-AT` by `de`), or English. */
  readonly choose: (wishes: readonly string[]) => Language;
}

const FALLBACK = 'en';

export function loadLanguages(directory: string): Languages {
  const languages = new Map(
    globSync('*.json', { cwd: directory }).map((file) => {
      const locale = basename(file, '.json');
      // Our own file: the contract test `words` looks at what is in it.
      const words = JSON.parse(readFileSync(join(directory, file), 'utf8')) as Words;
      return [locale, createLanguage(locale, new Map(Object.entries(words)))];
    }),
  );
  const fallback = languages.get(FALLBACK);
  if (!fallback) throw new Error(`${directory} has no ${FALLBACK}.json`);
  return {
    available: [...languages.keys()].sort(),
    choose: (wishes) =>
      wishes.map((wish) => languages.get(primary(wish))).find(Boolean) ?? fallback,
  };
}

type Words = Readonly<Record<string, string>>;

const primary = (tag: string): string => tag.toLowerCase().split('-', 1)[0] ?? '';

function createLanguage(locale: string, words: ReadonlyMap<string, string>): Language {
  const plural = new Intl.PluralRules(locale);
  const number = new Intl.NumberFormat(locale);

  const find = (key: string, count: Values[string]): string | undefined =>
    words.get(key) ??
    (typeof count === 'number' ? words.get(`${key}.${plural.select(count)}`) : undefined);

  return {
    locale,
    knows: (key) => words.has(key),
    t(key, values = {}) {
      const found = find(key, values.count);
      if (found === undefined) throw new Error(`No words for ${key} in ${locale}`);
      return found.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
        const value = Object.hasOwn(values, name) ? values[name] : undefined;
        return typeof value === 'number' ? number.format(value) : (value ?? whole);
      });
    },
    duration(seconds) {
      const [value, unit] = inWholeUnits(seconds);
      return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(
        value,
      );
    },
    instant: (at, zone = 'UTC') =>
      new Intl.DateTimeFormat(locale, {
        dateStyle: 'long',
        timeStyle: 'long',
        timeZone: isZone(zone) ? zone : 'UTC',
      }).format(at),
  };
}

/** Profiles are filled in by others, and an unknown zone would throw. */
function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function inWholeUnits(seconds: number): [number, 'second' | 'minute' | 'hour'] {
  if (seconds <= 90) return [Math.ceil(seconds), 'second'];
  if (seconds <= 90 * 60) return [Math.ceil(seconds / 60), 'minute'];
  return [Math.ceil(seconds / 3600), 'hour'];
}
