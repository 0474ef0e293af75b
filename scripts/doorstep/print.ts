/**
 * How results look on a terminal, and that nobody's name can write anything else there.
 */

/** Control characters, and what hides or turns text around. */
const DISTURBING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * Names come from strangers: a control character could recolour, hide or retype what an
 * administrator reads.
 */
export const printable = (text: string): string =>
  text.replaceAll(DISTURBING, (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`);

export const named = (name: string): string => `"${printable(name)}"`;

/** Said where a change was asked for, and none was made. */
export const isSoAlready = (what: string): string => `Nothing to change: ${what} is so already.\n`;

/** A value as JSON, ended by a line end: what could disturb a terminal is escaped. */
export const jsonLine = (value: unknown, indent?: number): string =>
  `${JSON.stringify(value, undefined, indent)
    .split('\n')
    .map((line) => line.replaceAll(DISTURBING, escaped))
    .join('\n')}\n`;

const escaped = (sign: string): string =>
  // One escape for each UTF-16 unit, as JSON has them.
  Array.from(
    { length: sign.length },
    (_, at) => `\\u${sign.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');

export async function* lines<Row>(
  rows: AsyncIterable<Row>,
  toLine: (row: Row) => string,
): AsyncGenerator<string> {
  for await (const row of rows) yield toLine(row);
}

type Rows<Row> = Iterable<Row> | AsyncIterable<Row>;

const AT_ONCE = 200;

/** As table, of any length: as wide as a few hundred rows need; no more of them are in memory. */
export async function* columns<Row>(
  head: readonly string[],
  rows: Rows<Row>,
  toCells: (row: Row) => readonly string[],
): AsyncGenerator<string> {
  let held: (readonly string[])[] = [head];
  let widths: number[] = [];
  const flush = (): string => {
    widths = head.map((_, at) => Math.max(widths[at] ?? 0, ...held.map((row) => width(row, at))));
    const text = held.map((row) => aligned(row, widths)).join('');
    held = [];
    return text;
  };
  for await (const row of rows) {
    held.push(toCells(row).map(printable));
    if (held.length >= AT_ONCE) yield flush();
  }
  if (held.length > 0) yield flush();
}

/** Columns as wide as their widest cell; the first row is the head, if there is one. */
export function table(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map(printable));
  const widths = (cells[0] ?? []).map((_, at) => Math.max(...cells.map((row) => width(row, at))));
  return cells.map((row) => aligned(row, widths)).join('');
}

const width = (row: readonly string[], at: number): number => row[at]?.length ?? 0;

const aligned = (row: readonly string[], widths: readonly number[]): string =>
  `${row
    .map((cell, at) => cell.padEnd(widths[at] ?? 0))
    .join('  ')
    .trimEnd()}\n`;
