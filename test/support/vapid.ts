/**
 * How a push service knows who sends (RFC 8292).
 */
import { createPublicKey, verify } from 'node:crypto';

export interface VapidClaims {
  readonly aud?: unknown;
  readonly exp?: unknown;
  readonly sub?: unknown;
}

const LONGEST_SECONDS = 24 * 60 * 60;

/** What an Authorization header claims; throws unless its signature is that of this key. */
export function readVapid(authorization: string, publicKey: string): VapidClaims {
  const [, token = '', key] = /^vapid t=([\w.-]+), ?k=([\w-]+)$/.exec(authorization) ?? [];
  if (key !== publicKey) throw new Error('signed by another key than the subscription is for');
  const [header = '', claims = '', signature = ''] = token.split('.');
  const { alg } = decoded(header) as { alg?: unknown };
  const point = Buffer.from(publicKey, 'base64url');
  const [x, y] = [point.toString('base64url', 1, 33), point.toString('base64url', 33)];
  const isSigned = verify(
    'sha256',
    Buffer.from(`${header}.${claims}`),
    {
      key: createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x, y } }),
      dsaEncoding: 'ieee-p1363',
    },
    Buffer.from(signature, 'base64url'),
  );
  if (alg !== 'ES256' || !isSigned) throw new Error('the signature is wrong');
  return decoded(claims) as VapidClaims;
}

/** What is wrong with the claims, at a service with this origin; undefined when nothing is. */
export function faultIn({ aud, exp, sub }: VapidClaims, origin: string): string | undefined {
  const left = Number(exp) - Date.now() / 1000;
  if (aud !== origin) return 'meant for another service';
  if (!(left > 0 && left <= LONGEST_SECONDS)) return 'out of date, or valid for too long';
  if (typeof sub !== 'string' || !/^(mailto:|https:\/\/)/.test(sub)) return 'signed by nobody';
  return undefined;
}

const decoded = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
