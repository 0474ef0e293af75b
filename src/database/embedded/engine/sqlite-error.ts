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

export const isBusy = (error: unknown): boolean => sqliteCode(error) === busy;
export const isDiskFull = (error: unknown): boolean => sqliteCode(error) === full;
