import { setTimeout as pause } from 'node:timers/promises';

import { expect } from 'chai';

import { ada, here, openCounting } from './counting.ts';

const elsewhere = { network: 'elsewhere', browser: 'other' };
const her = { id: 'ada', username: 'ada' };
const nobody = { username: 'ned' };

describe('A try at a password that is taken back', () => {
  it('leaves what others guessed meanwhile', async () => {
    const { guard, ofAccount, advance } = openCounting();
    const first = await guard.countPassword(her, elsewhere);
    advance(1);
    const right = await guard.countPassword(her, here);
    advance(1);
    const last = await guard.countPassword(her, elsewhere);
    const { times: [one, , other] = [] } = ofAccount().password ?? {};
    await right.takeBack();
    await Promise.all([first.wasWrong(), last.wasWrong()]);
    expect(ofAccount().password).to.deep.equal({ times: [one, other], streak: 2 });
  });

  it('takes nothing back of what was guessed after a finished sign-in cleared it', async () => {
    const { guard, ofAccount, advance, clear } = openCounting();
    await guard.countPassword(her, elsewhere);
    const right = await guard.countPassword(her, here);
    clear();
    advance(1);
    await guard.countPassword(her, elsewhere);
    await guard.countPassword(her, elsewhere);
    const after = ofAccount();
    await right.takeBack();
    expect(ofAccount()).to.deep.equal(after);
  });

  it('takes nothing from counters that it never was in', async () => {
    const known = { networks: [here.network], browsers: [] };
    const { guard, ofAccount } = openCounting({ ...ada, known });
    await guard.countPassword(her, elsewhere);
    await guard.countPassword(her, elsewhere);
    await guard.countPassword(her, here);
    const before = ofAccount();
    await (await guard.countPassword(her, here)).takeBack();
    expect(ofAccount().password).to.deep.equal(before.password);
    expect(ofAccount()['password@here']?.streak).to.equal(1);
  });

  it('is taken back of a name that nobody has, too, when nobody looked at it (S-007)', async () => {
    const { guard, ofStranger } = openCounting();
    await guard.countPassword(nobody, here);
    const busy = await guard.countPassword(nobody, here);
    expect(await busy.takeBack()).to.equal(undefined);
    expect(ofStranger('ned').password?.streak).to.equal(1);
  });
});

/** Tries at the same moment, in two processes by turns, each judged as slowly as by a hash. */
async function atOnce(verdicts: readonly ('right' | 'wrong')[], who: typeof her | typeof nobody) {
  const counting = openCounting();
  const seen = { compared: 0, wrong: 0, refused: 0, passed: 0, beingJudged: 0, most: 0 };
  async function tries(verdict: 'right' | 'wrong', index: number): Promise<void> {
    const guard = index % 2 === 0 ? counting.guard : counting.other;
    const tried = await guard.countPassword(who, here).catch(() => undefined);
    if (!tried) {
      seen.refused += 1;
      return;
    }
    seen.compared += 1;
    seen.beingJudged += 1;
    seen.most = Math.max(seen.most, seen.beingJudged);
    await pause(30);
    seen.beingJudged -= 1;
    seen[verdict === 'wrong' ? 'wrong' : 'passed'] += 1;
    await (verdict === 'wrong' ? tried.wasWrong() : tried.takeBack());
  }
  const begun = performance.now();
  await Promise.all(verdicts.map(tries));
  return { ...counting, ...seen, milliseconds: performance.now() - begun };
}

const times = <T>(count: number, value: T): T[] => Array<T>(count).fill(value);
const refusal = async (counted: Promise<unknown>) => counted.then(() => undefined, String);

describe('Tries at the same moment', () => {
  for (const count of [10, 20]) {
    it(`let ${count} right passwords in, five at a time`, async () => {
      const { passed, most, ofAccount } = await atOnce(times(count, 'right'), her);
      expect(passed).to.equal(count);
      expect(most).to.be.at.most(5);
      // As after any right password whose sign-in is not finished.
      expect(ofAccount().password?.streak ?? 0).to.be.at.most(1);
      expect(ofAccount().password).not.to.have.property('undecided');
    }).timeout(10_000);
  }

  for (const who of [her, nobody]) {
    it(`compare five of 200 wrong ones, and refuse the others (${who.username}, R-06)`, async () => {
      const { compared, refused, advance, guard } = await atOnce(times(200, 'wrong'), who);
      expect({ compared, refused }).to.deep.equal({ compared: 5, refused: 195 });
      advance(29);
      expect(await refusal(guard.countPassword(who, here))).to.contain('too-many-tries');
    }).timeout(10_000);
  }

  it('compare five wrong ones at most, whatever right ones are among them', async () => {
    const mixed = times(25, ['right', 'wrong'] as const).flat();
    const { wrong, ofAccount } = await atOnce(mixed, her);
    expect(wrong).to.be.at.most(5);
    expect(ofAccount().password?.streak).to.be.at.least(wrong);
  }).timeout(10_000);

  it('refuse at once, and without asking again, where all are known to be wrong', async () => {
    const { guard, operations, milliseconds } = await atOnce(times(5, 'wrong'), her);
    expect(milliseconds).to.be.below(5000);
    const before = operations();
    expect(await refusal(guard.countPassword(her, here))).to.contain('too-many-tries');
    expect(operations() - before, 'the network and the account are read once').to.equal(2);
  });

  it('count as wrong for good when nobody says any more what became of them', async () => {
    const { guard, other, advance, operations, ofAccount } = openCounting();
    // Their process is killed while it compares.
    for (let count = 0; count < 5; count += 1) await guard.countPassword(her, here);
    const held = refusal(other.countPassword(her, here));
    await pause(300);
    advance(3);
    expect(await held).to.contain('too-many-tries');
    const before = operations();
    expect(await refusal(other.countPassword(her, here))).to.contain('too-many-tries');
    expect(operations() - before, 'refused at once').to.equal(2);
    expect(ofAccount().password?.streak).to.equal(5);
  });

  it('cost one that is alone and right nothing more than counting it', async () => {
    const { guard, operations } = openCounting();
    const tried = await guard.countPassword(her, here);
    await tried.takeBack();
    expect(operations(), 'network, account, count').to.equal(3);
  });

  it('cost a wrong one as much at an account as at no account (S-007)', async () => {
    const costs = [];
    for (const who of [her, nobody]) {
      const { guard, operations } = openCounting();
      for (let count = 0; count < 5; count += 1) {
        const before = operations();
        await (await guard.countPassword(who, here)).wasWrong();
        costs.push(operations() - before);
      }
    }
    expect(costs).to.deep.equal([5, 6, 6, 6, 6, 5, 6, 6, 6, 6]);
  });
});
