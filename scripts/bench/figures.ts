/**
 * Numbers as they are reported: percentiles of many, and of few repeats the middle with the
 * least and the most beside it.
 */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** The nearest rank; NaN of nothing. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? NaN;
}

export const spreadOf = (values: readonly number[]): Spread => ({
  min: Math.min(...values),
  median: percentile(values, 50),
  max: Math.max(...values),
});

/** Three digits are more than a shared machine can promise. */
export const short = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value.toPrecision(3).replace(/\.?0+$/, '');

export const showSpread = ({ min, median, max }: Spread): string =>
  min === max ? short(median) : `${short(median)} (${short(min)} to ${short(max)})`;
