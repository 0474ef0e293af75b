/**
 * Replies that carry documents. They are put together from the stored bytes: a document that is
 * returned as it lies is neither decoded nor encoded for it.
 */
import type { Batch } from '../engine/cursors.ts';

const endOfDocument = Buffer.from([0]);
const okField = element(
  0x01,
  'ok',
  (() => {
    const one = Buffer.alloc(8);
    one.writeDoubleLE(1);
    return one;
  })(),
);

export function cursorReply(
  part: 'firstBatch' | 'nextBatch',
  namespace: string,
  { documents, cursorId }: Batch,
): Buffer {
  const items = documents.map((body, index) => element(0x03, String(index), body));
  return document([
    element(
      0x03,
      'cursor',
      document([
        element(0x04, part, document(items)),
        element(0x12, 'id', Buffer.from(cursorId.toBytesLE())),
        element(0x02, 'ns', text(namespace)),
      ]),
    ),
    okField,
  ]);
}

function document(elements: readonly Buffer[]): Buffer {
  const size = Buffer.alloc(4);
  const whole = Buffer.concat([size, ...elements, endOfDocument]);
  whole.writeInt32LE(whole.length);
  return whole;
}

function element(type: number, name: string, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type]), Buffer.from(`${name}\0`), value]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(`${value}\0`);
  const size = Buffer.alloc(4);
  size.writeInt32LE(bytes.length);
  return Buffer.concat([size, bytes]);
}
