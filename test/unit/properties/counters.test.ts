/**
 * What holds for counting tries, in whatever order they come.
 */
import { expect } from 'chai';
import fc from 'fast-check';

import type { Counters } from '../../../src/models/counter.ts';
import { count, type Counted, takeBack } from '../../../src/verification/rate-limits/count.ts';
import type { Limit, Window } from '../../../src/verification/rate-limits/limits.ts';
import { holds } from '../../support/soak.ts';

/** A key with its limit, in some order. */
type Named = readonly [string, Limit];

const START = Date.parse('2026-11-22T12:00:00Z');
const at = (seconds: number): Date => new Date(START + seconds * 1000);

const window: fc.Arbitrary<Window> = fc
  .record({
    most: fc.integer({ min: 1, max: 5 }),
    seconds: fc.integer({ min: 1, max: 3600 }),
    first: fc.option(fc.integer({ min: 1, max: 600 })),
    mostInARow: fc.option(fc.integer({ min: 1, max: 20 })),
  })
  .map(({ most, seconds, first, mostInARow }) => ({
    ...{ most, seconds },
    ...(first !== null && { pause: { firstSeconds: first, longestSeconds: first * 8 } }),
    ...(mostInARow !== null && { mostInARow }),
  }));
const limitOf = (windows: readonly Window[]): Limit =>
  Object.fromEntries(windows.map((each, index) => [String(index), each]));
const attempts: fc.Arbitrary<Named[]> = fc.uniqueArray(
  fc.tuple(
    fc.constantFrom('a', 'b', 'c', 'd@1'),
    fc.array(window, { minLength: 1, maxLength: 3 }).map(limitOf),
  ),
  { selector: ([key]) => key, minLength: 1 },
);

/** Attempts, attempts taken back, and successes that clear. */
const act = fc.record({
  what: fc.constantFrom('try', 'try', 'try', 'take back', 'clear'),
  after: fc.oneof(fc.integer({ min: 0, max: 7200 }), fc.constant(0)),
});
const acts = fc.array(act, { maxLength: 40 });

const counting = (counters: Counters, all: readonly Named[], now: Date): Counted =>
  count(counters, Object.fromEntries(all), now);
const keysOf = (all: readonly Named[]): string[] => all.map(([key]) => key);

function live(all: readonly Named[], life: readonly { what: string; after: number }[]): Counters {
  let counters: Counters = {};
  let now = 0;
  const tries: Date[] = [];
  for (const { what, after } of life) {
    now += after;
    if (what === 'clear') counters = {};
    if (what === 'take back') counters = takeBack(counters, keysOf(all), tries.pop() ?? at(now));
    const counted = what === 'try' ? counting(counters, all, at(now)) : undefined;
    if (counted?.isAllowed) {
      ({ counters } = counted);
      tries.push(at(now));
    }
    isSound(counters, all);
  }
  return counters;
}

function isSound(counters: Counters, all: readonly Named[]): void {
  for (const [key, limit] of all) {
    const { times, streak } = counters[key] ?? { times: [], streak: 0 };
    expect(streak, key).to.be.at.least(0);
    // One more, because the newest may be taken back.
    const most = Math.max(...Object.values(limit).map((each) => each.most)) + 1;
    expect(times.length, key).to.be.at.most(most);
    expect([...times].sort((one, other) => Number(one) - Number(other))).to.deep.equal(times);
  }
}

/** Who may try, without what is counted by it. */
const verdictOf = (counted: Counted) => (counted.isAllowed ? true : counted.openAt);

const allowed = (counted: Counted): Counters => {
  if (!counted.isAllowed) throw new Error('refused');
  return counted.counters;
};

describe('Every counter', () => {
  it('is never below nothing, and never longer than its limits need', () => {
    holds(fc.property(attempts, acts, (all, life) => void live(all, life)));
  });

  it('counts all of its keys alike, in whatever order they are named', () => {
    holds(
      fc.property(attempts, acts, fc.nat({ max: 7200 }), (all, life, later) => {
        const counters = live(all, life);
        const now = at(40 * 7200 + later);
        const backwards = counting(counters, all.toReversed(), now);
        expect(counting(counters, all, now)).to.deep.equal(backwards);
        const newest = counters[keysOf(all)[0] ?? '']?.times.at(-1) ?? now;
        const back = takeBack(counters, keysOf(all), newest);
        expect(takeBack(counters, keysOf(all).toReversed(), newest)).to.deep.equal(back);
      }),
    );
  });

  it('that refuses is free again when it says so, unless it is closed for good', () => {
    holds(
      fc.property(attempts, acts, fc.nat({ max: 600 }), (all, life, later) => {
        const counters = live(all, life);
        const now = at(life.reduce((sum, { after }) => sum + after, later));
        const counted = counting(counters, all, now);
        if (counted.isAllowed || !counted.openAt) return;
        expect(counted.openAt.getTime()).to.be.above(now.getTime());
        const justBefore = new Date(counted.openAt.getTime() - 1);
        expect(counting(counters, all, justBefore).isAllowed).to.equal(false);
        expect(counting(counters, all, counted.openAt).isAllowed).to.equal(true);
      }),
    );
  });

  it('says after an attempt taken back what it said before, where nothing was forgotten', () => {
    const wide = attempts.map((all) =>
      all.map(([key, limit]): Named => [
        key,
        limitOf(
          Object.values(limit).map((one) => ({
            ...{ ...one, most: 50, seconds: 86_000, mostInARow: 100 },
          })),
        ),
      ]),
    );
    holds(
      fc.property(wide, fc.nat({ max: 40 }), (all, tries) => {
        let counters = allowed(counting({}, all, at(0)));
        for (let second = 1; second <= tries; second += 1) {
          counters = allowed(counting(counters, all, at(second)));
        }
        const next = allowed(counting(counters, all, at(tries + 1)));
        expect(takeBack(next, keysOf(all), at(tries + 1))).to.deep.equal(counters);
      }),
    );
  });

  it('says after a right attempt what it said before, however few are kept', () => {
    // Nothing is forgotten because of its age.
    const lasting = attempts.map((all) =>
      all.map(([key, limit]): Named => [
        key,
        limitOf(Object.values(limit).map((one) => ({ ...one, seconds: 86_000 }))),
      ]),
    );
    const brief = fc.array(
      act.map(({ what, after }) => ({ what, after: after % 700 })),
      { maxLength: 40 },
    );
    holds(
      fc.property(lasting, brief, fc.nat({ max: 700 }), (all, life, later) => {
        const counters = live(all, life);
        const end = life.reduce((sum, { after }) => sum + after, 0);
        const counted = counting(counters, all, at(end + 1));
        if (!counted.isAllowed) return;
        const back = takeBack(counted.counters, keysOf(all), at(end + 1));
        const now = at(end + 1 + later);
        const verdict = verdictOf(counting(back, all, now));
        expect(verdict).to.deep.equal(verdictOf(counting(counters, all, now)));
      }),
    );
  });
});
