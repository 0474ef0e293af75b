/**
 * Values as MongoDB's error messages show them, more or less.
 */
import { Binary, MaxKey, MinKey, ObjectId } from 'bson';

import type { Value } from './document.ts';

export function show(value: Value | undefined): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (value instanceof ObjectId) return `ObjectId('${value.toHexString()}')`;
  if (value instanceof Binary) return `BinData(${value.sub_type}, ${value.toString('hex')})`;
  if (value instanceof Map) return '{ ... }';
  if (Array.isArray(value)) return '[ ... ]';
  if (value instanceof MinKey || value instanceof MaxKey) return value._bsontype;
  return value.toString();
}
