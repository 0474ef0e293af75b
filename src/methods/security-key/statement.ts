/**
 * What a new key's maker says of it, as far as the library is let see it.
 *
 * Why so: of some formats the library follows the certificates that were sent to roots of its own, or
 * of the sender's, and on the way asks the network wherever they tell it to.
 */
import { MOST_CERTIFICATES } from './attestation.ts';

const FOLLOWED: readonly unknown[] = ['android-key', 'android-safetynet', 'apple'];

/** Such a key counts as one that nobody vouches for. Throws for more certificates than any maker sends. */
export async function judgeable(attestationObject: string): Promise<string> {
  const { decodeAttestationObject, isoCBOR } = await import('@simplewebauthn/server/helpers');
  const made = decodeAttestationObject(new Uint8Array(Buffer.from(attestationObject, 'base64url')));
  const certificates: unknown = made.get('attStmt').get('x5c');
  if (Array.isArray(certificates) && certificates.length > MOST_CERTIFICATES) {
    throw new Error('its attestation has too many certificates');
  }
  if (!FOLLOWED.includes(made.get('fmt'))) return attestationObject;
  const bare = isoCBOR.encode(
    new Map<string, Parameters<typeof isoCBOR.encode>[0]>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', made.get('authData')],
    ]),
  );
  return Buffer.from(bare).toString('base64url');
}
