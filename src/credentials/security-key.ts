/**
 * A security key or passkey: the public part of a credential that an authenticator made for us
 * (WebAuthn §4, "credential record"). Nothing in it is secret.
 */
import { z } from 'zod';

import { visible } from '../lib/visible.ts';
import type { CredentialKind } from './kind.ts';

export type StoredSecurityKey = z.infer<typeof stored>;

/** 1023 bytes (WebAuthn §5.4.3), in base64url. */
const LONGEST_ID = 1364;
const LONGEST_NAME = 64;

/** Bytes in base64url, without padding. */
export const encoded = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^[\w-]+$/, 'is not base64url');
export const credentialId = encoded(LONGEST_ID);

/** As its owner calls it: whatever of it people can see, in one line. */
export const keyName = z
  .string()
  .max(4 * LONGEST_NAME)
  .transform((typed) =>
    Array.from(visible(oneLine(typed)))
      .slice(0, LONGEST_NAME)
      .join(''),
  );

/** Terminals obey control characters, and lists break at lines. */
function oneLine(typed: string): string {
  return typed.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');
}

const stored = z.object({
  credentialId,
  /** COSE_Key (RFC 9052 §7), base64url. */
  publicKey: encoded(8192),
  /** Of its newest answer; 0 where it does not count. */
  signCount: z.int().min(0),
  /** By which it can be reached, as the browser said when it was made. */
  transports: z.array(z.string()),
  /** Which model it says to be. */
  aaguid: z.string(),
  /** Whether it may be copied to other devices (BE), and whether it was (BS). */
  isBackupEligible: z.boolean(),
  isBackedUp: z.boolean(),
  /** Whether it ever made sure of its user, by a PIN or a biometric, and its owner was sure to be it. */
  isUserVerified: z.boolean(),
  /** How its maker vouched for it; absent where nobody did whom policy trusts. */
  attestation: z.string().exactOptional(),
  name: z.string().exactOptional(),
  /** Its counter went back, as that of a copy does: it proves nothing any more. */
  suspendedAt: z.date().exactOptional(),
});

export const securityKey = {
  id: 'security-key',
  stored,
  most: 10,
  hint: ({ name }) => name,
  // Without a name it is called what it is.
  renamed: ({ name: _, ...key }, typed) => {
    const name = keyName.parse(typed);
    return name === '' ? key : { ...key, name };
  },
  variant: ({ suspendedAt }) => suspendedAt && 'suspended',
  adding: {
    form: z.object({}),
    clashes: ({ credentialId: id }, held) =>
      held.some((other) => stored.safeParse(other).data?.credentialId === id),
  },
} satisfies CredentialKind<StoredSecurityKey, object>;

/** It cannot leave its device, as somebody says whom policy trusts. */
export const isHardwareBound = ({ attestation, isBackupEligible }: StoredSecurityKey): boolean =>
  attestation !== undefined && !isBackupEligible;

/** By which browsers list those of an account that can be read. */
export const credentialIdsIn = (
  credentials: readonly { readonly kind: string; readonly data: unknown }[],
): readonly string[] =>
  credentials
    .filter(({ kind }) => kind === securityKey.id)
    .flatMap(({ data }) => stored.safeParse(data).data?.credentialId ?? []);
