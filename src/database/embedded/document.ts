/**
 * Documents as this database sees them: maps, so that no field name can reach a prototype, with
 * numbers in their BSON types, so that an int stays an int. Decoding is `decode.ts`'s for both
 * reasons; encoding is the `bson` package's, which writes maps as they are.
 */
import { Binary, Double, Int32, Long, MaxKey, MinKey, ObjectId, serialize } from 'bson';

import { CommandError } from './errors.ts';

export type Value =
  | null
  | boolean
  | string
  | Date
  | Int32
  | Long
  | Double
  | ObjectId
  | Binary
  | MinKey
  | MaxKey
  | Doc
  | Value[];

export type Doc = Map<string, Value>;

/** MongoDB's own bound for one document. */
const maxDocumentBytes = 16 * 1024 * 1024;
/** Writes a document; also takes plain objects, which replies are built of. */
export function encode(doc: Doc | Readonly<Record<string, unknown>>): Buffer {
  const bytes = serialize(doc);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Encodes what will be stored, and holds it to MongoDB's size limit. */
export function encodeForStorage(doc: Doc): Buffer {
  const bytes = encode(doc);
  if (bytes.length > maxDocumentBytes) {
    throw new CommandError(10334, `BSONObj size: ${bytes.length} is invalid. Max 16777216`);
  }
  return bytes;
}

/** A copy that can be changed without the other noticing: what is in its fields is never changed in place. */
export function copyOf(doc: Doc): Doc {
  const copy: Doc = new Map();
  for (const [name, value] of doc) copy.set(name, copyValue(value));
  return copy;
}

function copyValue(value: Value): Value {
  if (value instanceof Map) return copyOf(value);
  return Array.isArray(value) ? value.map(copyValue) : value;
}

/** A number of any BSON type as JavaScript's, or undefined; longs beyond 2^53 lose their last digits. */
export function numberOf(value: Value | undefined): number | undefined {
  if (value instanceof Int32 || value instanceof Double) return value.value;
  return value instanceof Long ? value.toNumber() : undefined;
}

/** What `$type` and error messages call a value. */
export function typeName(value: Value | undefined): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (Array.isArray(value)) return 'array';
  if (value instanceof Map) return 'object';
  return classNames.find(([kind]) => value instanceof kind)?.[1] ?? 'unknown';
}

const classNames = [
  [Int32, 'int'],
  [Double, 'double'],
  [Long, 'long'],
  [Date, 'date'],
  [ObjectId, 'objectId'],
  [Binary, 'binData'],
  [MinKey, 'minKey'],
  [MaxKey, 'maxKey'],
] as const;
