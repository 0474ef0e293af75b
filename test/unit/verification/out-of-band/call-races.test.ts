/**
 * What happens at the same moment as the digits of a call, in every order.
 */
import { expect } from 'chai';

import type { Challenge } from '../../../../src/models/challenge.ts';
import { createDoor } from '../../../../src/verification/door.ts';
import { inEveryOrder } from '../every-order.ts';
import { openWorld, withoutPauses, type World } from '../memory-door.ts';
import { ada, from, noon, question, signIn } from '../memory-people.ts';
import { here, limits } from '../rate-limits/counting.ts';

const RIGHT = '47';
const called: Challenge = {
  ...{ ...question('call', 'phone'), sends: true, attemptsLeft: 1 },
  ...{ memo: { number: RIGHT }, elsewhere: { device: 'phone', shows: {} } },
};

type Said = { readonly keys: string } | { readonly ended: string };

/** As the provider tells it, to whichever process. */
const tells = (world: World, said: Said) => async (): Promise<unknown> =>
  createDoor(world.deps).answerOutOfBand({
    ...{ method: 'call', credential: 'phone', challenge: called.id, form: { ...said } },
    ...{ place: here, from },
  });

const turnsAway = (world: World) => async (): Promise<unknown> => {
  const flow = await world.flow();
  const facts = { ...flow.facts, choosing: true } as const;
  return (await world.flows.record(flow, { facts, challenge: undefined })) ? 'turned' : undefined;
};

const byPhone = async (world: World): Promise<number> =>
  (await world.flow()).proofs.filter(({ method }) => method === 'call').length;

describe('The digits of a call', () => {
  withoutPauses();

  const together: Readonly<Record<string, readonly Said[]>> = {
    'the same ones again': [{ keys: RIGHT }, { keys: RIGHT }],
    'other ones': [{ keys: RIGHT }, { keys: '11' }],
    'that it was hung up': [{ keys: RIGHT }, { ended: 'hung-up' }],
    'that nobody answered, and again': [{ keys: RIGHT }, { ended: 'unanswered' }, { keys: RIGHT }],
  };
  for (const [what, all] of Object.entries(together)) {
    it(`prove something once at most, beside ${what}`, () =>
      inEveryOrder(async () => {
        const world = await openWorld(ada, signIn(called));
        return {
          calls: all.map((said) => tells(world, said)),
          async check(results: readonly unknown[]) {
            const passed = results.filter((result) => result === 'passed');
            expect(passed.length).to.be.at.most(1);
            expect(await byPhone(world)).to.equal(passed.length);
            // Whoever asks again hears what became of it, in whatever order it came.
            const { answered, challenge } = await world.flow();
            if (passed.length > 0) expect(answered?.outcome).to.equal('passed');
            else expect(challenge).to.include({ attemptsLeft: 0 }).and.to.have.property('failure');
          },
        };
      }));
  }

  it('prove nothing to who has turned the page', () =>
    inEveryOrder(async () => {
      const world = await openWorld(ada, signIn(called));
      return {
        calls: [tells(world, { keys: RIGHT }), turnsAway(world)],
        async check(results: readonly unknown[]) {
          const { challenge } = await world.flow();
          const isTurned = results.includes('turned');
          expect(await byPhone(world)).to.equal(results.includes('passed') ? 1 : 0);
          if (isTurned && !results.includes('passed')) expect(challenge).to.equal(undefined);
        },
      };
    }));

  it('cost a try when they are wrong, and none when nobody pressed any', async () => {
    const tries = async (world: World): Promise<number> =>
      (await world.ada()).attempts.tallies['second-factor']?.streak ?? 0;
    const wrong = await openWorld(ada, signIn(called));
    expect(await tells(wrong, { keys: '11' })()).to.equal('wrong-answer');
    expect(await tries(wrong)).to.equal(1);
    const nobody = await openWorld(ada, signIn(called));
    expect(await tells(nobody, { ended: 'busy' })()).to.equal('unanswered');
    expect(await tries(nobody)).to.equal(0);
  });

  it('say that the call is over to whom too many tries keep waiting', async () => {
    const { most } = limits.secondFactor.inAll;
    const times = Array.from({ length: most }, () => noon);
    const tallies = { 'second-factor': { times, streak: most } };
    const world = await openWorld(ada, signIn(called));
    await world.accounts.countAttempts(await world.ada(), tallies);
    const refused: unknown = await tells(world, { keys: RIGHT })().catch((error: unknown) => error);
    expect(refused).to.have.property('code', 'too-many-tries');
    expect((await world.flow()).challenge).to.include({ failure: 'too-many-tries' });
    expect(await byPhone(world)).to.equal(0);
  });
});
