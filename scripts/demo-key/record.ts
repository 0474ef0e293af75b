/**
 * A demo key as its owner's account has it: the public half.
 */
import { isoCBOR } from '@simplewebauthn/server/helpers';

import type { StoredSecurityKey } from '../../src/credentials/security-key.ts';
import type { DemoKey } from '../demo-people.ts';

export const keyRecordOf = ({ credentialId, jwk }: DemoKey): StoredSecurityKey => ({
  credentialId,
  publicKey: coseOf(jwk).toString('base64url'),
  signCount: 0,
  transports: [],
  aaguid: '00000000-0000-0000-0000-000000000000',
  ...{ isBackupEligible: false, isBackedUp: false, isUserVerified: true },
  name: 'Demo key',
});

/** An elliptic curve, ES256, P-256, and the point on it (RFC 9053 §7.1). */
function coseOf({ x, y }: DemoKey['jwk']): Buffer {
  const key = new Map<number, number | Uint8Array>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, bytesOf(x)],
    [-3, bytesOf(y)],
  ]);
  return Buffer.from(isoCBOR.encode(key));
}

const bytesOf = (half: string): Uint8Array => new Uint8Array(Buffer.from(half, 'base64url'));
