/**
 * Security keys that somebody brings along: the public part of one that was made for the same domain,
 * read here into what an account keeps, or refused with the reason.
 */
import { z } from 'zod';

import {
  credentialId,
  encoded,
  keyName,
  type StoredSecurityKey,
} from '../credentials/security-key.ts';
import { Refusal } from './refusal.ts';

/** Of a model that says nothing of itself. */
const NO_MODEL = '00000000-0000-0000-0000-000000000000';
/** What can be verified here: EdDSA, ES256, RS256. */
const ALGORITHMS: readonly unknown[] = [-8, -7, -257];

/** 1 to 64 bytes (WebAuthn §5.4.3). */
export const givenHandle = encoded(86);

export const givenKey = z.strictObject({
  credentialId,
  /** COSE_Key, base64url. */
  publicKey: encoded(8192),
  signCount: z.int().min(0).max(0xffffffff).exactOptional(),
  transports: z.array(z.string().max(32)).max(16).exactOptional(),
  aaguid: z.guid().exactOptional(),
  isBackupEligible: z.boolean().exactOptional(),
  isBackedUp: z.boolean().exactOptional(),
  isUserVerified: z.boolean().exactOptional(),
  attestation: z.string().max(32).exactOptional(),
  name: keyName.exactOptional(),
});

export type GivenKey = z.infer<typeof givenKey>;

/** Throws Refusal for one that could not be verified later. */
export async function keyFrom({ name, ...given }: GivenKey): Promise<StoredSecurityKey> {
  if (!(await isUsable(given.publicKey))) throw new Refusal('key-unverifiable');
  return {
    ...{ signCount: 0, transports: [], aaguid: NO_MODEL },
    ...{ isBackupEligible: false, isBackedUp: false, isUserVerified: false },
    ...given,
    ...(name !== undefined && name !== '' && { name }),
  };
}

/** Without what only this house decided: that it is suspended. */
export const keyToGive = ({ suspendedAt: _, ...key }: StoredSecurityKey): GivenKey => key;

async function isUsable(publicKey: string): Promise<boolean> {
  const { cose, decodeCredentialPublicKey, verifySignature } =
    await import('@simplewebauthn/server/helpers');
  try {
    const credentialPublicKey = new Uint8Array(Buffer.from(publicKey, 'base64url'));
    const algorithm: unknown = decodeCredentialPublicKey(credentialPublicKey).get(
      cose.COSEKEYS.alg,
    );
    if (!ALGORITHMS.includes(algorithm)) return false;
    const nothing = new Uint8Array(0);
    // Wrong, as it must be; a key that cannot be read throws instead.
    return !(await verifySignature({ signature: SIGNATURE, data: nothing, credentialPublicKey }));
  } catch {
    return false;
  }
}

/** Of nothing, in the form that ECDSA has (RFC 3279 §2.2.3); others take any bytes. */
const SIGNATURE = new Uint8Array([0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01]);
