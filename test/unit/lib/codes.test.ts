import { expect } from 'chai';

import { randomDigits, randomId, randomToken } from '../../../src/lib/codes.ts';

const CODES = 50_000;
/** The chi-square of nine degrees of freedom that chance exceeds once in 100,000 runs. */
const LIMIT = 39.34;

describe('codes', () => {
  it('draw every digit as often as any other, at every place (S-070)', () => {
    const codes = Array.from({ length: CODES }, () => randomDigits(6));
    for (let place = 0; place < 6; place += 1) {
      const counts = Array.from({ length: 10 }, () => 0);
      for (const code of codes) {
        const digit = Number(code.charAt(place));
        counts[digit] = (counts[digit] ?? 0) + 1;
      }
      const expected = CODES / 10;
      const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
      expect(chiSquare, `place ${place}: ${counts.join(' ')}`).to.be.below(LIMIT);
    }
  });

  it('keep leading zeros', () => {
    const codes = Array.from({ length: 1000 }, () => randomDigits(6));
    expect(codes.every((code) => /^[0-9]{6}$/.test(code))).to.equal(true);
    expect(codes.some((code) => code.startsWith('0'))).to.equal(true);
  });

  it('make ids of 128 bits that need no escaping, all different', () => {
    const ids = Array.from({ length: 10_000 }, randomId);
    expect(ids.every((id) => /^[\w-]{22}$/.test(id))).to.equal(true);
    expect(new Set(ids).size).to.equal(10_000);
  });

  it('make tokens of as many bytes as asked', () => {
    expect(Buffer.from(randomToken(32), 'base64url')).to.have.lengthOf(32);
  });
});
