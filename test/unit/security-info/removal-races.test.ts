/**
 * Removals at the same moment, in every order that their steps can take (S-113, S-114).
 */
import { expect } from 'chai';

import { acr } from '../../../src/assurance/proof.ts';
import { Problem } from '../../../src/lib/problem.ts';
import { createRemove } from '../../../src/security-info/remove.ts';
import { createRestore } from '../../../src/security-info/restore.ts';
import { inEveryOrder } from '../verification/every-order.ts';
import { openWorld, withoutPauses, type World } from '../verification/memory-door.ts';
import { ada, from } from '../verification/memory-people.ts';
import { crypt } from '../verification/rate-limits/counting.ts';

const LEAST = { everyone: acr.mfa, 'when-asked': acr.pwd };

describe('Removing methods at the same moment', () => {
  withoutPauses();

  /** As a process of its own has it. */
  const removerIn = (world: World, twoSteps: keyof typeof LEAST) => {
    const remove = createRemove({
      ...world.deps,
      directory: world.directory,
      crypt,
      least: () => LEAST[twoSteps],
      seedsAfter: () => undefined,
      noteRemoved: async () => undefined,
    });
    return (credential: string) =>
      remove({ account: 'ada', credential, session: 'Session:s', from });
  };

  const idsOf = async (world: World) => (await world.ada()).credentials.map(({ id }) => id);

  it('leaves one of the last two where policy needs one, whoever is quicker', () =>
    inEveryOrder(async () => {
      const world = await openWorld(ada);
      const remove = removerIn(world, 'everyone');
      return {
        calls: [() => remove('app'), () => remove('phone')],
        async check(results) {
          const refused = results.filter((result) => result instanceof Problem);
          expect(refused.map(({ code }) => code)).to.deep.equal(['method-needed']);
          const left = (await idsOf(world)).filter((id) => ['app', 'phone'].includes(id));
          expect(left).to.have.length(1);
        },
      };
    }));

  it('takes both where policy needs neither', () =>
    inEveryOrder(async () => {
      const world = await openWorld(ada);
      const remove = removerIn(world, 'when-asked');
      return {
        calls: [() => remove('app'), () => remove('phone')],
        async check() {
          expect(await idsOf(world)).to.deep.equal(['password', 'paper']);
          expect((await world.ada()).removedCredentials).to.have.length(2);
        },
      };
    }));

  it('removes one once, and tells the second that it is gone', () =>
    inEveryOrder(async () => {
      const world = await openWorld(ada);
      const remove = removerIn(world, 'everyone');
      return {
        calls: [() => remove('phone'), () => remove('phone')],
        async check(results) {
          const methods = results.map((done) => (done && 'method' in done ? done.method : 'none'));
          expect(methods.toSorted()).to.deep.equal(['none', 'text']);
          expect((await world.ada()).removedCredentials).to.have.length(1);
        },
      };
    }));

  for (const [beside, left] of [
    ['it comes back in another tab', ['password', 'paper', 'app', 'phone']],
    ['another goes', ['password', 'paper', 'phone']],
  ] as const) {
    it(`brings one back, once, while ${beside}`, () =>
      inEveryOrder(async () => {
        const world = await openWorld(ada);
        const remove = removerIn(world, 'when-asked');
        const restore = createRestore({ ...world.deps, crypt });
        const back = () =>
          restore({
            ...{ account: 'ada', credential: 'phone', session: 'Session:s' },
            from,
            isProved: true,
          });
        await remove('phone');
        return {
          calls: [back, left.length > 3 ? back : () => remove('app')],
          async check(results) {
            expect(results.filter((result) => result instanceof Problem)).to.deep.equal([]);
            expect(await idsOf(world)).to.have.members([...left]);
          },
        };
      }));
  }
});
