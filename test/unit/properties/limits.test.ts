/**
 * What holds for counting tries, in whatever order they come.
 */
import { expect } from 'chai';
import fc from 'fast-check';

import type { Attempts } from '../../../src/models/attempts.ts';
import { type Charge, charge, type Charged, type Rule } from '../../../src/verification/limits.ts';
import { giveBack, settle } from '../../../src/verification/undecided.ts';
import { holds } from '../../support/soak.ts';

type Tallies = Attempts['tallies'];

const START = Date.parse('2026-11-22T12:00:00Z');
const at = (seconds: number): Date => new Date(START + seconds * 1000);

const rule: fc.Arbitrary<Rule> = fc
  .record({
    free: fc.integer({ min: 1, max: 5 }),
    perSeconds: fc.integer({ min: 1, max: 3600 }),
    first: fc.option(fc.integer({ min: 1, max: 600 })),
    mostInARow: fc.option(fc.integer({ min: 1, max: 20 })),
  })
  .map(({ free, perSeconds, first, mostInARow }) => ({
    ...{ free, perSeconds },
    ...(first !== null && { wait: { firstSeconds: first, mostSeconds: first * 8 } }),
    ...(mostInARow !== null && { mostInARow }),
  }));
const charges: fc.Arbitrary<Charge[]> = fc.uniqueArray(
  fc.record({
    key: fc.constantFrom('a', 'b', 'c', 'd@1'),
    rules: fc.array(rule, { minLength: 1, maxLength: 3 }),
    isJudged: fc.boolean(),
  }),
  { selector: ({ key }) => key, minLength: 1 },
);

/** Tries, tries taken back or found to be wrong, and successes that clear. */
const act = fc.record({
  what: fc.constantFrom('try', 'try', 'try', 'give back', 'settle', 'clear'),
  after: fc.oneof(fc.integer({ min: 0, max: 7200 }), fc.constant(0)),
});
const acts = fc.array(act, { maxLength: 40 });

function live(all: readonly Charge[], life: readonly { what: string; after: number }[]): Tallies {
  const keys = all.map(({ key }) => key);
  let tallies: Tallies = {};
  let now = 0;
  const tries: Date[] = [];
  for (const { what, after } of life) {
    now += after;
    if (what === 'clear') tallies = {};
    if (what === 'give back') tallies = giveBack(tallies, keys, tries.pop() ?? at(now));
    if (what === 'settle') tallies = settle(tallies, keys, tries.pop() ?? at(now)) ?? tallies;
    const charged = what === 'try' ? charge(tallies, all, at(now)) : undefined;
    if (charged?.isAllowed) {
      ({ tallies } = charged);
      tries.push(at(now));
    }
    isSound(tallies, all);
  }
  return tallies;
}

function isSound(tallies: Tallies, all: readonly Charge[]): void {
  for (const { key, rules } of all) {
    const { times, streak, undecided = [] } = tallies[key] ?? { times: [], streak: 0 };
    expect(streak, key).to.be.at.least(0);
    const most = Math.max(...rules.map(({ free }) => free));
    // One more for each that may be taken back, and there are only so many tries at once.
    expect(times.length, key).to.be.at.most(2 * most);
    expect(undecided.length, key).to.be.at.most(most);
    expect([...times].sort((one, other) => Number(one) - Number(other))).to.deep.equal(times);
  }
}

/** As if every try had been judged at once and found to be wrong. */
const decided = (tallies: Tallies): Tallies =>
  Object.fromEntries(
    Object.entries(tallies).map(([key, { times, streak }]) => [key, { times, streak }]),
  );

/** Who may try, without what is counted by it. */
const verdictOf = (charged: Charged) => (charged.isAllowed ? true : charged.openAt);

/** Of two tries, one right after the other. */
function verdictsOf(tallies: Tallies, all: readonly Charge[], now: Date) {
  const first = charge(tallies, all, now);
  const next = first.isAllowed && charge(first.tallies, all, new Date(now.getTime() + 1000));
  return [verdictOf(first), next && verdictOf(next)];
}

const allowed = (charged: Charged): Tallies => {
  if (!charged.isAllowed) throw new Error('refused');
  return charged.tallies;
};

describe('Every tally', () => {
  it('is never below nothing, and never longer than its rules need', () => {
    holds(fc.property(charges, acts, (all, life) => void live(all, life)));
  });

  it('counts all of its keys alike, in whatever order they are named', () => {
    holds(
      fc.property(charges, acts, fc.nat({ max: 7200 }), (all, life, later) => {
        const tallies = live(all, life);
        const now = at(40 * 7200 + later);
        const backwards = charge(tallies, all.toReversed(), now);
        expect(charge(tallies, all, now)).to.deep.equal(backwards);
        const keys = all.map(({ key }) => key);
        const newest = tallies[keys[0] ?? '']?.times.at(-1) ?? now;
        const given = giveBack(tallies, keys, newest);
        expect(giveBack(tallies, keys.toReversed(), newest)).to.deep.equal(given);
      }),
    );
  });

  it('that refuses is free again when it says so, unless it is closed for good', () => {
    holds(
      fc.property(charges, acts, fc.nat({ max: 600 }), (all, life, later) => {
        const tallies = live(all, life);
        const now = at(life.reduce((sum, { after }) => sum + after, later));
        const charged = charge(tallies, all, now);
        if (charged.isAllowed || !charged.openAt) return;
        expect(charged.openAt.getTime()).to.be.above(now.getTime());
        const justBefore = new Date(charged.openAt.getTime() - 1);
        expect(charge(tallies, all, justBefore).isAllowed).to.equal(false);
        expect(charge(tallies, all, charged.openAt).isAllowed).to.equal(true);
      }),
    );
  });

  it('says after a try given back what it said before, where nothing was forgotten', () => {
    const wide = charges.map((all) =>
      all.map(({ key, rules }) => ({
        key,
        rules: rules.map((one) => ({ ...one, free: 50, perSeconds: 86_000, mostInARow: 100 })),
      })),
    );
    holds(
      fc.property(wide, fc.nat({ max: 40 }), (all, tries) => {
        const keys = all.map(({ key }) => key);
        let tallies = allowed(charge({}, all, at(0)));
        for (let second = 1; second <= tries; second += 1) {
          tallies = allowed(charge(tallies, all, at(second)));
        }
        const next = allowed(charge(tallies, all, at(tries + 1)));
        expect(giveBack(next, keys, at(tries + 1))).to.deep.equal(tallies);
      }),
    );
  });

  it('lets nobody in because tries are undecided: they count as wrong', () => {
    holds(
      fc.property(charges, acts, fc.nat({ max: 5 }), (all, life, later) => {
        const tallies = live(all, life);
        const now = at(life.reduce((sum, { after }) => sum + after, later));
        const verdict = verdictOf(charge(tallies, all, now));
        expect(verdict).to.deep.equal(verdictOf(charge(decided(tallies), all, now)));
      }),
    );
  });

  it('says after a right try what it said before, however few are kept', () => {
    const judged = charges.map((all) =>
      all.map(({ key, rules }) => ({
        ...{ key, isJudged: true },
        // Nothing is forgotten because of its age.
        rules: rules.map((one) => ({ ...one, perSeconds: 86_000 })),
      })),
    );
    const brief = fc.array(
      act.map(({ what, after }) => ({ what, after: after % 700 })),
      { maxLength: 40 },
    );
    holds(
      fc.property(judged, brief, fc.nat({ max: 700 }), (all, life, later) => {
        const tallies = live(all, life);
        const end = life.reduce((sum, { after }) => sum + after, 0);
        const charged = charge(tallies, all, at(end + 1));
        if (!charged.isAllowed) return;
        const keys = all.map(({ key }) => key);
        const back = giveBack(charged.tallies, keys, at(end + 1));
        const now = at(end + 1 + later);
        expect(verdictsOf(back, all, now)).to.deep.equal(verdictsOf(tallies, all, now));
      }),
    );
  });
});
