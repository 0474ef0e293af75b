import { expect } from 'chai';

import { createCrypt } from '../../../src/lib/crypt.ts';

const crypt = createCrypt(['first secret']);
const CONTEXT = 'accounts/ada/app';

describe('crypt', () => {
  for (const text of ['', 'GEZDGNBV', 'äöü 🦆', '\0', 'a'.repeat(10_000)]) {
    it(`opens what it sealed: ${JSON.stringify(text).slice(0, 20)}`, () => {
      expect(crypt.open(crypt.seal(text, CONTEXT), CONTEXT)).to.equal(text);
    });
  }

  it('seals the same text differently each time, and never in the clear', () => {
    const sealed = Array.from({ length: 1000 }, () => crypt.seal('GEZDGNBV', CONTEXT));
    expect(new Set(sealed).size).to.equal(1000);
    expect(sealed.some((text) => text.includes('GEZDGNBV'))).to.equal(false);
  });

  it('opens nothing of which any byte was changed', () => {
    const [id = '', body = ''] = crypt.seal('GEZDGNBV', CONTEXT).split('.');
    const bytes = Buffer.from(body, 'base64url');
    for (const index of bytes.keys()) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
      const sealed = `${id}.${changed.toString('base64url')}`;
      expect(() => crypt.open(sealed, CONTEXT), `byte ${index}`).to.throw();
    }
  });

  it('opens nothing that was cut short, or is no seal at all', () => {
    const sealed = crypt.seal('GEZDGNBV', CONTEXT);
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => crypt.open(sealed.slice(0, length), CONTEXT), `${length} characters`).to.throw();
    }
    expect(() => crypt.open('GEZDGNBV', CONTEXT)).to.throw();
  });

  it('opens nothing that is the same bytes in another spelling', () => {
    const sealed = crypt.seal('GEZDGNBV', CONTEXT);
    for (const other of [`${sealed}=`, `${sealed} `, `${sealed}%`, sealed.replace('.', '.!')]) {
      expect(() => crypt.open(other, CONTEXT), other.slice(-1)).to.throw('altered');
    }
  });

  it('opens nothing that was moved elsewhere', () => {
    const sealed = crypt.seal('GEZDGNBV', CONTEXT);
    expect(() => crypt.open(sealed, 'accounts/eve/app')).to.throw();
    expect(() => crypt.open(sealed, '')).to.throw();
  });

  it('opens and matches what an older secret made, once a newer one stands before it', () => {
    const rotated = createCrypt(['second secret', 'first secret']);
    expect(rotated.open(crypt.seal('GEZDGNBV', CONTEXT), CONTEXT)).to.equal('GEZDGNBV');
    expect(rotated.matches('123456', CONTEXT, crypt.digest('123456', CONTEXT))).to.equal(true);
    expect(() => crypt.open(rotated.seal('GEZDGNBV', CONTEXT), CONTEXT)).to.throw();
    expect(crypt.matches('123456', CONTEXT, rotated.digest('123456', CONTEXT))).to.equal(false);
  });

  it('binds a digest to its text and its context', () => {
    const digest = crypt.digest('123456', 'challenge-1');
    expect(crypt.matches('123456', 'challenge-1', digest)).to.equal(true);
    expect(crypt.matches('123457', 'challenge-1', digest)).to.equal(false);
    expect(crypt.matches('123456', 'challenge-2', digest)).to.equal(false);
    expect(crypt.matches('6', 'challenge-112345', digest)).to.equal(false);
    expect(crypt.matches('123456', 'challenge-1', '')).to.equal(false);
    expect(crypt.matches('123456', 'challenge-1', digest.slice(1))).to.equal(false);
  });

  it('keeps context and text apart wherever the border is', () => {
    const digests = ['', 'a', 'ab', 'abc'].map((context) =>
      crypt.digest('abc'.slice(context.length), context),
    );
    expect(new Set(digests).size).to.equal(4);
  });

  it('does not start without a secret', () => {
    expect(() => createCrypt([])).to.throw('no encryption secret');
  });
});
