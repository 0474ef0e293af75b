/**
 * Whether something failed because the database could not be reached, or had no server that takes
 * writes just then: it may be tried again. By the driver's names and numbers, which whoever asks
 * need not know.
 */
const names = /^Mongo.*(Network|Selection|Timeout|Connect|Closed|Primary|WriteConcern)|PoolCleared/;

/** A server that steps down, starts, ends, or did not get it done in time, by MongoDB's numbers. */
const codes: ReadonlySet<unknown> = new Set([
  ...[50, 91, 189, 10058, 10107, 11600, 11602, 13435, 13436],
]);

export const isDatabaseAway = (error: unknown): boolean =>
  error instanceof Error && (names.test(error.name) || ('code' in error && codes.has(error.code)));
