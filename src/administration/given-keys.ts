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
import { isVerifiable } from '../methods/security-key/public-key.ts';
import { Refusal } from './refusal.ts';

/** Of a model that says nothing of itself. */
const NO_MODEL = '00000000-0000-0000-0000-000000000000';

/** 1 to 64 bytes (WebAuthn §5.4.3). */
export const givenHandle = encoded(86);

export const givenKey = z.strictObject({
  credentialId,
  /** COSE_Key, base64url. */
  publicKey: encoded(8192),
  signCount: z.int().min(0).max(0xffffffff).exactOptional(),
  transports: z.array(z.string().max(32)).max(16).exactOptional(),
  aaguid: z.guid('must be like 00112233-4455-6677-8899-aabbccddeeff').toLowerCase().exactOptional(),
  isBackupEligible: z.boolean().exactOptional(),
  isBackedUp: z.boolean().exactOptional(),
  isUserVerified: z.boolean().exactOptional(),
  attestation: z.string().min(1).max(32).exactOptional(),
  name: keyName.exactOptional(),
});

export type GivenKey = z.infer<typeof givenKey>;

/** Throws Refusal for one that could not be verified later. */
export async function keyFrom({ name, ...given }: GivenKey): Promise<StoredSecurityKey> {
  if (!(await isVerifiable(given.publicKey))) throw new Refusal('key-unverifiable');
  return {
    ...{ signCount: 0, transports: [], aaguid: NO_MODEL },
    ...{ isBackupEligible: false, isBackedUp: false, isUserVerified: false },
    ...given,
    ...(name !== undefined && name !== '' && { name }),
  };
}

/** One with the handle by which it knows its account beside it; throws Refusal. */
export async function readKey(record: unknown) {
  const given = givenKey.extend({ userHandle: givenHandle.exactOptional() }).safeParse(record);
  if (!given.success) throw new Refusal('key-unfit', { issues: given.error.issues });
  const { userHandle, ...rest } = given.data;
  return { key: await keyFrom(rest), userHandle };
}

/** Without what only this house decided: that it is suspended. */
export const keyToGive = ({ suspendedAt: _, ...key }: StoredSecurityKey): GivenKey => key;
