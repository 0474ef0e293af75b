import { generateKeyPairSync } from 'node:crypto';

import { expect } from 'chai';

import { ClientKeys } from '../../../src/oidc/client-keys.ts';

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const point = ec.publicKey.export({ format: 'jwk' });
const number = rsa.publicKey.export({ format: 'jwk' });
const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey;
const curve = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey;
const named = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ ...point, kid: `${n}` }));

const whyNot = (jwks: unknown): string | undefined =>
  ClientKeys.safeParse(jwks).error?.issues[0]?.message;

describe("An app's keys", () => {
  it('are public keys that can be verified with', () => {
    for (const keys of [
      [point],
      [number],
      [{ ...number, alg: 'PS256', use: 'sig', kid: 'a', x5t: 'whatever' }],
      [
        { ...point, kid: 'a', alg: 'ES256' },
        { ...number, kid: 'b' },
      ],
      named(64),
    ]) {
      expect(whyNot({ keys }), JSON.stringify(keys)).to.equal(undefined);
    }
  });

  for (const [why, keys] of Object.entries({
    'There is no key': [],
    'more than 64 keys': named(65),
    'a private key': [ec.privateKey.export({ format: 'jwk' })],
    'holds a private key': [rsa.privateKey.export({ format: 'jwk' })],
    'less than 2048 bits': [short.export({ format: 'jwk' })],
    'is broken': [{ ...point, x: 'AAAA' }],
    'neither RSA nor EC': [{ kty: 'oct' }],
    'only its public half': [{ kty: 'oct', k: 'c2VjcmV0' }],
    'private key: only': [
      { ...ec.privateKey.export({ format: 'jwk' }), alg: 'ES384', crv: 'P-384' },
    ],
    'an "alg" other than ES256': [{ ...point, alg: 'ES384' }],
    'RSA nor EC on P-256': [{ kty: 'OKP', crv: 'Ed25519', x: 'AAAA' }],
    'another curve than P-256': [curve.export({ format: 'jwk' })],
    'a kid of its own': [point, number],
    'each must have a kid': [
      { ...point, kid: 'a' },
      { ...number, kid: 'a' },
    ],
    'not for signing': [{ ...point, use: 'enc' }],
  })) {
    it(`are refused where they are not: ${why}`, () => {
      expect(whyNot({ keys })).to.contain(why);
    });
  }

  it('come as a JSON Web Key Set', () => {
    for (const other of [undefined, null, [], 'keys', point, { keys: 'none' }]) {
      expect(whyNot(other), JSON.stringify(other)).to.contain('no JSON Web Key Set');
    }
  });
});
