/**
 * The one order of values: every value has a key, and keys compare byte by byte as MongoDB
 * compares values. Equality, ranges, sorting and index entries all rest on it, so they cannot disagree.
 * A key is its type's byte and a body that no other body of that type begins with, so that keys
 * can stand one after another in a compound key.
 */
import { Binary, Long, MaxKey, MinKey, ObjectId } from 'bson';
import type { Double, Int32 } from 'bson';

import type { Value } from './document.ts';

/** Stands for an array without elements where its elements are indexed or sorted by. */
export const emptyArray = Symbol('empty array');

/** What may stand in a key; undefined is a missing field, which is ordered as null. */
export type KeyPart = Value | undefined | typeof emptyArray;

const types = {
  minKey: 0x05,
  emptyArray: 0x08,
  null: 0x0a,
  number: 0x14,
  string: 0x1e,
  object: 0x28,
  array: 0x32,
  binary: 0x3c,
  objectId: 0x46,
  boolean: 0x50,
  date: 0x5a,
  maxKey: 0x7f,
} as const;

/** After every key of either direction. */
export const beyondAllKeys = Buffer.from([0xff]);
/** Before every key. */
export const beforeAllKeys = Buffer.alloc(0);

let scratch = Buffer.allocUnsafe(4096);
let at = 0;

export function keyOf(value: KeyPart): Buffer {
  at = 0;
  writePart(value);
  return Buffer.from(scratch.subarray(0, at));
}

/** One key for several values; those whose direction is descending are ordered backwards. */
export function compoundKey(parts: readonly KeyPart[], descending: readonly boolean[]): Buffer {
  at = 0;
  for (const [index, part] of parts.entries()) {
    const start = at;
    writePart(part);
    if (descending[index] === true) invert(scratch.subarray(start, at));
  }
  return Buffer.from(scratch.subarray(0, at));
}

/** Turns the order of a key around, in place. */
export function invert(key: Buffer): Buffer {
  for (let index = 0; index < key.length; index++) key[index] = 0xff - (key[index] ?? 0);
  return key;
}

/** The first key after all that begin with this one. */
export function successor(key: Buffer): Buffer {
  const next = Buffer.from(key);
  for (let index = next.length - 1; index >= 0; index--) {
    const byte = next[index] ?? 0;
    if (byte < 0xff) {
      next[index] = byte + 1;
      return next.subarray(0, index + 1);
    }
  }
  return beyondAllKeys;
}

export const compareKeys = (a: Buffer, b: Buffer): number => Buffer.compare(a, b);

/** Comparison operators look only at values of the operand's own type. */
export const sameType = (a: Buffer, b: Buffer): boolean => a[0] === b[0];

/** The key that begins all keys of a key's type. */
export const typeOfKey = (key: Buffer): Buffer => key.subarray(0, 1);

const notANumber = Buffer.from([types.number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
export const isNaNKey = (key: Buffer): boolean => key.equals(notANumber);

function room(bytes: number): void {
  if (at + bytes <= scratch.length) return;
  const larger = Buffer.allocUnsafe(Math.max(scratch.length * 2, at + bytes));
  scratch.copy(larger, 0, 0, at);
  scratch = larger;
}

function writeByte(byte: number): void {
  room(1);
  scratch[at++] = byte;
}

function writeBytes(bytes: Uint8Array): void {
  room(bytes.length);
  scratch.set(bytes, at);
  at += bytes.length;
}

function writePart(part: KeyPart): void {
  if (part === emptyArray) {
    writeByte(types.emptyArray);
    return;
  }
  const value = part ?? null;
  writeByte(typeByte(value));
  writeBody(value);
}

function typeByte(value: Value): number {
  if (value === null) return types.null;
  if (typeof value === 'string') return types.string;
  if (typeof value === 'boolean') return types.boolean;
  if (value instanceof Map) return types.object;
  if (Array.isArray(value)) return types.array;
  if (value instanceof Date) return types.date;
  if (value instanceof Binary) return types.binary;
  if (value instanceof ObjectId) return types.objectId;
  if (value instanceof MinKey) return types.minKey;
  if (value instanceof MaxKey) return types.maxKey;
  return types.number;
}

function writeBody(value: Value): void {
  if (typeof value === 'string') writeString(value);
  else if (typeof value === 'boolean') writeByte(value ? 1 : 0);
  else if (value instanceof Map) writeObject(value);
  else if (Array.isArray(value)) writeArray(value);
  else if (value instanceof Date) writeDate(value.getTime());
  else if (value instanceof Binary) writeBinary(value);
  else if (value instanceof ObjectId) writeBytes(value.id);
  else if (value instanceof Long) writeLong(value);
  else if (!hasNoBody(value)) writeNumber((value satisfies Int32 | Double).value, 0);
}

const hasNoBody = (value: Value): value is null | MinKey | MaxKey =>
  value === null || value instanceof MinKey || value instanceof MaxKey;

/** UTF-8, where a zero byte is followed by 0xff and the end is 0x00 0x01. */
function writeString(text: string): void {
  if (text.includes('\0')) {
    for (const [index, piece] of text.split('\0').entries()) {
      if (index > 0) writeBytes(escapedZero);
      writeText(piece);
    }
  } else {
    writeText(text);
  }
  writeBytes(endOfString);
}

const escapedZero = Buffer.from([0x00, 0xff]);
const endOfString = Buffer.from([0x00, 0x01]);

function writeText(text: string): void {
  room(text.length * 3);
  at += scratch.write(text, at, 'utf8');
}

/** MongoDB compares field by field: type, then name, then value. */
function writeObject(doc: ReadonlyMap<string, Value>): void {
  for (const [name, value] of doc) {
    writeByte(typeByte(value));
    writeText(name);
    writeByte(0);
    writeBody(value);
  }
  writeByte(0);
}

function writeArray(items: readonly Value[]): void {
  for (const item of items) writePart(item);
  writeByte(0);
}

/** MongoDB compares length, then subtype, then bytes. */
function writeBinary(binary: Binary): void {
  room(5);
  const length = binary.length();
  at = scratch.writeUInt32BE(length, at);
  at = scratch.writeUInt8(binary.sub_type, at);
  writeBytes(binary.buffer.subarray(0, length));
}

function writeDate(milliseconds: number): void {
  room(8);
  const high = Math.floor(milliseconds / 2 ** 32);
  at = scratch.writeUInt32BE(high + 2 ** 31, at);
  at = scratch.writeUInt32BE(milliseconds - high * 2 ** 32, at);
}

/** The largest double that is not above the number, and what is left over: longs beyond 2^53 need both. */
function writeLong(long: Long): void {
  const exact = long.toBigInt();
  const nearest = Number(exact);
  const floor = BigInt(nearest) > exact ? previousDouble(nearest) : nearest;
  writeNumber(floor, Number(exact - BigInt(floor)));
}

/** Only for integers beyond 2^53, where the distance of doubles is a power of two from the exponent. */
function previousDouble(value: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + (value > 0 ? -1n : 1n));
  return view.getFloat64(0);
}

function writeNumber(value: number, rest: number): void {
  room(10);
  if (Number.isNaN(value)) {
    scratch.fill(0, at, at + 8);
  } else {
    // Adding zero makes of -0 a 0: they are equal.
    scratch.writeDoubleBE(value + 0, at);
    if (value < 0) invert(scratch.subarray(at, at + 8));
    else scratch[at] = (scratch[at] ?? 0) | 0x80;
  }
  at += 8;
  at = scratch.writeUInt16BE(rest, at);
}
