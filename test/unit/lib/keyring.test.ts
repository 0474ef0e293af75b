import { expect } from 'chai';

import { createKeyring } from '../../../src/lib/keyring.ts';

const [old, young] = ['an old secret for cookies', 'a young secret for cookies'];

describe('the keyring', () => {
  it('signs by HMAC-SHA-256 (RFC 4231, test case 2)', () => {
    const signature = createKeyring(['Jefe']).sign('what do ya want for nothing?');
    expect(Buffer.from(signature, 'base64url').toString('hex')).to.equal(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });

  it('knows which secret signed, the newest first', () => {
    const signature = createKeyring([old]).sign('name=value');
    const keys = createKeyring([young, old]);
    expect(keys.index('name=value', signature)).to.equal(1);
    expect(keys.index('name=value', keys.sign('name=value'))).to.equal(0);
    expect(keys.verify('name=value', signature)).to.equal(true);
  });

  it('knows no other text, no other secret and no part of a signature', () => {
    const keys = createKeyring([young]);
    const signature = keys.sign('name=value');
    const foreign = createKeyring([old]).sign('name=value');
    for (const given of [foreign, signature.slice(0, -1), `${signature}A`, `${signature}=`, '']) {
      expect(keys.index('name=value', given), given).to.equal(-1);
    }
    expect(keys.verify('name=values', signature)).to.equal(false);
  });

  it('is not made of nothing', () => {
    expect(() => createKeyring([])).to.throw('no secret');
  });
});
