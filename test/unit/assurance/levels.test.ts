import { expect } from 'chai';

import {
  countingFor,
  type Goal,
  higherOf,
  isAtLeast,
  levelOf,
  levelsWithin,
  lowestOf,
  meets,
  whatIsLacking,
} from '../../../src/assurance/levels.ts';
import { acr, type Proof, type Strength } from '../../../src/assurance/proof.ts';
import { ago, code, hardwareKey, key, loneKey, now, pass, password } from './proofs.ts';

const { pwd, mfa, phr, phrh } = acr;
const strong = ['phishing-resistant'];
const strongest = ['phishing-resistant', 'hardware-bound'];

/** What is lacking, short: the factor, and the traits that it must have. */
const lackingIn = (goal: Goal, proofs: readonly Proof[]) =>
  whatIsLacking(goal, proofs, now).map(({ factor, traits }) => [factor, ...traits]);

describe('What a goal still lacks', () => {
  const [knowledge, possession] = [['knowledge'], ['possession']];
  const rows: [string, Goal, Proof[], string[][]][] = [
    ['nothing proved, pwd wanted', { acr: pwd }, [], [knowledge]],
    ['nothing proved, mfa wanted', { acr: mfa }, [], [knowledge, possession]],
    ['a password, pwd wanted', { acr: pwd }, [password()], []],
    ['a password, mfa wanted', { acr: mfa }, [password()], [possession]],
    ['a code alone never stands for a password', { acr: mfa }, [code()], [knowledge]],
    ['a code alone is not even pwd', { acr: pwd }, [code()], [knowledge]],
    ['both', { acr: mfa }, [password(), code()], []],
    ['two passwords are one factor', { acr: mfa }, [password(), password(1)], [possession]],
    ['the second step fades after a day', { acr: mfa }, [password(25), code(24)], [possession]],
    ['and not before', { acr: mfa }, [password(25), code(23.99)], []],
    ['a password lasts 30 days', { acr: pwd }, [password(30 * 24 - 1)], []],
    ['and no longer', { acr: pwd }, [password(30 * 24)], [knowledge]],
    [
      'proofs from before max_age do not count',
      { acr: mfa, notBefore: ago(1) },
      [password(2), code(2)],
      [knowledge, possession],
    ],
    ['proofs after it do', { acr: mfa, notBefore: ago(3) }, [password(2), code(2)], []],
    [
      'one of two proofs from before max_age',
      { acr: mfa, notBefore: ago(1) },
      [password(2), code(0.5)],
      [knowledge],
    ],
    ['a code, phr wanted', { acr: phr }, [password(), code()], [['possession', ...strong]]],
    ['a key beside a password', { acr: phr }, [password(), key()], []],
    ['a key without a password', { acr: phr }, [key()], [knowledge]],
    ['a key, phrh wanted', { acr: phrh }, [password(), key()], [['possession', ...strongest]]],
    ['a key in hardware', { acr: phrh }, [password(), hardwareKey()], []],
    [
      'a key in hardware fades after 12 hours',
      { acr: phrh },
      [password(), hardwareKey(12)],
      [['possession', ...strongest]],
    ],
    ['and is still phr', { acr: phr }, [password(), hardwareKey(12)], []],
    ['a key that verified its user', { acr: phr }, [loneKey()], []],
    ['and for lower levels too', { acr: pwd }, [loneKey()], []],
    ['and no longer than a second step', { acr: pwd }, [loneKey(24)], [knowledge]],
    ['a pass', { acr: mfa }, [pass()], []],
    ['a pass is no key', { acr: phr }, [pass()], [['possession', ...strong]]],
  ];
  for (const [title, goal, proofs, lacking] of rows) {
    it(`is right for: ${title}`, () => {
      expect(lackingIn(goal, proofs)).to.deep.equal(lacking);
    });
  }
});

describe('The proofs that may count', () => {
  it('are those of the account itself (S-022, C-60)', () => {
    const [mine, other] = [password(), { ...code(), account: 'y' }];
    expect(countingFor('x', {}, [mine, other])).to.deep.equal([mine]);
    expect(countingFor(undefined, {}, [mine, other])).to.deep.equal([]);
  });

  it('are those since the moment that was asked for (S-049)', () => {
    const [old, fresh] = [code(2), password(1)];
    expect(countingFor('x', { notBefore: ago(1) }, [old, fresh])).to.deep.equal([fresh]);
  });
});

describe('The level that proofs reach (S-042)', () => {
  const rows: [string, Proof[], string | undefined][] = [
    ['nothing', [], undefined],
    ['a code alone', [code()], undefined],
    ['a key alone', [key()], undefined],
    ['a password', [password()], pwd],
    ['password and code', [password(), code()], mfa],
    ['password and faded code', [password(), code(24)], pwd],
    ['a pass', [pass()], mfa],
    ['password and key', [password(), key()], phr],
    ['password, code and key', [password(), code(), key()], phr],
    ['a key that verified its user', [loneKey()], phr],
    ['password and key in hardware', [password(), hardwareKey()], phrh],
    ['password and key in hardware of this morning', [password(), hardwareKey(12)], phr],
    ['password and key in hardware of yesterday', [password(), hardwareKey(24)], pwd],
    [
      'hardware alone is not phishing-resistant',
      [password(), { ...code(), traits: ['hardware-bound'] }],
      mfa,
    ],
  ];
  for (const [title, proofs, level] of rows) {
    it(`is ${level ?? 'none'} for ${title}`, () => expect(levelOf(proofs, now)).to.equal(level));
  }
});

describe('The ladder', () => {
  it('lets every level satisfy itself and those below, and no other', () => {
    const order = [pwd, mfa, phr, phrh];
    for (const [height, reached] of order.entries()) {
      for (const [depth, wanted] of order.entries()) {
        expect(isAtLeast(reached, wanted), `${reached} for ${wanted}`).to.equal(height >= depth);
        expect(higherOf(reached, wanted)).to.equal(order[Math.max(height, depth)]);
      }
      expect(isAtLeast(undefined, reached)).to.equal(false);
      expect(isAtLeast('something else', reached)).to.equal(false);
    }
  });

  it('is asked for by the lowest known value of a list (S-046)', () => {
    expect(lowestOf([mfa, pwd])).to.equal(pwd);
    expect(lowestOf(['unknown', mfa])).to.equal(mfa);
    expect(lowestOf([phrh, phr])).to.equal(phr);
    expect(lowestOf(['unknown'])).to.equal(undefined);
    expect(lowestOf([])).to.equal(undefined);
  });
});

describe('The levels within reach (C-24, S-040)', () => {
  const know: Strength = { factor: 'knowledge' };
  const own: Strength = { factor: 'possession' };
  const rows: [string, Strength[], string[]][] = [
    ['nothing', [], []],
    ['a password', [know], [pwd]],
    ['a second step without a password', [own], []],
    ['password and app', [know, own], [pwd, mfa]],
    ['password and key', [know, key()], [pwd, mfa, phr]],
    ['password and key in hardware', [know, hardwareKey()], [pwd, mfa, phr, phrh]],
    ['a key that stands alone', [loneKey()], [pwd, mfa, phr]],
    ['a pass', [pass()], [pwd, mfa]],
  ];
  for (const [title, means, levels] of rows) {
    it(`are right for ${title}`, () => expect(levelsWithin(means)).to.deep.equal(levels));
  }

  it('need all traits in one and the same method', () => {
    const parts: Strength[] = [
      { factor: 'possession', traits: ['phishing-resistant'] },
      { factor: 'possession', traits: ['hardware-bound'] },
    ];
    expect(levelsWithin([know, ...parts])).to.deep.equal([pwd, mfa, phr]);
  });

  it('never count a knowledge trait for something owned', () => {
    const need = { factor: 'possession', traits: [] } as const;
    expect(meets({ factor: 'knowledge', traits: ['phishing-resistant'] }, need)).to.equal(false);
  });
});
