import { expect } from 'chai';

import { lasting, type Spans } from '../../../src/assurance/freshness.ts';
import { levelOf } from '../../../src/assurance/levels.ts';
import { acr } from '../../../src/assurance/proof.ts';
import { code, hardwareKey, key, loneKey, now, password } from './proofs.ts';

const HOUR = 3600;
const shipped: Spans = {
  mfaSeconds: 24 * HOUR,
  mfaIdleSeconds: HOUR,
  phrhSeconds: 12 * HOUR,
  phrhIdleSeconds: HOUR / 4,
};
const { pwd, mfa, phr, phrh } = acr;

describe('What lasts of a session (S-050)', () => {
  const proofs = {
    pwd: (hours: number) => [password(hours)],
    mfa: (hours: number) => [password(hours), code(hours)],
    phr: (hours: number) => [password(hours), key(hours)],
    phrh: (hours: number) => [password(hours), hardwareKey(hours)],
    lone: (hours: number) => [loneKey(hours)],
  };
  // Which sign-in, so many hours ago, the browser away for so many seconds: what level is left.
  const rows: [keyof typeof proofs, hours: number, away: number, string | undefined][] = [
    ['pwd', 1, 29 * 24 * HOUR, pwd],
    ['pwd', 30 * 24 - 0.01, 0, pwd],
    ['pwd', 30 * 24, 0, undefined],
    ['mfa', 1, HOUR - 1, mfa],
    ['mfa', 1, HOUR, pwd],
    ['mfa', 23.99, 0, mfa],
    ['mfa', 24, 0, pwd],
    ['mfa', 1, Number.POSITIVE_INFINITY, pwd],
    ['phr', 23.99, HOUR - 1, phr],
    ['phr', 24, 0, pwd],
    ['phr', 1, HOUR, pwd],
    ['phrh', 1, HOUR / 4 - 1, phrh],
    ['phrh', 1, HOUR / 4, phr],
    ['phrh', 11.99, 0, phrh],
    ['phrh', 12, 0, phr],
    ['phrh', 1, HOUR, pwd],
    ['lone', 1, HOUR - 1, phr],
    ['lone', 1, HOUR, undefined],
  ];
  for (const [name, hours, awaySeconds, level] of rows) {
    it(`is ${level ?? 'nothing'} of ${name} after ${hours} h, ${awaySeconds} s away`, () => {
      const left = lasting(proofs[name](hours), shipped, { now, awaySeconds });
      expect(levelOf(left, now)).to.equal(level);
    });
  }

  it('does not come back with the browser', () => {
    const left = lasting(proofs.phrh(1), shipped, { now, awaySeconds: HOUR / 2 });
    const later = lasting(left, shipped, { now, awaySeconds: 0 });
    expect(levelOf(later, now)).to.equal(phr);
  });

  it('is less where less is configured, and never more than the standard allows', () => {
    const short = { ...shipped, mfaSeconds: HOUR };
    expect(levelOf(lasting(proofs.mfa(1), short, { now, awaySeconds: 0 }), now)).to.equal(pwd);
    const long = { ...shipped, mfaSeconds: 99 * HOUR, phrhSeconds: 99 * HOUR };
    const ages = [12, 24].map((hours) =>
      levelOf(lasting(proofs.phrh(hours), long, { now, awaySeconds: 0 }), now),
    );
    expect(ages).to.deep.equal([phr, pwd]);
  });
});
