/**
 * Reads BSON. Trusts no length in it: a document must fill its bytes exactly, at every level. Types
 * that this database does not keep are refused by name.
 */
import { isUtf8 } from 'node:buffer';

import { Binary, Double, Int32, Long, MaxKey, MinKey, ObjectId } from 'bson';

import type { Doc, Value } from './document.ts';
import { CommandError, MalformedInput, unsupported } from './errors.ts';

const maxDepth = 100;

interface Source {
  readonly bytes: Buffer;
  at: number;
}

/** Reads one document that must fill `bytes` exactly. Throws MalformedInput, or CommandError for types not kept. */
export function decode(bytes: Buffer): Doc {
  const source = { bytes, at: 0 };
  try {
    const doc = readDocument(source, 0);
    if (source.at !== bytes.length) throw new MalformedInput('bytes after the document');
    return doc;
  } catch (error) {
    // Buffer's own bounds check: a length pointed past the end.
    if (error instanceof RangeError) throw new MalformedInput(error.message);
    throw error;
  }
}

function readDocument(source: Source, depth: number): Doc {
  const end = openBlock(source, depth);
  const doc: Doc = new Map();
  let fields = 0;
  while (source.at < end) {
    const type = source.bytes.readUInt8(source.at++);
    const name = readName(source);
    doc.set(name, readValue(source, type, depth));
    // A second field of the same name could say one thing to a check and another to a reader.
    if (++fields !== doc.size) throw new MalformedInput(`field '${name}' twice`);
  }
  closeBlock(source, end);
  return doc;
}

function readArray(source: Source, depth: number): Value[] {
  const end = openBlock(source, depth);
  const items: Value[] = [];
  while (source.at < end) {
    const type = source.bytes.readUInt8(source.at++);
    skipName(source);
    items.push(readValue(source, type, depth));
  }
  closeBlock(source, end);
  return items;
}

/** Returns where the closing zero byte must stand. */
function openBlock(source: Source, depth: number): number {
  if (depth > maxDepth) throw new MalformedInput('nested too deeply');
  const end = source.at + source.bytes.readInt32LE(source.at) - 1;
  source.at += 4;
  if (end < source.at || end >= source.bytes.length)
    throw new MalformedInput('length out of bounds');
  return end;
}

function closeBlock(source: Source, end: number): void {
  if (source.at !== end || source.bytes[end] !== 0) throw new MalformedInput('block does not end');
  source.at = end + 1;
}

function skipName(source: Source): void {
  while (source.bytes.readUInt8(source.at++) !== 0);
}

function readName(source: Source): string {
  const start = source.at;
  skipName(source);
  const name = readText(source.bytes, start, source.at - 1);
  if (name === '__proto__') throw new CommandError(2, "The field name '__proto__' is not allowed");
  return name;
}

/** Bytes that are no UTF-8 would all become the same replacement character, and so compare equal. */
function readText(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start, end);
  if (text.includes('\ufffd') && !isUtf8(bytes.subarray(start, end))) {
    throw new MalformedInput('text is not UTF-8');
  }
  return text;
}

function readString(source: Source): string {
  const start = source.at + 4;
  const end = start + source.bytes.readInt32LE(source.at) - 1;
  if (end < start || source.bytes.readUInt8(end) !== 0)
    throw new MalformedInput('text does not end');
  source.at = end + 1;
  return readText(source.bytes, start, end);
}

/** Moves over `length` bytes and returns where they began. */
function take(source: Source, length: number): number {
  const start = source.at;
  if (length < 0 || start + length > source.bytes.length) throw new MalformedInput('value cut off');
  source.at += length;
  return start;
}

function readValue(source: Source, type: number, depth: number): Value {
  switch (type) {
    case 0x01:
      return new Double(source.bytes.readDoubleLE(take(source, 8)));
    case 0x02:
      return readString(source);
    case 0x03:
      return readDocument(source, depth + 1);
    case 0x04:
      return readArray(source, depth + 1);
    case 0x05:
      return readBinary(source);
    case 0x07:
      return new ObjectId(source.bytes.subarray(take(source, 12), source.at));
    case 0x08:
      return readBoolean(source);
    case 0x09:
      return readDate(source);
    case 0x0a:
      return null;
    case 0x10:
      return new Int32(source.bytes.readInt32LE(take(source, 4)));
    case 0x12:
      return readLong(source);
    case 0x7f:
      return new MaxKey();
    case 0xff:
      return new MinKey();
    default:
      return refuseType(type);
  }
}

function readBoolean(source: Source): boolean {
  const byte = source.bytes.readUInt8(take(source, 1));
  if (byte > 1) throw new MalformedInput('boolean is neither 0 nor 1');
  return byte === 1;
}

function readLong(source: Source): Long {
  const start = take(source, 8);
  return Long.fromBits(source.bytes.readInt32LE(start), source.bytes.readInt32LE(start + 4));
}

function readDate(source: Source): Date {
  const date = new Date(readLong(source).toNumber());
  if (Number.isNaN(date.getTime())) throw unsupported('A date beyond the years JavaScript knows');
  return date;
}

/** It has a second length inside, which would make one value two. */
const oldBinary = 2;

function readBinary(source: Source): Binary {
  const length = source.bytes.readInt32LE(take(source, 4));
  const subtype = source.bytes.readUInt8(take(source, 1));
  const start = take(source, length);
  if (subtype === oldBinary) throw unsupported('The old binary subtype 2');
  return new Binary(source.bytes.subarray(start, source.at), subtype);
}

const refusedTypes = new Map([
  [0x06, 'undefined'],
  [0x0b, 'regex'],
  [0x0c, 'dbPointer'],
  [0x0d, 'javascript'],
  [0x0e, 'symbol'],
  [0x0f, 'javascriptWithScope'],
  [0x11, 'timestamp'],
  [0x13, 'decimal'],
]);

function refuseType(type: number): never {
  const name = refusedTypes.get(type);
  if (name === undefined) throw new MalformedInput(`unknown BSON type ${type}`);
  throw unsupported(`The BSON type ${name}`);
}
