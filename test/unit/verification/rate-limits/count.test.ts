import { expect } from 'chai';

import type { Counters } from '../../../../src/models/counter.ts';
import { type Attempt, count, outlookOf } from '../../../../src/verification/rate-limits/count.ts';
import type { Limit, Window } from '../../../../src/verification/rate-limits/limits.ts';

const start = new Date('2026-11-22T12:00:00Z');
const at = (seconds: number): Date => new Date(start.getTime() + seconds * 1000);

/** Tries at the given seconds and says which were allowed: a dot, or when it opens again. */
function tries(limit: Limit, seconds: readonly number[]): string[] {
  let counters: Counters = {};
  return seconds.map((second) => {
    const counted = count(counters, { k: limit }, at(second));
    if (!counted.isAllowed) {
      if (!counted.openAt) return 'never';
      return String((counted.openAt.getTime() - start.getTime()) / 1000);
    }
    counters = counted.counters;
    return '.';
  });
}

const pausing: Window = { most: 3, seconds: 60, pause: { firstSeconds: 60, longestSeconds: 60 } };
const doubling: Window = { most: 3, seconds: 60, pause: { firstSeconds: 30, longestSeconds: 100 } };

describe('A limit', () => {
  it('allows what is free, then waits from the last try', () => {
    expect(tries({ pausing }, [0, 1, 2, 3, 61, 62])).to.deep.equal([
      '.',
      '.',
      '.',
      '62',
      '62',
      '.',
    ]);
  });

  it('is free again once the pause is over', () => {
    expect(tries({ pausing }, [0, 1, 2, 62, 63, 64, 65])).to.deep.equal([
      '.',
      '.',
      '.',
      '.',
      '.',
      '.',
      '124',
    ]);
  });

  it('is foreseen: one before the wait, and in it', () => {
    let counters: Counters = {};
    const seen = [0, 1, 2].map((second) => {
      const counted = count(counters, { k: { pausing } }, at(second));
      if (counted.isAllowed) counters = counted.counters;
      return outlookOf(counters, { k: { pausing } }, at(second));
    });
    expect(seen).to.deep.equal([undefined, { isLast: true }, { pausedUntil: at(62) }]);
    expect(outlookOf(counters, { k: { pausing } }, at(62)), 'once it is over').to.equal(undefined);
  });

  it('doubles the wait with every further try, up to the longest', () => {
    expect(tries({ doubling }, [0, 0, 0, 1, 30, 31, 90, 91, 190])).to.deep.equal([
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
    const pause = { firstSeconds: 100, longestSeconds: 1000 };
    const long = { most: 2, seconds: 10, pause };
    expect(tries({ long }, [0, 0, 100, 101, 300, 301])).to.deep.equal([
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
    expect(
      tries({ doubling }, [0, 0, 0, 30, day + 31, day + 31, day + 31, day + 32]),
    ).to.deep.equal(['.', '.', '.', '.', '.', '.', '.', String(day + 61)]);
  });

  it('closes for good after too many in a row, however slowly', () => {
    const closing = { ...pausing, mostInARow: 4 };
    const day = 25 * 3600;
    expect(tries({ closing }, [0, day, 2 * day, 3 * day, 4 * day])).to.deep.equal([
      '.',
      '.',
      '.',
      '.',
      'never',
    ]);
  });

  it('without a wait opens when the oldest has aged', () => {
    expect(tries({ ageing: { most: 2, seconds: 60 } }, [0, 10, 20, 60, 61, 70])).to.deep.equal([
      '.',
      '.',
      '60',
      '.',
      '70',
      '.',
    ]);
  });

  it('of several windows obeys the strictest', () => {
    const limit = { short: { most: 1, seconds: 10 }, long: { most: 2, seconds: 60 } };
    expect(tries(limit, [0, 5, 10, 25, 60])).to.deep.equal(['.', '10', '.', '60', '.']);
  });

  it('counts a clock that went back as the same moment', () => {
    expect(tries({ one: { most: 1, seconds: 60 } }, [100, 40])).to.deep.equal(['.', '160']);
  });
});

describe('Several limits at once', () => {
  const one: Limit = { one: { most: 1, seconds: 60 } };

  it('count nowhere when one of them refuses', () => {
    const first = count({}, { b: one }, at(0));
    if (!first.isAllowed) throw new Error('the first attempt is free');
    const second = count(first.counters, { a: one, b: one }, at(1));
    expect(second.isAllowed).to.equal(false);
    expect(first.counters).to.have.all.keys('b');
  });

  it('keep no more places than an account needs, and never drop what is no place', () => {
    let counters: Counters = {};
    const visits = (place: number, own = ''): void => {
      const attempt: Attempt = {
        [`${own}password`]: { inAll: { most: 100, seconds: 60 } },
        [`${own}password@${place}`]: one,
      };
      const counted = count(counters, attempt, at(place));
      if (counted.isAllowed) ({ counters } = counted);
    };
    for (let place = 0; place < 50; place += 1) visits(place);
    // Whatever strangers try in resets drops nothing of the sign-in's.
    for (let place = 50; place < 100; place += 1) visits(place, 'reset:');
    expect(Object.keys(counters)).to.have.length(42);
    expect(counters.password?.times).to.have.length(50);
    expect(counters).to.include.keys('password@30', 'password@49', 'reset:password@99');
    expect(counters).not.to.have.any.keys('password@0', 'reset:password@50');
  });
});
