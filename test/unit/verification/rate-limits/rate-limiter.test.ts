import { setTimeout as pause } from 'node:timers/promises';

import { expect } from 'chai';

import type { Purpose } from '../../../../src/assurance/purpose.ts';
import { secondsAfter } from '../../../../src/lib/clock.ts';
import {
  clearedBy,
  isHeldUp,
  type Place,
} from '../../../../src/verification/rate-limits/rate-limiter.ts';
import { ada, here, openCounting } from './counting.ts';

const elsewhere = { network: 'elsewhere', browser: 'other' };
const her = { id: 'ada', username: 'ada' };
const nobody = { username: 'ned' };

type Counting = ReturnType<typeof openCounting>;
type Who = typeof her | typeof nobody;

const tries = (
  { rateLimiter }: Pick<Counting, 'rateLimiter'>,
  who: Who,
  place: Place,
  purpose: Purpose = 'sign-in',
) => rateLimiter.countKnowledge(who, { place, purpose });

async function guesses(counting: Counting, who: Who, place: Place): Promise<void> {
  const counted = await tries(counting, who, place);
  await counted.wasWrong();
}

const times = <T>(count: number, value: T): T[] => Array<T>(count).fill(value);
const refusal = async (counted: Promise<unknown>) => counted.then(() => undefined, String);

describe('An attempt at a password that is taken back', () => {
  it('leaves what others guessed meanwhile', async () => {
    const counting = openCounting();
    const { ofAccount, advance } = counting;
    await tries(counting, her, elsewhere);
    advance(1);
    const right = await tries(counting, her, here);
    advance(1);
    await tries(counting, her, elsewhere);
    const { times: [one, , other] = [] } = ofAccount().password ?? {};
    await right.takeBack();
    expect(ofAccount().password).to.deep.equal({ times: [one, other], streak: 2 });
  });

  it('takes nothing back of what was guessed after a finished sign-in cleared it', async () => {
    const counting = openCounting();
    const { ofAccount, advance, clear } = counting;
    await tries(counting, her, elsewhere);
    const right = await tries(counting, her, here);
    clear();
    advance(1);
    await tries(counting, her, elsewhere);
    await tries(counting, her, elsewhere);
    const after = ofAccount();
    await right.takeBack();
    expect(ofAccount()).to.deep.equal(after);
  });

  it('takes nothing from counters that it never was in', async () => {
    const known = { networks: [here.network], browsers: [] };
    const counting = openCounting({ ...ada, known });
    const { ofAccount } = counting;
    await tries(counting, her, elsewhere);
    await tries(counting, her, elsewhere);
    await tries(counting, her, here);
    const before = ofAccount();
    await (await tries(counting, her, here)).takeBack();
    expect(ofAccount().password).to.deep.equal(before.password);
    expect(ofAccount()['password@here']?.streak).to.equal(1);
  });

  it('is taken back of a name that nobody has, too, when nobody looked at it (S-007)', async () => {
    const counting = openCounting();
    await tries(counting, nobody, here);
    const busy = await tries(counting, nobody, here);
    expect(await busy.takeBack()).to.equal(undefined);
    expect(counting.ofStranger('ned').password?.streak).to.equal(1);
  });
});

/** Attempts at the same moment, in two processes by turns, each judged as slowly as by a hash. */
async function atOnce(verdicts: readonly ('right' | 'wrong')[], who: Who) {
  const counting = openCounting();
  const seen = { compared: 0, refused: 0 };
  async function attempt(verdict: 'right' | 'wrong', index: number): Promise<void> {
    const rateLimiter = index % 2 === 0 ? counting.rateLimiter : counting.other;
    const counted = await tries({ rateLimiter }, who, here).catch(() => undefined);
    seen[counted ? 'compared' : 'refused'] += 1;
    await pause(30);
    await (verdict === 'wrong' ? counted?.wasWrong() : counted?.takeBack());
  }
  await Promise.all(verdicts.map(attempt));
  return { ...counting, ...seen };
}

describe('Attempts at the same moment', () => {
  it('are compared five at a time where they are right, and cost the others nothing', async () => {
    const counting = await atOnce(times(10, 'right'), her);
    expect(counting.compared).to.be.within(5, 10);
    // As after any right password whose sign-in is not finished: whoever was refused tries again.
    expect(counting.ofAccount().password?.streak ?? 0).to.be.at.most(1);
    expect(await refusal(tries(counting, her, here))).to.equal(undefined);
  }).timeout(10_000);

  for (const who of [her, nobody]) {
    it(`are compared five of 200 that are wrong (${who.username}, R-06)`, async () => {
      const counting = await atOnce(times(200, 'wrong'), who);
      const { compared, refused } = counting;
      expect({ compared, refused }).to.deep.equal({ compared: 5, refused: 195 });
      counting.advance(29);
      expect(await refusal(tries(counting, who, here))).to.contain('too-many-tries');
    }).timeout(10_000);
  }

  it('are refused at once, and without asking again', async () => {
    const counting = await atOnce(times(5, 'wrong'), her);
    const before = counting.operations();
    expect(await refusal(tries(counting, her, here))).to.contain('too-many-tries');
    expect(counting.operations() - before, 'the network and the account, once').to.equal(2);
  });

  it('cost one that is alone and right nothing more than counting it', async () => {
    const counting = openCounting();
    await (await tries(counting, her, here)).takeBack();
    expect(counting.operations(), 'network, account, count').to.equal(3);
  });

  it('cost a wrong one as much at an account as at no account (S-007)', async () => {
    const costs = [];
    for (const who of [her, nobody]) {
      const counting = openCounting();
      for (let count = 0; count < 5; count += 1) {
        const before = counting.operations();
        await guesses(counting, who, here);
        costs.push(counting.operations() - before);
      }
    }
    expect(costs).to.deep.equal(times(10, 5));
  });
});

describe('A network from which many names were tried', () => {
  /** Other names than hers, from where she is. */
  async function sprayed(account = ada) {
    const counting = openCounting(account);
    for (let name = 0; name < 100; name += 1) {
      await guesses(counting, { username: `name ${name}` }, { ...here, browser: 'of a stranger' });
    }
    return counting;
  }

  it('refuses everybody there, but browsers that this very account knows (S-011, C-14)', async () => {
    const known = { networks: [here.network], browsers: ['her own'] };
    const counting = await sprayed({ ...ada, known });
    expect(await refusal(tries(counting, her, here))).to.contain('too-many-tries');
    const own = { ...here, browser: 'her own' };
    expect(await refusal(tries(counting, her, own))).to.equal(undefined);
    expect(await refusal(tries(counting, nobody, own))).to.contain('too-many-tries');
  });

  it('lets in a browser whose owner was mailed, as long as that holds (D-8)', async () => {
    const now = new Date('2026-11-22T12:00:00Z');
    const letIn = { digest: 'd', browser: 'let in', expiresAt: now, until: secondsAfter(now, 60) };
    const counting = await sprayed({ ...ada, admissions: [letIn] });
    const own = { ...here, browser: 'let in' };
    expect(await refusal(tries(counting, her, own))).to.equal(undefined);
    counting.advance(60);
    expect(await refusal(tries(counting, her, own))).to.contain('too-many-tries');
  });

  it('is allowed more where it was configured as an office', async () => {
    const counting = await sprayed();
    const office = { ...here, wrongPasswordsIn15Minutes: 101 };
    expect(await refusal(guesses(counting, nobody, office))).to.equal(undefined);
    expect(await refusal(tries(counting, her, office))).to.contain('too-many-tries');
  });
});

describe('An account whose password is guessed from everywhere', () => {
  const { now } = openCounting();
  const until = secondsAfter(now(), 60 * 60);
  const letIn = { digest: 'd', browser: here.browser, expiresAt: now(), until };

  async function guessed(counting: Counting, who: Who = her): Promise<Counting> {
    for (let network = 0; network < 5; network += 1) {
      await guesses(counting, who, { network: `network ${network}`, browser: 'of a stranger' });
    }
    return counting;
  }
  const problem = (counted: Promise<unknown>) => counted.catch((error: unknown) => error);

  it('holds up whoever is not known, which is told apart from their own wrong ones', async () => {
    for (const who of [her, nobody]) {
      const counting = await guessed(openCounting(), who);
      expect(isHeldUp(await problem(tries(counting, who, here)))).to.equal(true);
      const stranger = { network: 'network 1', browser: 'of a stranger' };
      expect(isHeldUp(await problem(tries(counting, who, stranger)))).to.equal(true);
    }
    const alone = openCounting();
    for (let count = 0; count < 5; count += 1) await guesses(alone, her, here);
    expect(isHeldUp(await problem(tries(alone, her, here))), 'her network too').to.equal(false);
  });

  it('is open to a browser that was let in, for an hour, with counts of its own (D-8)', async () => {
    const counting = await guessed(openCounting({ ...ada, admissions: [letIn] }));
    const before = counting.ofAccount().password;
    expect(await refusal(tries(counting, her, here))).to.equal(undefined);
    expect(counting.ofAccount().password, 'lifts no count').to.deep.equal(before);
    expect(counting.ofAccount()).to.include.keys('password@here', 'password@this');
    const other = { ...here, browser: 'other' };
    expect(isHeldUp(await problem(tries(counting, her, other)))).to.equal(true);
    counting.advance(60 * 60);
    await guessed(counting);
    expect(isHeldUp(await problem(tries(counting, her, here)))).to.equal(true);
  });
});

describe('What happens in a reset, which anybody may begin', () => {
  const number = { number: '+14255550134', country: '1' };

  it('uses up and switches off nothing of the sign-in (S-129)', async () => {
    const counting = openCounting();
    const { rateLimiter, countSend, requestBudget, ofAccount } = counting;
    const credential = 'app';
    for (let count = 0; count < 400; count += 1) {
      counting.advance(1800);
      await tries(counting, her, here, 'reset').catch(() => undefined);
      const attempt = { credential, purpose: 'reset' } as const;
      await rateLimiter.countSecondFactor('ada', attempt).catch(() => undefined);
      await countSend(counting.account(), number, 'reset').catch(() => undefined);
      await requestBudget.count(counting.account(), 'reset').catch(() => undefined);
      await requestBudget.pause(counting.account(), 'reset');
    }
    expect(Object.keys(ofAccount()).filter((key) => !key.startsWith('reset:'))).to.deep.equal([]);
    expect(ofAccount()['reset:credential:app']?.streak, 'switched off for resets').to.equal(100);
    const attempt = { credential, purpose: 'sign-in' } as const;
    const allowed = await Promise.all([
      refusal(tries(counting, her, here)),
      refusal(rateLimiter.countSecondFactor('ada', attempt)),
      refusal(countSend(counting.account(), number, 'sign-in')),
      refusal(requestBudget.count(counting.account(), 'sign-in')),
    ]);
    expect(allowed).to.deep.equal(times(4, undefined));
  }).timeout(20_000);

  it('opens again what strangers closed there, once its owner used it at a sign-in', () => {
    expect(clearedBy(['app'], here)).to.include('reset:credential:app');
    expect(clearedBy([], here)).not.to.include('reset:credential:app');
  });
});
