/**
 * A process that is killed in the midst of a removal or of its undoing, before any of its steps: the
 * method is there, or it is sealed and can come back; never both, and never neither.
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

describe('A crash while a method goes or comes back', () => {
  withoutPauses();

  const phone = { account: 'ada', credential: 'phone', session: 'Session:s', from };

  const actsIn = (world: World) => {
    const deps = { ...world.deps, directory: world.directory, crypt };
    const remove = createRemove({
      ...{ ...deps, least: () => acr.mfa, seedsAfter: () => undefined },
      noteRemoved: async () => undefined,
    });
    const restore = createRestore(deps);
    return {
      remove: () => remove(phone),
      restore: () => restore({ ...phone, isProved: true }),
    };
  };

  async function places(world: World): Promise<readonly string[]> {
    const { credentials, removedCredentials = [] } = await world.ada();
    const isIt = ({ id }: { readonly id: string }): boolean => id === 'phone';
    return [
      ...credentials.filter(isIt).map(() => 'held'),
      ...removedCredentials.filter(isIt).map(() => 'sealed'),
    ];
  }

  it('leaves it in one place, and whoever goes on ends where they wanted', () =>
    inEveryOrder(async () => {
      const world = await openWorld(ada);
      const { remove, restore } = actsIn(world);
      return {
        calls: [remove],
        isMortal: true,
        async check() {
          expect(await places(world)).to.have.length(1);
          await remove();
          expect(await places(world)).to.deep.equal(['sealed']);
          await restore();
          expect(await places(world)).to.deep.equal(['held']);
        },
      };
    }));

  it('loses nothing on the way back, and brings it back once', () =>
    inEveryOrder(async () => {
      const world = await openWorld(ada);
      const { remove, restore } = actsIn(world);
      await remove();
      return {
        calls: [restore],
        isMortal: true,
        async check() {
          expect(await places(world)).to.have.length(1);
          await restore();
          expect(await places(world)).to.deep.equal(['held']);
        },
      };
    }));

  it('says so where it is somebody else’s by now, or sealed with a key that is gone', async () => {
    const world = await openWorld(ada);
    await actsIn(world).remove();
    const deps = { ...world.deps, crypt };
    const taken = Object.assign(new Error('duplicate key'), { code: 11_000 });
    const restoreCredential = () => Promise.reject(taken);
    const told = async (more: object) => {
      const restore = createRestore({ ...deps, ...more });
      const said = await restore({ ...phone, isProved: true }).catch((error: unknown) => error);
      return said instanceof Problem ? said.code : said;
    };
    const accounts = { ...world.deps.accounts, restoreCredential };
    expect(await told({ accounts })).to.equal('restore-clashes');
    const open = () => {
      throw new Error('sealed with a key that is not here');
    };
    expect(await told({ crypt: { open } })).to.equal('restore-over');
    expect(await places(world)).to.deep.equal(['sealed']);
  });
});
