import type { webcrypto } from 'node:crypto';

import { expect } from 'chai';

import { approverModule } from '../../support/approver-module.ts';

interface RollingCode {
  stepAt(milliseconds: number): number;
  secondsLeftAt(milliseconds: number): number;
  codeOf(key: webcrypto.CryptoKey, step: number): Promise<string>;
}

interface Encode {
  fromBase32(text: string): Uint8Array<ArrayBuffer>;
}

/** RFC 6238, appendix B, with the key of SHA-1 and the last six of the eight digits. */
const SEED = '12345678901234567890';
const VECTORS: readonly (readonly [number, string])[] = [
  [59, '287082'],
  [1111111109, '081804'],
  [1111111111, '050471'],
  [1234567890, '005924'],
  [2000000000, '279037'],
  [20000000000, '353130'],
];

describe('rolling codes', () => {
  let rollingCode: RollingCode;
  let encode: Encode;
  let key: webcrypto.CryptoKey;

  before(async () => {
    rollingCode = await approverModule<RollingCode>('rolling-code.js');
    encode = await approverModule<Encode>('encode.js');
    const seed = new TextEncoder().encode(SEED);
    const algorithm = { name: 'HMAC', hash: 'SHA-1' };
    key = await crypto.subtle.importKey('raw', seed, algorithm, false, ['sign']);
  });

  for (const [seconds, code] of VECTORS) {
    it(`are those of RFC 6238 at ${seconds} s`, async () => {
      expect(await rollingCode.codeOf(key, rollingCode.stepAt(seconds * 1000))).to.equal(code);
    });
  }

  it('say how long they are good for', () => {
    expect(rollingCode.secondsLeftAt(0)).to.equal(30);
    expect(rollingCode.secondsLeftAt(29_999)).to.equal(1);
    expect(rollingCode.secondsLeftAt(30_000)).to.equal(30);
  });

  it('have a seed in base 32, as RFC 4648 §10 writes it', () => {
    const texts = { MY: 'f', MZXQ: 'fo', MZXW6: 'foo', MZXW6YQ: 'foob', MZXW6YTBOI: 'foobar' };
    for (const [text, plain] of Object.entries(texts)) {
      expect(new TextDecoder().decode(encode.fromBase32(text))).to.equal(plain);
    }
    const whole = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    expect(new TextDecoder().decode(encode.fromBase32(whole))).to.equal(SEED);
    expect(() => encode.fromBase32('mzxw')).to.throw();
  });
});
