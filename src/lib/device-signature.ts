/**
 * Signatures of devices that hold a P-256 key (WebCrypto's ECDSA with SHA-256, r and s side by
 * side). What is signed are lines, the first of which says what for: a signature made for one
 * purpose is worth nothing for another.
 */
import { createPublicKey, type KeyObject, verify } from 'node:crypto';

/** SPKI of a P-256 key has just this length. */
const SPKI_BYTES = 91;
const SIGNATURE_BYTES = 64;

/** Whether the holder of the key (SPKI, base64url) signed these lines; never throws. */
export function isSignedBy(key: string, lines: readonly string[], signature: string): boolean {
  const publicKey = p256(key);
  const bytes = Buffer.from(signature, 'base64url');
  if (!publicKey || bytes.length !== SIGNATURE_BYTES) return false;
  const text = Buffer.from(lines.join('\n'), 'utf8');
  return verify('sha256', text, { key: publicKey, dsaEncoding: 'ieee-p1363' }, bytes);
}

function p256(key: string): KeyObject | undefined {
  const der = Buffer.from(key, 'base64url');
  if (der.length !== SPKI_BYTES) return undefined;
  try {
    const parsed = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return parsed.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? parsed : undefined;
  } catch {
    // A point that is not on the curve, or no key at all.
    return undefined;
  }
}
