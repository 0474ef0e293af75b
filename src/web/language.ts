/**
 * The words of every page and message, one file per language in views/words/, and which
 * language a person gets. Views ask for words by key; what a key means is said only there.
 */
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { isTimeZone } from '../lib/time-zone.ts';

export type Values = Readonly<Record<string, string | number | undefined>>;

export interface Language {
  readonly locale: string;
  /** Which way it is written: `ltr` or `rtl`. */
  readonly dir: string;
  /**
   * The words behind a key, with `{name}` replaced. Where a language has a plural, `count`
   * chooses between `key.one`, `key.other` and what else CLDR knows. Throws on an unknown key.
   */
  readonly t: (key: string, values?: Values) => string;
  readonly knows: (key: string) => boolean;
  /** A method, and by the words of the key which one; alone where it is called as it is anyway. */
  readonly withHint: (key: string, method: string, hint: string | undefined) => string;
  /** "24 seconds", "2 minutes": rounded up, because it says how long to wait. */
  readonly duration: (seconds: number) => string;
  /** The same countries with their names, in the order in which people look for these. */
  readonly countries: <Each extends Coded>(countries: readonly Each[]) => readonly Named<Each>[];
  /** `3 Mar 2026`. */
  readonly day: (at: Date) => string;
  /** Date, time and zone: the first of these that there is (profiles are filled in by others), or UTC. */
  readonly instant: (at: Date, zones: readonly (string | undefined)[]) => string;
}

/** ISO 3166. */
interface Coded {
  readonly code: string;
}

type Named<Each> = Each & { readonly name: string };

export interface Languages {
  readonly available: readonly string[];
  /** The same, each under the name that it gives itself: "Deutsch", "English". */
  readonly named: readonly Named<{ readonly locale: string }>[];
  /** The first wish that can be met (`de-AT` and `de_AT.UTF-8` by `de`), or English. */
  readonly choose: (wishes: readonly string[]) => Language;
  /** The words behind a key in each language; none where there is no such key. */
  readonly wordings: (key: string) => readonly string[];
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
  const available = [...languages.keys()].sort();
  return {
    available,
    named: available.map((locale) => ({ locale, name: ownNameOf(locale) })),
    choose: (wishes) =>
      wishes.map((wish) => languages.get(primary(wish))).find(Boolean) ?? fallback,
    wordings: (key) =>
      [...languages.values()].filter(({ knows }) => knows(key)).map(({ t }) => t(key)),
  };
}

/** As it begins a line: CLDR writes "français". */
function ownNameOf(locale: string): string {
  const [first = '', ...rest] =
    new Intl.DisplayNames(locale, { type: 'language' }).of(locale) ?? '';
  return first.toLocaleUpperCase(locale) + rest.join('');
}

type Words = Readonly<Record<string, string>>;

/** Of `de-AT` as browsers and apps write it, and of `de_AT.UTF-8` as systems do (POSIX). */
const primary = (tag: string): string =>
  tag
    .trim()
    .toLowerCase()
    .split(/[-_.@]/, 1)[0] ?? '';

/** The first region that a wish names: `AT` of `de-AT`. */
export const regionIn = (wishes: readonly string[]): string | undefined =>
  wishes
    .map((wish) => /^[a-z]{2,3}(?:-[a-z]{4})?-([a-z]{2})\b/i.exec(wish)?.[1]?.toUpperCase())
    .find(Boolean);

function createLanguage(locale: string, words: ReadonlyMap<string, string>): Language {
  const plural = new Intl.PluralRules(locale);
  const number = new Intl.NumberFormat(locale);

  const find = (key: string, count: Values[string]): string | undefined =>
    words.get(key) ??
    (typeof count === 'number' ? words.get(`${key}.${plural.select(count)}`) : undefined);

  const t: Language['t'] = (key, values = {}) => {
    const found = find(key, values.count);
    if (found === undefined) throw new Error(`No words for ${key} in ${locale}`);
    return found.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      return typeof value === 'number' ? number.format(value) : (value ?? whole);
    });
  };

  return {
    locale,
    dir: new Intl.Locale(locale).getTextInfo().direction ?? 'ltr',
    knows: (key) => words.has(key),
    t,
    withHint: (key, method, hint) =>
      hint === undefined || hint === method ? method : t(key, { method, hint }),
    duration(seconds) {
      const [value, unit] = inWholeUnits(seconds);
      return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(
        value,
      );
    },
    countries: createCountries(locale),
    day: (at) =>
      new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(at),
    instant: (at, zones) =>
      new Intl.DateTimeFormat(locale, {
        dateStyle: 'long',
        timeStyle: 'long',
        timeZone: zones.find((zone) => zone !== undefined && isTimeZone(zone)) ?? 'UTC',
      }).format(at),
  };
}

/** Names and their order are the same for everybody, and dear: made once, when first needed. */
function createCountries(locale: string): Language['countries'] {
  let order: ReadonlyMap<string, Place> | undefined;
  return (countries) => {
    const places = (order ??= placesIn(locale));
    const placed = countries.map((country) => {
      const { name = country.code, at = places.size } = places.get(country.code) ?? {};
      return { at, named: { ...country, name } };
    });
    return placed.sort((left, right) => left.at - right.at).map(({ named }) => named);
  };
}

interface Place {
  readonly name: string;
  readonly at: number;
}

/** Of every code of two letters that means a country or region in this language. */
function placesIn(locale: string): ReadonlyMap<string, Place> {
  const names = new Intl.DisplayNames(locale, { type: 'region', fallback: 'none' });
  const { compare } = new Intl.Collator(locale);
  const letters = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
  return new Map(
    letters
      .flatMap((first) => letters.map((second) => first + second))
      .map((code) => ({ code, name: names.of(code) ?? '' }))
      .filter(({ name }) => name !== '')
      .sort((left, right) => compare(left.name, right.name))
      .map(({ code, name }, at) => [code, { name, at }]),
  );
}

function inWholeUnits(seconds: number): [number, 'second' | 'minute' | 'hour'] {
  if (seconds <= 90) return [Math.ceil(seconds), 'second'];
  if (seconds <= 90 * 60) return [Math.ceil(seconds / 60), 'minute'];
  return [Math.ceil(seconds / 3600), 'hour'];
}
