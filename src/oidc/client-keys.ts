/**
 * The public keys by which an app proves that it is the one (`private_key_jwt`, RFC 7523 §2.2)
 * or that a request is its own (RFC 9101), as they are registered from a file. Those at an address
 * of the app are fetched-keys.ts.
 */
import { createPublicKey } from 'node:crypto';

import { z } from 'zod';

export const MOST_KEYS = 64;
const RSA_BITS = 2048;

/** With the secret half of a key, whoever reads the registration could pose as the app. */
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

const common = {
  kid: z.string('has a kid that is no text').min(1).max(256).optional(),
  use: z.literal('sig', 'is not for signing, as its "use" says').optional(),
};
const BROKEN = `is broken, or RSA with less than ${RSA_BITS} bits`;
const part = z.string(BROKEN);

const RsaKey = z.looseObject({
  ...common,
  kty: z.literal('RSA'),
  alg: z.enum(['RS256', 'PS256'], 'has an "alg" other than RS256 and PS256').optional(),
  n: part,
  e: part,
});

const EcKey = z.looseObject({
  ...common,
  kty: z.literal('EC'),
  crv: z.literal('P-256', 'is on another curve than P-256'),
  alg: z.literal('ES256', 'has an "alg" other than ES256').optional(),
  x: part,
  y: part,
});

/** What is private is said first, whatever else is wrong with it. */
const Key = z
  .looseObject({}, 'is no key')
  .refine((key) => !secretMembers.some((member) => member in key), {
    error: 'holds a private key: only its public half belongs here',
    abort: true,
  })
  .pipe(z.discriminatedUnion('kty', [RsaKey, EcKey], { error: 'is neither RSA nor EC on P-256' }))
  .refine(isSound, BROKEN);

const NO_SET = 'This is no JSON Web Key Set: {"keys": [...]}';

/** A JSON Web Key Set (RFC 7517 §5) in which every key is one that we take. */
export const ClientKeys = z.object(
  {
    keys: z
      .array(Key, NO_SET)
      .min(1, 'There is no key in this set')
      .max(MOST_KEYS, `There are more than ${MOST_KEYS} keys in this set`)
      .refine(haveOwnNames, 'Of several keys, each must have a kid of its own'),
  },
  NO_SET,
);

export type ClientKeys = z.infer<typeof ClientKeys>;

function isSound(key: Readonly<Record<string, unknown>>): boolean {
  try {
    const { asymmetricKeyDetails } = createPublicKey({ key, format: 'jwk' });
    return (asymmetricKeyDetails?.modulusLength ?? RSA_BITS) >= RSA_BITS;
  } catch {
    return false;
  }
}

function haveOwnNames(keys: readonly { readonly kid?: string | undefined }[]): boolean {
  const named = new Set(keys.map(({ kid }) => kid));
  return keys.length === 1 || (named.size === keys.length && !named.has(undefined));
}
