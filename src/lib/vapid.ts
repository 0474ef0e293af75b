/**
 * The key by which push services know us (RFC 8292): P-256, kept as its private number alone,
 * because the public key follows from it. A subscription is for one key, for good.
 */
import { createECDH, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';

import { z } from 'zod';

const generate = promisify(generateKeyPair);

/** 32 bytes in base64url. */
export const VapidKey = z
  .string()
  .refine(isPrivateKey, 'must be a key that npm run secrets made: 43 signs of base64url');

export async function generateVapidKey(): Promise<string> {
  const { privateKey } = await generate('ec', { namedCurve: 'P-256' });
  return VapidKey.parse(privateKey.export({ format: 'jwk' }).d);
}

/** As browsers want it (`applicationServerKey`): an uncompressed point, base64url. */
export function vapidPublicKey(privateKey: string): string {
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(privateKey, 'base64url');
  return curve.getPublicKey('base64url');
}

function isPrivateKey(text: string): boolean {
  if (!/^[\w-]{43}$/.test(text)) return false;
  try {
    vapidPublicKey(text);
    return true;
  } catch {
    return false; // zero, or above the order of the curve
  }
}
