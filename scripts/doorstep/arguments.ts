/**
 * How the arguments of a command are read. Nothing that was typed is left unread: what a command
 * does not know, or what it would not look at, is named and refused.
 */
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';

import { nearestOf } from '../../src/config/edit-distance.ts';
import { named } from './print.ts';
import { Misuse } from './run.ts';

export type Options = ParseArgsOptionsConfig;

/** What was typed: what stands by itself, and the options. */
export interface Given<Known extends Options, Names = readonly string[]> {
  readonly names: Names;
  readonly values: ReturnType<
    typeof parseArgs<{ options: Known; allowPositionals: true }>
  >['values'];
}

/** As help shows them: `<username>` is needed, `[<number>]` may be, `[<another>...]` repeat. */
export type Filled<Wanted> = Wanted extends readonly [infer First, ...infer Rest]
  ? First extends `<${string}`
    ? readonly [string, ...Filled<Rest>]
    : First extends `${string}...]`
      ? readonly string[]
      : readonly [string?, ...Filled<Rest>]
  : readonly [];

/** Throws Misuse for what is not among the options. */
export function parsed<Known extends Options>(
  args: readonly string[],
  options: Known,
): Given<Known> {
  try {
    const { values, positionals, tokens } = parseArgs({
      ...{ args: [...args], options, allowPositionals: true as const, tokens: true as const },
    });
    refuseRepeated(tokens, options);
    return { names: positionals, values };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Misuse(`${whatIsWrong(error.message, options)} See --help.`);
  }
}

type Tokens = readonly { readonly kind: string; readonly name?: string }[];

/** Of two values the first would be left unread. */
function refuseRepeated(tokens: Tokens, options: Options): void {
  const once = tokens
    .filter(({ kind }) => kind === 'option')
    .map(({ name = '' }) => name)
    .filter((name) => options[name]?.type === 'string' && !options[name].multiple);
  const repeated = once.find((name, at) => once.indexOf(name) < at);
  if (repeated !== undefined) throw new Misuse(`--${repeated} takes one value, and has two.`);
}

/** The library explains what it does not know, and then how to escape it, which nobody asked for. */
function whatIsWrong(explained: string, options: Options): string {
  const [, unknown] = /^Unknown option '(--?[^']*)'/.exec(explained) ?? [];
  const known = Object.keys(options).map((name) => `--${name}`);
  if (unknown !== undefined) return `There is no option ${unknown}${didYouMean(unknown, known)}`;
  // Nothing behind it, or another option: a value may begin with a dash only behind the sign.
  const [, bare] =
    /^Option '(?:-\w, )?(--[\w-]+).* (?:argument missing|is ambiguous)/.exec(explained) ?? [];
  if (bare !== undefined) return `${bare} needs a value, as in ${bare}=x.`;
  const [sentence = ''] = explained.split(/\.(?:\s|$)/);
  return `${sentence}.`;
}

/** Ends the sentence. */
export function didYouMean(typed: string, known: readonly string[]): string {
  const meant = nearestOf(typed, known);
  return meant === undefined ? '.' : `; did you mean ${meant}?`;
}

/** Throws Misuse where one is missing, or one is there that nobody would read. */
export function namesFor<const Wanted extends readonly string[]>(
  wanted: Wanted,
  names: readonly string[],
): Filled<Wanted> {
  const missing = wanted.find((name, at) => name.startsWith('<') && !names[at]);
  if (missing !== undefined) throw new Misuse(`${missing} is missing. See --help.`);
  const isOpen = wanted.some((name) => name.endsWith('...]'));
  const unread = isOpen ? [] : names.slice(wanted.length);
  if (unread.length > 0) {
    const isOrAre = unread.length === 1 ? 'is' : 'are';
    const takes = wanted.length > 0 ? `only ${wanted.join(' ')}` : 'options only';
    throw new Misuse(`${unread.map(named).join(', ')} ${isOrAre} too much: it takes ${takes}.`);
  }
  return names as Filled<Wanted>; // they were just counted
}

/** The one name that a script needs. */
export function onlyOne([name, ...rest]: readonly string[], what: string): string {
  if (!name || rest.length > 0) throw new Misuse(`Exactly one ${what} is needed.`);
  return name;
}
