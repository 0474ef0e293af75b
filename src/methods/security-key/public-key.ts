/**
 * Whether a key's answers can be verified here later: one that cannot would lock its owner out.
 */

/** What all keys can: Ed25519, ES256 and, for what computers have built in, RS256 (RFC 9053 §2). */
export const ALGORITHMS: readonly number[] = [-8, -7, -257];

/** Of nothing, in the form that ECDSA has (RFC 3279 §2.2.3); others take any bytes. */
const SIGNATURE = new Uint8Array([0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01]);

/** `publicKey`: a COSE_Key (RFC 9052 §7), base64url. */
export async function isVerifiable(publicKey: string): Promise<boolean> {
  const { cose, decodeCredentialPublicKey, verifySignature } =
    await import('@simplewebauthn/server/helpers');
  try {
    const credentialPublicKey = new Uint8Array(Buffer.from(publicKey, 'base64url'));
    const algorithm: unknown = decodeCredentialPublicKey(credentialPublicKey).get(
      cose.COSEKEYS.alg,
    );
    if (!ALGORITHMS.some((known) => known === algorithm)) return false;
    const nothing = new Uint8Array(0);
    // Wrong, as it must be; a key that cannot be read throws instead.
    return !(await verifySignature({ signature: SIGNATURE, data: nothing, credentialPublicKey }));
  } catch {
    return false;
  }
}
