/**
 * As much of CBOR (RFC 8949) as keys write: integers, bytes, texts, lists and maps, each in its
 * shortest form, maps in the order that they are given.
 */
export type CborValue =
  number | string | Buffer | readonly CborValue[] | ReadonlyMap<number | string, CborValue>;

export function cbor(value: CborValue): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string')
    return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  if (value instanceof Map) {
    const entries = [...value] as [number | string, CborValue][]; // a map of ours
    return Buffer.concat([head(5, entries.length), ...entries.flat().map(cbor)]);
  }
  const all = value as readonly CborValue[]; // what is left
  return Buffer.concat([head(4, all.length), ...all.map(cbor)]);
}

function head(major: number, length: number): Buffer {
  const kind = major << 5;
  if (length < 24) return Buffer.from([kind | length]);
  if (length < 256) return Buffer.from([kind | 24, length]);
  if (length < 65_536) return Buffer.from([kind | 25, length >> 8, length & 255]);
  const long = Buffer.alloc(5, kind | 26);
  long.writeUInt32BE(length, 1);
  return long;
}
