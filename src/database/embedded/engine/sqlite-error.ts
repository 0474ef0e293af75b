/**
 * What SQLite's errors say by their number, which node:sqlite passes on as `errcode`.
 */

/** The primary result code; the extended ones are in the higher bits. */
export function sqliteCode(error: unknown): number | undefined {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' ? code & 0xff : undefined;
}

const busy = 5;
const full = 13;
/** What the system says of a quota, or too late: while writing, making sure of it, or cutting. */
const notWritten: ReadonlySet<unknown> = new Set([778, 1034, 1290, 1546]);

export const isBusy = (error: unknown): boolean => sqliteCode(error) === busy;
export const isDiskFull = (error: unknown): boolean =>
  sqliteCode(error) === full ||
  (error instanceof Error && 'errcode' in error && notWritten.has(error.errcode));
