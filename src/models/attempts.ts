/**
 * How often something was tried lately. Kept in the document it guards, and changed only
 * against the version that was read, so tries that race each other are all counted.
 * What the numbers mean is decided in verification/limits.ts.
 */
export interface Tally {
  /** When it was tried, oldest first; no more of them than the rules need. */
  readonly times: readonly Date[];
  /** Tries since the last success. */
  readonly streak: number;
}

export interface Attempts {
  readonly version: number;
  readonly tallies: Readonly<Record<string, Tally>>;
}

export const noAttempts: Attempts = { version: 0, tallies: {} };
