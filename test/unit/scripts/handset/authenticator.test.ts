import { expect } from 'chai';

import { codeOf, readEntry } from '../../../../scripts/handset/authenticator.ts';

// RFC 6238, appendix B: the SHA-1 key in base 32, and the last six digits of its codes.
const SEED = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe("the handset's authenticator", () => {
  const vectors = [
    [59, '287082'],
    [1111111109, '081804'],
    [20000000000, '353130'],
  ] as const;
  for (const [seconds, code] of vectors) {
    it(`shows ${code} at ${seconds} seconds, as RFC 6238 does`, () => {
      const entry = { issuer: '', account: '', seed: SEED };
      expect(codeOf(entry, new Date(seconds * 1000)).code).to.equal(code);
    });
  }

  it('counts down to the next code', () => {
    const entry = { issuer: '', account: '', seed: SEED };
    expect(codeOf(entry, new Date(0)).secondsLeft).to.equal(30);
    expect(codeOf(entry, new Date(29_000)).secondsLeft).to.equal(1);
  });

  it('reads a secret in groups and small letters', () => {
    const pasted = ' gezd gnbv gy3t qojq gezd gnbv gy3t qojq ';
    expect(readEntry(pasted)?.seed).to.equal(SEED);
  });

  it('reads an otpauth address with its names', () => {
    const address = `otpauth://totp/Example%20Org:ada%40example.org?secret=${SEED}&issuer=Example%20Org`;
    expect(readEntry(address)).to.deep.equal({
      issuer: 'Example Org',
      account: 'ada@example.org',
      seed: SEED,
    });
  });

  const refused = [
    ['a word', 'hello'],
    ['fewer than 128 bits', 'GEZDGNBVGY3TQOJQ'],
    ['digits that base 32 does not have', SEED.replace('G', '1')],
    ['a counter instead of the time', `otpauth://hotp/a?secret=${SEED}`],
    ['eight digits', `otpauth://totp/a?secret=${SEED}&digits=8`],
    ['another digest', `otpauth://totp/a?secret=${SEED}&algorithm=SHA256`],
    ['an address without a secret', 'otpauth://totp/a'],
    ['no address at all', 'otpauth://['],
  ] as const;
  for (const [what, pasted] of refused) {
    it(`refuses ${what}`, () => {
      expect(readEntry(pasted)).to.equal(undefined);
    });
  }
});
