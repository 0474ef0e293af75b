/**
 * What a long check is: a row of the reliability tables, run against the real product with
 * full counts, and judged by figures. Times are allowed to be longer on a slow machine,
 * counts never.
 */
export interface Check {
  /** What it does, in a line. */
  readonly about: string;
  /** How long it may take altogether; whoever is longer has failed. */
  readonly withinSeconds: number;
  run(given: Given): Promise<readonly Finding[]>;
}

export interface Given {
  /** How much slower than the machine of the figures this one is, from R-00: 1 to 4. */
  readonly factor: number;
  /** Instead of the check's own length. */
  readonly seconds?: number;
  /** Instead of the check's own count. */
  readonly count?: number;
  readonly tell: (text: string) => void;
}

export interface Finding {
  readonly what: string;
  readonly figure: number;
  readonly limit: number;
  readonly isMet: boolean;
}

/** A count, or a size: as it is. */
export const atMost = (what: string, figure: number, limit: number): Finding => ({
  ...{ what, figure, limit },
  isMet: figure <= limit,
});

/** A time: its limit grows with the slowness of the machine. */
export const within = (what: string, ms: number, limitMs: number, { factor }: Given): Finding =>
  atMost(`${what}, ms`, ms, limitMs * factor);
