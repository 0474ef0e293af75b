/**
 * Where every decision about time gets the time, so that tests can move it.
 */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

export const daysAfter = (instant: Date, days: number): Date =>
  secondsAfter(instant, days * 24 * 60 * 60);

export const secondsAfter = (instant: Date, seconds: number): Date =>
  new Date(instant.getTime() + seconds * 1000);
