import { expect } from 'chai';

import { stateAt } from '../../../src/credentials/life.ts';
import { readCode } from '../../../src/credentials/paper-code.ts';
import {
  isPass,
  makePass,
  temporaryAccessPass,
} from '../../../src/credentials/temporary-access-pass.ts';
import { vault } from '../methods/ports.ts';

const startsAt = new Date('2026-11-22T12:00:00Z');
const endsAt = new Date('2026-11-22T13:00:00Z');
const good = { startsAt, endsAt, isOnce: true };

describe('a temporary access pass', () => {
  it('has twelve signs of 32, in groups that nobody misreads, and none twice (S-144)', () => {
    const codes = Array.from({ length: 500 }, () => makePass(vault, good).code);
    const pattern = /^([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}$/;
    expect(codes.every((code) => pattern.test(code) && isPass(readCode(code)))).to.equal(true);
    expect(new Set(codes).size).to.equal(500);
    expect(new Set(codes.join('').replaceAll('-', '')).size).to.equal(32);
  });

  it('is kept as a digest only, with when it is good', () => {
    const { stored, code } = makePass(vault, good);
    expect(stored)
      .to.include(good)
      .and.have.property('digest', vault.digest(readCode(code)));
    expect(JSON.stringify(stored)).not.to.contain(readCode(code)).and.not.to.contain(code);
    expect(temporaryAccessPass.stored.safeParse(stored).success).to.equal(true);
  });

  const usedAt = new Date('2026-11-22T12:30:00Z');
  const states: [at: string, more: object, state: string][] = [
    ['2026-11-22T11:59:59.999Z', {}, 'not-yet'],
    ['2026-11-22T12:00:00Z', {}, 'good'],
    ['2026-11-22T12:59:59.999Z', {}, 'good'],
    ['2026-11-22T13:00:00Z', {}, 'over'],
    ['2026-11-22T12:45:00Z', { usedAt }, 'used'],
    ['2026-11-22T13:45:00Z', { usedAt }, 'used'],
    ['2026-11-22T12:45:00Z', { usedAt, isOnce: false }, 'good'],
    ['2026-11-22T13:00:00Z', { usedAt, isOnce: false }, 'over'],
  ];
  for (const [at, more, state] of states) {
    it(`is ${state} at ${at} with ${JSON.stringify(more)}`, () => {
      const stored = { ...makePass(vault, good).stored, ...more };
      expect(stateAt(temporaryAccessPass.life(stored), new Date(at))).to.equal(state);
    });
  }
});
