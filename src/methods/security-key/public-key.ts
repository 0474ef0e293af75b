/**
 * Whether a key's answers can be verified here later: one that cannot would lock its owner out.
 */

/** What all keys can: Ed25519, ES256 and, for what computers have built in, RS256 (RFC 9053 §2). */
export const ALGORITHMS: readonly number[] = [-8, -7, -257];

/** Labels of a COSE_Key (RFC 9052 §7.1), and the type that has no curve (RFC 8230 §4). */
const KTY = 1;
const ALG = 3;
const CRV = -1;
const RSA = 3;
/** The modulus of RSA with 4096 bits. */
const LONGEST_PART_BYTES = 512;

/** Of nothing, in the form that ECDSA has (RFC 3279 §2.2.3); others take any bytes. */
const SIGNATURE = new Uint8Array([0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01]);

/**
 * Whether each part is what it must be. The library reads a number where bytes belong as so many
 * bytes, and fills the memory with them.
 */
export function isSoundKey(key: unknown): key is ReadonlyMap<unknown, unknown> {
  if (!(key instanceof Map)) return false;
  const parts = [...(key as ReadonlyMap<unknown, unknown>)];
  const isNumber = (label: unknown): boolean =>
    label === KTY || label === ALG || (label === CRV && key.get(KTY) !== RSA);
  return parts.every(([label, part]) =>
    isNumber(label)
      ? typeof part === 'number'
      : part instanceof Uint8Array && part.length <= LONGEST_PART_BYTES,
  );
}

/** The same of one as it is stored: a COSE_Key (RFC 9052 §7), base64url. Throws for what is no CBOR. */
export async function isSound(publicKey: string): Promise<boolean> {
  const { isoCBOR } = await import('@simplewebauthn/server/helpers');
  return isSoundKey(isoCBOR.decodeFirst(new Uint8Array(Buffer.from(publicKey, 'base64url'))));
}

/** `publicKey`: a COSE_Key (RFC 9052 §7), base64url. */
export async function isVerifiable(publicKey: string): Promise<boolean> {
  const { isoCBOR, verifySignature } = await import('@simplewebauthn/server/helpers');
  try {
    const credentialPublicKey = new Uint8Array(Buffer.from(publicKey, 'base64url'));
    const key: unknown = isoCBOR.decodeFirst(credentialPublicKey);
    if (!isSoundKey(key) || !ALGORITHMS.some((known) => known === key.get(ALG))) return false;
    const nothing = new Uint8Array(0);
    // Wrong, as it must be; a key that cannot be read throws instead.
    return !(await verifySignature({ signature: SIGNATURE, data: nothing, credentialPublicKey }));
  } catch {
    return false;
  }
}
