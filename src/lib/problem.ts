/**
 * Something went wrong that the user may be told. The code is the key of its words and of
 * its HTTP status (web/problems.ts); anything else that is thrown counts as a bug.
 */
export class Problem extends Error {
  readonly code: string;
  /** What the words may mention: never a secret. */
  readonly details: Readonly<Record<string, string | number>>;
  /** From when on trying again makes sense (the Retry-After header). */
  readonly retryAt: Date | undefined;
  /** What stood in the way, for whoever catches it; nobody is told. */
  readonly because: readonly string[];

  constructor(
    code: string,
    more: {
      details?: Record<string, string | number>;
      retryAt?: Date;
      because?: readonly string[];
      cause?: unknown;
    } = {},
  ) {
    super(code, { cause: more.cause });
    this.name = 'Problem';
    this.code = code;
    this.details = more.details ?? {};
    this.retryAt = more.retryAt;
    this.because = more.because ?? [];
  }
}
