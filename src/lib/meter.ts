/**
 * What a room counts and times goes through this port, so that none of them knows who reads
 * the figures, or whether anybody does. Names and labels must be in the table of
 * src/metrics/instruments.ts; a label's values are few and known, never what somebody typed.
 */
export type Labels = Readonly<Record<string, string>>;

export interface Meter {
  /** One more of them, or so much more. */
  count(name: string, labels?: Labels, by?: number): void;
  time(name: string, seconds: number, labels?: Labels): void;
  /** A figure that is asked for only when somebody looks. */
  watch(name: string, read: () => number): void;
}

const ignore = (): void => undefined;

export const noMeter: Meter = { count: ignore, time: ignore, watch: ignore };

/** For the time since: `const passed = stopwatch(); …; passed()`, in seconds. */
export function stopwatch(): () => number {
  const begun = performance.now();
  return () => (performance.now() - begun) / 1000;
}
