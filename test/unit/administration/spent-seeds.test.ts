import { expect } from 'chai';

import { vaultOf } from '../../../src/credentials/vault.ts';
import { secondsAfter } from '../../../src/lib/clock.ts';
import { createCrypt } from '../../../src/lib/crypt.ts';
import type { Account, Credential, SpentSeed } from '../../../src/models/account.ts';
import { afterSpent, seedsAfter } from '../../../src/administration/spent-seeds.ts';
import { memoryModels } from '../verification/memory-models.ts';
import { ada, crypt } from '../verification/rate-limits/counting.ts';

const SEED = 'KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU';
const OTHER = 'GE4D6NRYKZ2HQ3LBOJSWK5DVNZSWK3DP';
const noon = new Date('2026-11-22T12:00:00Z');

const at = (seconds: number, keys = crypt) => ({
  crypt: keys,
  clock: { now: () => secondsAfter(noon, seconds) },
});
const app = (id: string, { seed = SEED, lastStep = 0, owner = 'ada' } = {}): Credential => ({
  ...{ id, kind: 'app', version: 0, addedAt: noon },
  data: { seed: vaultOf(crypt, owner, id).seal(seed), lastStep },
});
const stepOf = ({ data }: Credential): number => (data as { lastStep: number }).lastStep;
const having = (...removed: Credential[]): Account =>
  removed.reduce<Account>(
    (account, one) => ({ ...account, spentSeeds: seedsAfter(account, one, at(0)) ?? [] }),
    ada,
  );

describe('A seed that was removed and is added anew (S-062)', () => {
  const left = having(app('old', { lastStep: 77 }));

  it('begins from its last step, for three minutes', () => {
    expect(stepOf(afterSpent(left, app('new'), at(179)))).to.equal(77);
    expect(stepOf(afterSpent(left, app('new'), at(180)))).to.equal(0);
  });

  it('keeps a later step that it brings along, as another house exported it', () => {
    expect(stepOf(afterSpent(left, app('new', { lastStep: 80 }), at(1)))).to.equal(80);
    expect(stepOf(afterSpent(left, app('new', { lastStep: 70 }), at(1)))).to.equal(77);
  });

  it('is told from other seeds, and is of this account alone', () => {
    expect(stepOf(afterSpent(left, app('new', { seed: OTHER }), at(1)))).to.equal(0);
    const bob = { ...left, _id: 'bob' };
    expect(stepOf(afterSpent(bob, app('new', { owner: 'bob' }), at(1)))).to.equal(0);
    expect(JSON.stringify(left.spentSeeds)).not.to.contain(SEED);
  });

  it('is known again with bits that no app takes, and after the keys were changed', () => {
    const spare = having(app('old', { seed: `${SEED}7`, lastStep: 77 }));
    expect(stepOf(afterSpent(spare, app('new'), at(1)))).to.equal(77);
    const keys = createCrypt(['a newer key, long enough', 'a key that is long enough for a test']);
    expect(stepOf(afterSpent(left, app('new'), at(1, keys)))).to.equal(77);
  });

  it('leaves nothing where it was never used, cannot be read, or is no app', () => {
    expect(seedsAfter(ada, app('old'), at(0))).to.deep.equal([]);
    const foreign = app('old', { owner: 'bob', lastStep: 7 });
    for (const one of [foreign, { ...foreign, data: 7 }, { ...foreign, kind: 'phone' }]) {
      expect(seedsAfter(ada, one, at(0))).to.equal(undefined);
      expect(afterSpent(left, one, at(0))).to.equal(one);
    }
  });

  it('is one of twenty at most, and goes when its time is over', () => {
    const many = having(...Array.from({ length: 25 }, (_, n) => app('old', { lastStep: n + 1 })));
    expect(many.spentSeeds?.map(({ lastStep }) => lastStep))
      .to.have.length(20)
      .and.include(25);
    expect(stepOf(afterSpent(many, app('new'), at(1)))).to.equal(25);
    expect(seedsAfter(many, app('old', { lastStep: 30 }), at(180))).to.have.length(1);
  });

  it('trusts nothing that somebody wrote there', () => {
    const digest = left.spentSeeds?.[0]?.digest;
    const until = secondsAfter(noon, 60);
    for (const spentSeeds of [
      ...['text', 7, {}, [undefined, 7], [{ digest, lastStep: '99', until }]],
      [{ digest, lastStep: 99, until: 'later' }],
    ]) {
      const damaged = { ...ada, spentSeeds: spentSeeds as readonly SpentSeed[] };
      expect(stepOf(afterSpent(damaged, app('new'), at(1)))).to.equal(0);
    }
  });
});

describe('The removal of an app', () => {
  it('is not done over a code that was used meanwhile, and leaves its step in the same write', async () => {
    const { accounts, directory } = memoryModels(async () => undefined);
    await accounts.create({ ...ada, credentials: [app('old')] });
    const remove = async (account: Account): Promise<boolean> => {
      const [held = expect.fail('no app')] = account.credentials;
      const spentSeeds = seedsAfter(account, held, at(0));
      return directory.removeCredential(account, 'old', { signedOutAt: noon, spentSeeds });
    };
    const read = async () => (await accounts.findById('ada')) ?? expect.fail('no account');
    const before = await read();
    const [unused = expect.fail('no app')] = before.credentials;
    await accounts.moveOn('ada', unused, { data: app('old', { lastStep: 77 }).data, at: noon });
    expect(await remove(before)).to.equal(false);
    expect(await remove(await read())).to.equal(true);
    const { credentials, spentSeeds = [] } = await read();
    expect(credentials).to.deep.equal([]);
    expect(spentSeeds.map(({ lastStep }) => lastStep)).to.deep.equal([77]);
  });
});
