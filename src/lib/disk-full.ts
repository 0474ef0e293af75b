/**
 * Whether something could not be written because a disk is full, ours or the database's. Engines
 * word this differently: MongoDB says 14031. DocumentDB says 4293, which is PostgreSQL's 53100
 * as a number, or 1 with the system's words in findAndModify. SQLite says 13, files say ENOSPC.
 */
const codes: ReadonlySet<unknown> = new Set([14031, 4293, 'ENOSPC', 'EDQUOT']);
const SQLITE_FULL = 13;

export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  return (
    codes.has(code) ||
    errcode === SQLITE_FULL ||
    (code === 1 && error.message.includes('No space left on device')) ||
    isDiskFull(error.cause)
  );
}
