/**
 * As much of DER (X.690) as certificates are written in.
 */
/** A kind, a length and the content. */
export function der(kind: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([kind, ...size]), content]);
}

export const hex = (text: string): Buffer => Buffer.from(text, 'hex');
export const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts);
export const oid = (content: string): Buffer => der(0x06, hex(content));
export const bits = (content: Buffer): Buffer => der(0x03, hex('00'), content);
