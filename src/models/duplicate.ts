/**
 * Whether a write failed because its key was taken. Engines word this differently: MongoDB
 * says 11000. DocumentDB says 1 in findAndModify, in PostgreSQL's words, and 16908292, a deadlock,
 * to some of those who raced for one key: it ends when one of them has it.
 */
const constraints = /exclusion constraint|duplicate key value violates unique constraint/;

export function isDuplicate(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  return code === 11000 || code === 16908292 || (code === 1 && constraints.test(error.message));
}
