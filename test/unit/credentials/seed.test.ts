import { expect } from 'chai';
import { generateSync, verify } from 'otplib';

import { seed } from '../../../src/administration/given-methods.ts';
import { wholeBytes } from '../../../src/credentials/seed.ts';

const LETTERS = 'GE4D6NRYKZ2HQ3LBOJSWK5DVNZSWK3DP';

describe('a seed', () => {
  // As 27, 30 and 33 signs come from others, and what they are to an app: 16, 18 and 20 bytes.
  const table: readonly (readonly [string, string])[] = [
    [LETTERS, LETTERS],
    [LETTERS.slice(0, 26), `${LETTERS.slice(0, 25)}Y`],
    [LETTERS.slice(0, 27), `${LETTERS.slice(0, 25)}Y`],
    [LETTERS.slice(0, 29), `${LETTERS.slice(0, 28)}K`],
    [LETTERS.slice(0, 30), `${LETTERS.slice(0, 28)}K`],
    [`${LETTERS}7`, LETTERS],
  ];
  for (const [given, whole] of table) {
    it(`of ${given.length} signs is cut to whole bytes`, () => {
      expect(wholeBytes(given)).to.equal(whole);
    });
  }

  it('that is taken can be verified, whatever its length', async () => {
    const now = 1_800_000_000;
    for (let length = 26; length <= 103; length += 1) {
      for (const last of 'AFQ7') {
        const given = LETTERS.repeat(4).slice(0, length - 1) + last;
        const taken = seed.parse(given);
        const token = generateSync({ secret: taken, epoch: now });
        const { valid } = await verify({ secret: wholeBytes(given), token, epoch: now });
        expect(valid, given).to.equal(true);
      }
    }
  });
});
