import { expect } from 'chai';

import { isBeingJudged } from '../../../src/models/challenge.ts';

const now = new Date('2026-11-28T12:00:00Z');
const answered = {
  elsewhere: { device: 'd1', shows: {} },
  attemptsLeft: 0,
  expiresAt: new Date(now.getTime() + 1),
};

describe('A question that a device answers', () => {
  it('is being judged from its attempt until what came of it', () => {
    expect(isBeingJudged(answered, now)).to.equal(true);
    expect(isBeingJudged({ ...answered, attemptsLeft: 1 }, now), 'not answered').to.equal(false);
    expect(isBeingJudged({ ...answered, failure: 'denied' }, now), 'refused').to.equal(false);
  });

  it('is over at its end, whatever broke while it was judged', () => {
    expect(isBeingJudged({ ...answered, expiresAt: now }, now)).to.equal(false);
  });

  it('is the page’s own business where no device is asked', () => {
    const { elsewhere: _, ...typed } = answered;
    expect(isBeingJudged(typed, now)).to.equal(false);
  });
});
