import { generateKeyPairSync, sign } from 'node:crypto';

import { expect } from 'chai';

import { isSignedBy } from '../../../src/lib/device-signature.ts';

/** RFC 6979 appendix A.2.5: P-256, SHA-256, the message "sample". */
const X = '60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6';
const Y = '7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299';
const R = 'EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716';
const S = 'F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8';
const SPKI = '3059301306072A8648CE3D020106082A8648CE3D03010703420004';

const base64url = (...hex: readonly string[]): string =>
  Buffer.from(hex.join(''), 'hex').toString('base64url');
const key = base64url(SPKI, X, Y);

describe('A signature of a device', () => {
  it('is checked as in RFC 6979', () => {
    expect(isSignedBy(key, ['sample'], base64url(R, S))).to.equal(true);
    expect(isSignedBy(key, ['test'], base64url(R, S))).to.equal(false);
  });

  it('covers every line, and where each ends', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const own = publicKey.export({ format: 'der', type: 'spki' }).toString('base64url');
    const made = sign('sha256', Buffer.from('one\ntwo\nthree'), {
      key: privateKey,
      dsaEncoding: 'ieee-p1363',
    }).toString('base64url');
    expect(isSignedBy(own, ['one', 'two', 'three'], made)).to.equal(true);
    for (const lines of [['one', 'twothree'], ['one', 'two'], ['one', 'two', 'three', ''], []]) {
      expect(isSignedBy(own, lines, made), lines.join('|')).to.equal(false);
    }
  });

  it('counts not with a bit changed anywhere', () => {
    for (let byte = 0; byte < 64; byte += 1) {
      const bytes = Buffer.from(R + S, 'hex');
      bytes.writeUInt8(bytes.readUInt8(byte) ^ 1, byte);
      expect(isSignedBy(key, ['sample'], bytes.toString('base64url'))).to.equal(false);
    }
  });

  it('counts for no key of another kind, and breaks on none', () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey;
    const edwards = generateKeyPairSync('ed25519').publicKey;
    const keys = [
      other.export({ format: 'der', type: 'spki' }).toString('base64url'),
      edwards.export({ format: 'der', type: 'spki' }).toString('base64url'),
      base64url(SPKI, X, X),
      base64url(SPKI, '00'.repeat(64)),
      base64url('00'.repeat(91)),
      ...['', 'x', key.slice(1), `${key}AA`],
    ];
    for (const bad of keys) expect(isSignedBy(bad, ['sample'], base64url(R, S))).to.equal(false);
    for (const bad of ['', 'AA', base64url(R), base64url(R, S, '00'), base64url('00'.repeat(64))]) {
      expect(isSignedBy(key, ['sample'], bad)).to.equal(false);
    }
  });
});
