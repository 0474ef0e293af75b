import { expect } from 'chai';

import type { Attempts } from '../../../src/models/attempts.ts';
import { type Charge, charge, type Rule } from '../../../src/verification/limits.ts';

const start = new Date('2026-11-22T12:00:00Z');
const at = (seconds: number): Date => new Date(start.getTime() + seconds * 1000);

/** Tries at the given seconds and says which were allowed: a dot, or when it opens again. */
function tries(rules: readonly Rule[], seconds: readonly number[], key = 'k'): string[] {
  let tallies: Attempts['tallies'] = {};
  return seconds.map((second) => {
    const charged = charge(tallies, [{ key, rules }], at(second));
    if (!charged.isAllowed) {
      if (!charged.openAt) return 'never';
      return String((charged.openAt.getTime() - start.getTime()) / 1000);
    }
    tallies = charged.tallies;
    return '.';
  });
}

const pausing: Rule = { free: 3, perSeconds: 60, wait: { firstSeconds: 60, mostSeconds: 60 } };
const doubling: Rule = { free: 3, perSeconds: 60, wait: { firstSeconds: 30, mostSeconds: 100 } };

describe('A limit', () => {
  it('allows what is free, then waits from the last try', () => {
    expect(tries([pausing], [0, 1, 2, 3, 61, 62])).to.deep.equal(['.', '.', '.', '62', '62', '.']);
  });

  it('is free again once the pause is over', () => {
    expect(tries([pausing], [0, 1, 2, 62, 63, 64, 65])).to.deep.equal([
      '.',
      '.',
      '.',
      '.',
      '.',
      '.',
      '124',
    ]);
  });

  it('doubles the wait with every further try, up to the longest', () => {
    expect(tries([doubling], [0, 0, 0, 1, 30, 31, 90, 91, 190])).to.deep.equal([
      '.',
      '.',
      '.',
      '30',
      '.',
      '90',
      '.',
      '190',
      '.',
    ]);
  });

  it('does not begin anew because the wait was longer than the window', () => {
    const long: Rule = { free: 2, perSeconds: 10, wait: { firstSeconds: 100, mostSeconds: 1000 } };
    expect(tries([long], [0, 0, 100, 101, 300, 301])).to.deep.equal([
      '.',
      '.',
      '.',
      '300',
      '.',
      '700',
    ]);
  });

  it('forgets a streak after a quiet day', () => {
    const day = 24 * 3600;
    expect(tries([doubling], [0, 0, 0, 30, day + 31, day + 31, day + 31, day + 32])).to.deep.equal([
      '.',
      '.',
      '.',
      '.',
      '.',
      '.',
      '.',
      String(day + 61),
    ]);
  });

  it('closes for good after too many in a row, however slowly', () => {
    const rule: Rule = { ...pausing, mostInARow: 4 };
    const day = 25 * 3600;
    expect(tries([rule], [0, day, 2 * day, 3 * day, 4 * day])).to.deep.equal([
      '.',
      '.',
      '.',
      '.',
      'never',
    ]);
  });

  it('without a wait opens when the oldest has aged', () => {
    expect(tries([{ free: 2, perSeconds: 60 }], [0, 10, 20, 60, 61, 70])).to.deep.equal([
      '.',
      '.',
      '60',
      '.',
      '70',
      '.',
    ]);
  });

  it('of several rules obeys the strictest', () => {
    const rules = [
      { free: 1, perSeconds: 10 },
      { free: 2, perSeconds: 60 },
    ];
    expect(tries(rules, [0, 5, 10, 25, 60])).to.deep.equal(['.', '10', '.', '60', '.']);
  });

  it('counts a clock that went back as the same moment', () => {
    expect(tries([{ free: 1, perSeconds: 60 }], [100, 40])).to.deep.equal(['.', '160']);
  });
});

describe('Several limits at once', () => {
  const rule: Rule = { free: 1, perSeconds: 60 };
  const both: Charge[] = [
    { key: 'a', rules: [rule] },
    { key: 'b', rules: [rule] },
  ];

  it('count nowhere when one of them refuses', () => {
    const first = charge({}, [{ key: 'b', rules: [rule] }], at(0));
    if (!first.isAllowed) throw new Error('the first try is free');
    const second = charge(first.tallies, both, at(1));
    expect(second.isAllowed).to.equal(false);
    expect(first.tallies).to.have.all.keys('b');
  });

  it('keep no more places than an account needs, and never drop what is no place', () => {
    let tallies: Attempts['tallies'] = {};
    for (let place = 0; place < 50; place += 1) {
      const charges = [
        { key: 'password', rules: [{ ...rule, free: 100 }] },
        { key: `password@${place}`, rules: [rule] },
      ];
      const charged = charge(tallies, charges, at(place));
      if (charged.isAllowed) tallies = charged.tallies;
    }
    expect(Object.keys(tallies)).to.have.length(21);
    expect(tallies.password?.times).to.have.length(50);
    expect(tallies).to.have.property('password@49');
    expect(tallies).not.to.have.property('password@0');
  });
});
