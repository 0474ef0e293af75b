// The keys of a paired account. None of them can be exported: a page that is taken over could
// use them while it is open, and take none away.
import { fromBase32, toBase64url } from './encode.js';

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' };
const CODES = { name: 'HMAC', hash: 'SHA-1' };

/** A new key that signs, and its public half as the server takes it. */
export async function createSigningKey() {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(CURVE, false, ['sign']);
  return {
    signing: privateKey,
    key: toBase64url(await crypto.subtle.exportKey('spki', publicKey)),
  };
}

/** What rolling codes are made with, of the seed that the server gives once. */
export const createCodeKey = (seed) =>
  crypto.subtle.importKey('raw', fromBase32(seed), CODES, false, ['sign']);
