/**
 * The keys that sign tokens. The first of each algorithm signs, all verify (the order of a
 * rotation is in docs/operating.md): add a new key last, reload everywhere, then move it first.
 */
import { generateKeyPair, type JsonWebKey } from 'node:crypto';
import { promisify } from 'node:util';

import { z } from 'zod';

import { randomId } from './codes.ts';

const generate = promisify(generateKeyPair);
const RSA_BITS = 3072;

const part = z.base64url().min(1);
const kid = z.string().min(1).max(100);
const use = z.literal('sig').default('sig');

const RsaKey = z.strictObject({
  kty: z.literal('RSA'),
  alg: z.enum(['RS256', 'PS256']),
  kid,
  use,
  n: part.refine(isLong, `must have at least ${RSA_BITS} bits`),
  e: part,
  d: part,
  p: part,
  q: part,
  dp: part,
  dq: part,
  qi: part,
});

const EcKey = z.strictObject({
  kty: z.literal('EC'),
  alg: z.literal('ES256'),
  crv: z.literal('P-256'),
  kid,
  use,
  x: part,
  y: part,
  d: part,
});

export const Jwks = z.strictObject({
  keys: z
    .array(z.discriminatedUnion('kty', [RsaKey, EcKey]))
    .min(1)
    .refine(
      (keys) => new Set(keys.map((key) => key.kid)).size === keys.length,
      'kid must be unique',
    )
    // Every client may rely on RS256 (OIDC Core §15.1).
    .refine((keys) => keys.some(({ alg }) => alg === 'RS256'), 'one key must be for RS256'),
});

export type Jwks = z.infer<typeof Jwks>;

/** New keys for a first start: ES256 and RS256. */
export async function generateJwks(): Promise<Jwks> {
  const [rsa, ec] = await Promise.all([
    generate('rsa', { modulusLength: RSA_BITS }),
    generate('ec', { namedCurve: 'P-256' }),
  ]);
  const named = (key: JsonWebKey, alg: string) => ({ ...key, alg, use: 'sig', kid: randomId() });
  return Jwks.parse({
    keys: [
      named(rsa.privateKey.export({ format: 'jwk' }), 'RS256'),
      named(ec.privateKey.export({ format: 'jwk' }), 'ES256'),
    ],
  });
}

function isLong(modulus: string): boolean {
  const bytes = Buffer.from(modulus, 'base64url');
  return bytes.length * 8 >= RSA_BITS && (bytes[0] ?? 0) > 0;
}
