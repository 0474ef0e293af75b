import { expect } from 'chai';

import { amrOf } from '../../../src/assurance/amr.ts';
import {
  countingFor,
  type Goal,
  higherOf,
  isAtLeast,
  levelOf,
  lowestOf,
  whatIsLacking,
} from '../../../src/assurance/levels.ts';
import { acr, type Proof } from '../../../src/assurance/proof.ts';

const now = new Date('2026-11-22T12:00:00Z');
const ago = (hours: number): Date => new Date(now.getTime() - hours * 3_600_000);

const password = (hours = 0): Proof => ({
  account: 'x',
  method: 'password',
  credential: 'p',
  factor: 'knowledge',
  amr: ['pwd'],
  at: ago(hours),
});
const code = (hours = 0): Proof => ({
  account: 'x',
  method: 'code',
  credential: 'a',
  factor: 'possession',
  amr: ['otp'],
  at: ago(hours),
});

describe('What a goal still lacks', () => {
  const rows: [string, Goal, Proof[], string[]][] = [
    ['nothing proved, pwd wanted', { acr: acr.pwd }, [], ['knowledge']],
    ['nothing proved, mfa wanted', { acr: acr.mfa }, [], ['knowledge', 'possession']],
    ['a password, pwd wanted', { acr: acr.pwd }, [password()], []],
    ['a password, mfa wanted', { acr: acr.mfa }, [password()], ['possession']],
    ['a code alone never stands for a password', { acr: acr.mfa }, [code()], ['knowledge']],
    ['a code alone is not even pwd', { acr: acr.pwd }, [code()], ['knowledge']],
    ['both', { acr: acr.mfa }, [password(), code()], []],
    ['two passwords are one factor', { acr: acr.mfa }, [password(), password(1)], ['possession']],
    [
      'the second step fades after a day',
      { acr: acr.mfa },
      [password(25), code(24)],
      ['possession'],
    ],
    ['and not before', { acr: acr.mfa }, [password(25), code(23.99)], []],
    ['a password lasts 30 days', { acr: acr.pwd }, [password(30 * 24 - 1)], []],
    ['and no longer', { acr: acr.pwd }, [password(30 * 24)], ['knowledge']],
    [
      'proofs from before max_age do not count',
      { acr: acr.mfa, notBefore: ago(1) },
      [password(2), code(2)],
      ['knowledge', 'possession'],
    ],
    ['proofs after it do', { acr: acr.mfa, notBefore: ago(3) }, [password(2), code(2)], []],
  ];
  for (const [title, goal, proofs, lacking] of rows) {
    it(`is right for: ${title}`, () => {
      expect(whatIsLacking(goal, proofs, now)).to.deep.equal(lacking);
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

describe('The level that proofs reach', () => {
  it('is the highest one that lacks nothing', () => {
    expect(levelOf([], now)).to.equal(undefined);
    expect(levelOf([code()], now)).to.equal(undefined);
    expect(levelOf([password()], now)).to.equal(acr.pwd);
    expect(levelOf([password(), code()], now)).to.equal(acr.mfa);
    expect(levelOf([password(), code(24)], now)).to.equal(acr.pwd);
  });

  it('satisfies every lower level and no higher one', () => {
    expect(isAtLeast(acr.mfa, acr.pwd)).to.equal(true);
    expect(isAtLeast(acr.pwd, acr.mfa)).to.equal(false);
    expect(isAtLeast(undefined, acr.pwd)).to.equal(false);
    expect(isAtLeast('something else', acr.pwd)).to.equal(false);
    expect(higherOf(acr.pwd, acr.mfa)).to.equal(acr.mfa);
  });

  it('is asked for by the lowest known value of a list', () => {
    expect(lowestOf([acr.mfa, acr.pwd])).to.equal(acr.pwd);
    expect(lowestOf(['unknown', acr.mfa])).to.equal(acr.mfa);
    expect(lowestOf(['unknown'])).to.equal(undefined);
  });
});

describe('The amr claim', () => {
  it('names what was proved, and mfa when both factors were', () => {
    expect(amrOf([password()], now)).to.deep.equal(['pwd']);
    expect(amrOf([password(), code()], now)).to.deep.equal(['mfa', 'otp', 'pwd']);
  });

  it('does not name a method twice', () => {
    expect(amrOf([password(1), password()], now)).to.deep.equal(['pwd']);
  });
});
