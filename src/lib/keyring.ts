/**
 * Signs cookies, for Koa and for oidc-provider, which both ask for it in Keygrip's shape. Keygrip
 * itself makes three HMACs and two key objects to check one signature; this makes one HMAC.
 */
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';

export interface Keyring {
  sign(text: string): string;
  verify(text: string, signature: string): boolean;
  /** Which secret signed, -1 for none of them; what an older one signed, both sign anew. */
  index(text: string, signature: string): number;
}

/** HMAC-SHA-256 under the newest secret, which comes first; older ones only verify. */
export function createKeyring(secrets: readonly string[]): Keyring {
  const keys = secrets.map((secret) => createSecretKey(secret, 'utf8'));
  const [newest] = keys;
  if (!newest) throw new Error('no secret to sign cookies with was given');

  const sign = (text: string, key = newest): string =>
    createHmac('sha256', key).update(text).digest('base64url');
  const index = (text: string, signature: string): number =>
    keys.findIndex((key) => isEqual(sign(text, key), signature));

  return { sign: (text) => sign(text), index, verify: (text, given) => index(text, given) >= 0 };
}

function isEqual(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
