/**
 * Errors as MongoDB numbers and words them, so that drivers and applications recognise them.
 * What is not supported is refused through here too: named, never ignored.
 */
const names = {
  1: 'InternalError',
  2: 'BadValue',
  9: 'FailedToParse',
  14: 'TypeMismatch',
  20: 'IllegalOperation',
  26: 'NamespaceNotFound',
  27: 'IndexNotFound',
  28: 'PathNotViable',
  40: 'ConflictingUpdateOperators',
  43: 'CursorNotFound',
  48: 'NamespaceExists',
  50: 'MaxTimeMSExpired',
  52: 'DollarPrefixedFieldName',
  53: 'InvalidIdField',
  54: 'NotSingleValueField',
  56: 'EmptyFieldName',
  59: 'CommandNotFound',
  66: 'ImmutableField',
  67: 'CannotCreateIndex',
  72: 'InvalidOptions',
  73: 'InvalidNamespace',
  85: 'IndexOptionsConflict',
  86: 'IndexKeySpecsConflict',
  171: 'CannotIndexParallelArrays',
  197: 'InvalidIndexSpecificationOption',
  10334: 'BSONObjectTooLarge',
  11000: 'DuplicateKey',
  14031: 'OutOfDiskSpace',
  31254: 'Location31254',
  40324: 'Location40324',
  40414: 'Location40414',
  40415: 'Location40415',
} as const;

export type ErrorCode = keyof typeof names;

export interface ErrorReply {
  readonly ok: 0;
  readonly errmsg: string;
  readonly code: ErrorCode;
  readonly codeName: string;
  readonly [detail: string]: unknown;
}

/** An expected refusal, answered to the client; `details` ride along in the reply. */
export class CommandError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** Bytes that are no message or no BSON: nobody to answer to, the connection is closed. */
export class MalformedInput extends Error {}

/** The reply for any error; what is no CommandError is a bug or a broken disk, and says no more than that. */
export function errorReply(error: unknown): ErrorReply {
  const { code, message, details } =
    error instanceof CommandError
      ? error
      : { code: 1 as const, message: `Internal error: ${textOf(error)}`, details: {} };
  return { ok: 0, errmsg: message, code, codeName: names[code], ...details };
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown');

export const badValue = (message: string): CommandError => new CommandError(2, message);

/** For what MongoDB can do and this database cannot. */
export const unsupported = (what: string): CommandError =>
  new CommandError(2, `${what} is not supported by the embedded database`);
