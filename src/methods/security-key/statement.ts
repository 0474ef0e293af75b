/**
 * What a new key and its maker say of it, as far as the library is let see it.
 *
 * Why so: the library reads a number where bytes belong as so many bytes, and fills the memory with
 * them; and of some formats it follows the certificates that were sent to roots of its own, or of the
 * sender's, and on the way asks the network wherever they tell it to.
 */
import { z } from 'zod';

import { MOST_CERTIFICATES } from './attestation.ts';
import { isSoundKey } from './public-key.ts';

const FOLLOWED: readonly string[] = ['android-key', 'android-safetynet', 'apple'];

const bytes = z.instanceof(Uint8Array<ArrayBuffer>);
const attestation = z.object({ fmt: z.string(), authData: bytes, attStmt: z.instanceof(Map) });

/** What the formats that the library judges say (§8.2, §8.3, §8.6). */
const statement = z.strictObject({
  alg: z.number().exactOptional(),
  ver: z.string().exactOptional(),
  sig: bytes.exactOptional(),
  x5c: z.array(bytes).max(MOST_CERTIFICATES).exactOptional(),
  certInfo: bytes.exactOptional(),
  pubArea: bytes.exactOptional(),
});

/** An attestation object that may be judged; throws for what is of another kind than it must be. */
export async function judgeable(attestationObject: string): Promise<string> {
  const { isoCBOR, parseAuthenticatorData } = await import('@simplewebauthn/server/helpers');
  const sent: unknown = isoCBOR.decodeFirst(
    new Uint8Array(Buffer.from(attestationObject, 'base64url')),
  );
  const { fmt, authData, attStmt } = attestation.parse(fieldsOf(sent));
  const { credentialPublicKey } = parseAuthenticatorData(authData);
  if (!credentialPublicKey || !isSoundKey(isoCBOR.decodeFirst(credentialPublicKey))) {
    throw new Error('its public key is none');
  }
  if (!FOLLOWED.includes(fmt)) {
    statement.parse(fieldsOf(attStmt));
    return attestationObject;
  }
  // As one that nobody vouches for.
  const bare = isoCBOR.encode(
    new Map<string, Parameters<typeof isoCBOR.encode>[0]>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', authData],
    ]),
  );
  return Buffer.from(bare).toString('base64url');
}

const fieldsOf = (map: unknown): object =>
  map instanceof Map ? (Object.fromEntries(map) as object) : {};
