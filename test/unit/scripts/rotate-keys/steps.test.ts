import { expect } from 'chai';

import {
  type History,
  nextOf,
  nextStep,
  ofJwks,
  ofSecrets,
} from '../../../../scripts/rotate-keys/steps.ts';
import { generateJwks } from '../../../../src/lib/jwks.ts';

const waits = { beforePromote: 100, beforeDrop: 1000 };

describe('rotate-keys steps', () => {
  const take = (step: string, keys: readonly string[], history: History, now: number) =>
    nextStep(step, { keys, history }, { rotation: ofSecrets, waits, now });

  const refused = (done: Promise<unknown>): Promise<string> =>
    done.then(
      () => 'not refused',
      (error: unknown) => (error as Error).message,
    );

  it('put a new key last, then first, then alone', async () => {
    const added = await take('add', ['old'], {}, 0);
    expect(added.keys[0]).to.equal('old');
    expect(added.keys).to.have.length(2);
    const [, fresh = ''] = added.keys;
    const promoted = await take('promote', added.keys, added.history, 100);
    expect(promoted.keys).to.deep.equal([fresh, 'old']);
    const dropped = await take('drop', promoted.keys, promoted.history, 1100);
    expect(dropped).to.deep.equal({ keys: [fresh], history: {} });
  });

  it('are refused out of order and too early', async () => {
    expect(await refused(take('promote', ['a'], {}, 0))).to.match(/add one first/);
    expect(await refused(take('drop', ['a', 'b'], { added: 0 }, 9999))).to.match(/promote it/);
    expect(await refused(take('add', ['a', 'b'], { added: 0 }, 9999))).to.match(/not over/);
    expect(await refused(take('promote', ['a', 'b'], { added: 0 }, 99))).to.match(/Not before/);
    const promoted = { added: 0, promoted: 100 };
    expect(await refused(take('promote', ['b', 'a'], promoted, 9999))).to.match(/add one first/);
    expect(await refused(take('drop', ['b', 'a'], promoted, 1099))).to.match(/Not before/);
    expect(await refused(take('frobnicate', ['a'], {}, 0))).to.match(/frobnicate/);
  });

  it('say what comes next, and when', () => {
    expect(nextOf({}, waits)).to.match(/^add/);
    expect(nextOf({ added: 0 }, waits)).to.contain('1970-01-01T00:01:40');
    expect(nextOf({ added: 0, promoted: 100 }, waits)).to.match(/^drop/);
  });

  it('change signing keys by generations: one for each algorithm', async () => {
    const old = await generateJwks();
    const added = await ofJwks.add(old);
    expect(added.keys.map(({ alg }) => alg)).to.deep.equal(['RS256', 'ES256', 'RS256', 'ES256']);
    const promoted = ofJwks.promote(added);
    expect(promoted.keys.slice(2)).to.deep.equal(old.keys);
    const dropped = ofJwks.drop(promoted);
    expect(dropped.keys.map(({ alg }) => alg)).to.deep.equal(['RS256', 'ES256']);
    expect(dropped.keys).to.deep.equal(added.keys.slice(2));
  });
});
