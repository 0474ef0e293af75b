import { expect } from 'chai';

import { makePass, type StoredPass } from '../../../src/credentials/temporary-access-pass.ts';
import { secondsAfter } from '../../../src/lib/clock.ts';
import { openMethod } from '../../../src/methods/open.ts';
import { temporaryAccessPass } from '../../../src/methods/temporary-access-pass/index.ts';
import { createPorts, vault, vaultOf } from './ports.ts';

const noon = new Date('2026-11-22T12:00:00Z');
const good = { startsAt: noon, endsAt: secondsAfter(noon, 3600), isOnce: true };
const { stored, code } = makePass(vault, good);

function setUp() {
  const { ports, turnTo } = createPorts(noon);
  const method = openMethod('temporary-access-pass', temporaryAccessPass, {}, ports);
  const judge = (form: unknown, data: unknown = stored) =>
    method.judge({
      ...{ policy: {}, data, memo: {}, form, vault },
      ...{ challengeId: 'challenge-1', purpose: 'sign-in' as const },
    });
  return { method, turnTo, judge };
}

describe('temporary access pass (S-144)', () => {
  it('stands alone and recovers, and says when it was used', async () => {
    const { judge } = setUp();
    expect(await judge({ code })).to.deep.equal({
      outcome: 'passed',
      credential: { ...stored, usedAt: noon },
      traits: ['stands-alone', 'recovers'],
    });
  });

  it('is neither known nor held, and never withstands phishing', () => {
    const { method } = setUp();
    expect(method.factor).to.equal('pass');
    expect(method.traits).not.to.include('phishing-resistant').and.not.to.include('hardware-bound');
  });

  const failing: [title: string, seconds: number, data: Partial<StoredPass>, because: string][] = [
    ['before its time', -1, {}, 'a pass that is not-yet'],
    ['from its end on', 3600, {}, 'a pass that is over'],
    ['that is good once, a second time', 60, { usedAt: noon }, 'a pass that is used'],
  ];
  for (const [title, seconds, more, because] of failing) {
    it(`is wrong ${title}, and the log alone hears why`, async () => {
      const { judge, turnTo } = setUp();
      turnTo(secondsAfter(noon, seconds));
      const verdict = await judge({ code }, { ...stored, ...more });
      expect(verdict).to.deep.equal({ outcome: 'failed', reason: 'wrong-answer', because });
      // Of a wrong one nothing is said.
      const other = await judge({ code: '2ABC-3DEF-4GHJ' }, { ...stored, ...more });
      expect(other).to.deep.equal({ outcome: 'failed', reason: 'wrong-answer' });
    });
  }

  it('is good more than once where it may be', async () => {
    const { judge } = setUp();
    const verdict = await judge({ code }, { ...stored, isOnce: false, usedAt: noon });
    expect(verdict).to.have.property('outcome', 'passed');
  });

  it('fails a digest that was copied from another account, and nobody’s', async () => {
    const { judge, method } = setUp();
    const stolen = makePass(vaultOf('eve'), good);
    expect(await judge({ code: stolen.code }, stolen.stored)).to.include({ outcome: 'failed' });
    expect(await judge({ code }, method.pretend('seed'))).to.include({ reason: 'wrong-answer' });
  });

  it('can be asked for in its time only', () => {
    const { method, turnTo } = setUp();
    const seen = [-1, 0, 3599, 3600].map((seconds) => {
      turnTo(secondsAfter(noon, seconds));
      const { isSuited, life } = method.read(stored);
      return `${life?.state} ${isSuited}`;
    });
    expect(seen).to.deep.equal(['not-yet false', 'good true', 'good true', 'over false']);
  });

  for (const typed of [undefined, '', 5, [code], code.slice(1), `${code}0`, 'U'.repeat(12)]) {
    it(`calls ${JSON.stringify([typed])} malformed`, async () => {
      expect(await setUp().judge({ code: typed })).to.have.property('reason', 'malformed');
    });
  }

  it('is read from the field of a password however it was copied', async () => {
    const { method, judge } = setUp();
    const { inPlaceOf } = method;
    expect(inPlaceOf?.method).to.equal('password');
    for (const password of [code, code.toLowerCase(), ` ${code.replaceAll('-', ' ')} `]) {
      const verdict = await judge(inPlaceOf?.answerIn({ password }));
      expect(verdict).to.have.property('outcome', 'passed');
    }
    expect(method.isComplete(inPlaceOf?.answerIn({ password: 'my own password' }))).to.equal(false);
  });
});
