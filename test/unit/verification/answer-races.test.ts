import { expect } from 'chai';

import type { Problem } from '../../../src/lib/problem.ts';
import type { Challenge } from '../../../src/models/challenge.ts';
import type { Answered } from '../../../src/verification/settle.ts';
import { secondsAfter } from '../../../src/lib/clock.ts';
import { atOnce, inEveryOrder } from './every-order.ts';
import { openWorld, withoutPauses, type World } from './memory-door.ts';
import * as people from './memory-people.ts';

const { ada, code, formOf, noon, question, recoveryCode, signIn, textedCode, wrongCode } = people;

const byCode = question('code', 'app');
const byText = question('text', 'phone');
const byPaper = question('recovery-code', 'paper');

type Result = Answered | Problem | undefined;

/** What was said of an answer; undefined where nothing was looked at, as of a second click. */
const outcomeOf = (result: Result): unknown => result && 'outcome' in result && result.outcome;
const passedOf = (results: readonly Result[]) =>
  results.filter((result) => outcomeOf(result) === 'passed');

const secondProofs = async (world: World, uid?: string) =>
  (await world.flow(uid)).proofs.filter(({ factor }) => factor === 'possession');

/** Tries at a second factor that the account knows of. */
const tries = async (world: World): Promise<number> =>
  (await world.ada()).attempts.tallies['second-factor']?.streak ?? 0;

const held = async (world: World, id: string) =>
  (await world.ada()).credentials.find((credential) => credential.id === id);

describe('Answers at the same moment', () => {
  withoutPauses();

  for (const [what, asked, typed] of [
    ['a code of an app', byCode, code],
    ['a recovery code', byPaper, recoveryCode],
  ] as const) {
    it(`prove something once, of two sign-ins with ${what} (S-030, C-50)`, () =>
      inEveryOrder(async () => {
        const flows = [signIn(asked), signIn(asked, { _id: 'other' })];
        const world = await openWorld(ada, ...flows);
        return {
          calls: flows.map((flow) => () => world.answers(formOf(flow, typed), flow._id)),
          async check(results) {
            expect(passedOf(results)).to.have.length(1);
            const proofs = [await secondProofs(world), await secondProofs(world, 'other')];
            expect(proofs.flat()).to.have.length(1);
            const used = await held(world, asked.credential);
            expect(used?.version, 'used').to.equal(1);
            if (asked === byPaper) expect(used?.data).to.have.property('digests').with.length(1);
            expect(await tries(world)).to.equal(2);
          },
        };
      }));
  }

  /** The answers to one question: what is typed, and how many attempts their page had seen. */
  const together: [title: string, asked: Challenge, answers: [typed: string, spent: number][]][] = [
    ['the same form, sent three times', byCode, [[code, 0], [code, 0], [code, 0]]], // prettier-ignore
    [
      'a right one from a newer page',
      byText,
      [
        [textedCode, 0],
        [textedCode, 1],
      ],
    ],
    [
      'a wrong one on the same form',
      byText,
      [
        [textedCode, 0],
        [wrongCode, 0],
      ],
    ],
    [
      'a wrong one from a newer page',
      byCode,
      [
        [code, 0],
        [wrongCode, 1],
      ],
    ],
    [
      'a wrong one from an older page',
      byCode,
      [
        [wrongCode, 0],
        [code, 1],
      ],
    ],
    [
      'nothing but wrong ones',
      byText,
      [
        [wrongCode, 0],
        [wrongCode, 1],
      ],
    ],
  ];
  for (const [title, asked, answers] of together) {
    it(`prove something once at most, and each costs one try and one attempt: ${title}`, () =>
      inEveryOrder(async () => {
        const flow = signIn(asked);
        const world = await openWorld(ada, flow);
        return {
          calls: answers.map(
            ([typed, spent]) =>
              () =>
                world.answers(formOf(flow, typed, spent)),
          ),
          async check(results) {
            const looked = world.judged.length;
            expect(looked).to.be.within(1, new Set(answers.map(([, spent]) => spent)).size);
            expect(await tries(world)).to.equal(looked);
            const passed = passedOf(results);
            expect(await secondProofs(world)).to.have.length(passed.length);
            expect(passed).to.have.length.at.most(1);
            for (const [at, [typed]] of answers.entries()) {
              if (typed === wrongCode) expect(outcomeOf(results[at])).not.to.equal('passed');
            }
            const { challenge } = await world.flow();
            if (passed.length > 0) expect(challenge).to.equal(undefined);
            else expect(challenge?.attemptsLeft).to.equal(5 - looked);
          },
        };
      }));
  }

  it('take one request to the phone back for its code, however often it is sent (S-095)', () =>
    inEveryOrder(async () => {
      const [first, second] = [secondsAfter(noon, -60), secondsAfter(noon, -30)];
      const tallies = { approvals: { times: [first, second], streak: 2 } };
      const flow = signIn({ ...byCode, requestedAt: first });
      const world = await openWorld(ada, flow);
      await world.accounts.countAttempts(await world.ada(), tallies);
      return {
        calls: [
          () => world.answers(formOf(flow, code)),
          () => atOnce(() => world.answers(formOf(flow, code, 1))),
        ],
        async check() {
          const { approvals } = (await world.ada()).attempts.tallies;
          expect(approvals).to.deep.equal({ times: [second], streak: 1 });
        },
      };
    }));

  it('are not looked at once the question is too old', async () => {
    const flow = signIn(byCode);
    const world = await openWorld(ada, flow);
    world.advance(240);
    expect(await world.answers(formOf(flow, code))).to.equal(undefined);
    expect([await tries(world), await world.flow()]).to.deep.equal([0, flow]);
  });

  /** What an administrator does meanwhile, and whether whoever answers after it may be right. */
  type End = (world: World, now: Date) => Promise<unknown>;
  const ends: Record<string, [isRightAfter: boolean, end: End]> = {
    'its credential is removed': [
      false,
      async (world, now) =>
        world.directory.removeCredential(await world.ada(), 'app', { signedOutAt: now }),
    ],
    'the account is disabled': [
      false,
      async (world, now) =>
        world.directory.change(await world.ada(), { disabledAt: now, signedOutAt: now }),
    ],
    'the person is signed out everywhere': [
      true,
      ({ directory }, now) => directory.signOut('ada', { signedOutAt: now }),
    ],
  };
  for (const [what, [isRightAfter, end]] of Object.entries(ends)) {
    it(`count for nothing, or are from before, where ${what}`, () =>
      inEveryOrder(async () => {
        const flow = signIn(byCode);
        const world = await openWorld(ada, flow);
        return {
          calls: [
            () => world.answers(formOf(flow, code)),
            () => atOnce(() => end(world, world.clock.now()).then(() => undefined)),
          ],
          async check([answered]) {
            const [proof] = await secondProofs(world);
            const isPassed = outcomeOf(answered) === 'passed';
            expect(proof !== undefined).to.equal(isPassed);
            const { signedOutAt } = await world.ada();
            const isAfter =
              answered && 'account' in answered && answered.account.signedOutAt !== undefined;
            if (isAfter) expect(isPassed).to.equal(isRightAfter);
            else if (proof) expect(proof.at).to.be.below(signedOutAt ?? proof.at);
          },
        };
      }));
  }
});
