import { expect } from 'chai';

import { type Account, standIn } from '../../../src/models/account.ts';
import { type Disowning, isDisowned } from '../../../src/models/disowned.ts';
import { memoryModels } from '../verification/memory-models.ts';

const now = new Date('2026-11-22T12:00:00Z');
const later = new Date('2026-11-25T12:00:00Z');
const credential = (id: string) => ({ ...{ id, kind: 'app', data: {}, version: 3 }, addedAt: now });
const removed = {
  ...{ id: 'gone', kind: 'phone', version: 1, addedAt: now, sealed: 's', session: 'r' },
  ...{ removedAt: now, erasedAt: later },
};

const disowning: Disowning = {
  ...{ event: 'e1', until: later, now, suspends: [], needsNewPassword: false },
};

describe('A change that its owner disowns', () => {
  async function holding(more: object = {}) {
    const models = memoryModels(async () => undefined);
    const account = {
      ...standIn,
      credentials: [credential('a'), credential('b'), credential('c')],
      removedCredentials: [removed],
      ...more,
    } as Account;
    await models.accounts.create(account);
    const stored = async () => {
      const found = await models.accounts.findById(account._id);
      return found ?? expect.fail('the account is gone');
    };
    return { ...models, stored };
  }

  it('signs out, and is remembered until its link is over', async () => {
    const { accounts, stored } = await holding({ trustedBrowsers: [{ id: 't' }] });
    expect(await accounts.disown(await stored(), disowning)).to.equal(true);
    const after = await stored();
    expect(after.signedOutAt).to.deep.equal(now);
    expect(after).not.to.have.any.keys('trustedBrowsers', 'passwordChangeDueAt');
    expect(['e1', 'e2'].map((event) => isDisowned(after, event))).to.deep.equal([true, false]);
    const next = { ...disowning, event: 'e2', now: later };
    expect(await accounts.disown(after, next)).to.equal(true);
    expect((await stored()).disowned?.map(({ event }) => event)).to.deep.equal(['e2']);
  });

  it('suspends what it names and nothing else, and contests the same way', async () => {
    const { accounts, stored } = await holding();
    const whole = { ...disowning, suspends: ['a', 'c'], contests: 'gone', needsNewPassword: true };
    await accounts.disown(await stored(), whole);
    const { credentials, removedCredentials, passwordChangeDueAt } = await stored();
    expect(credentials.map(({ id, version, suspendedAt }) => [id, version, suspendedAt])).to.deep.equal([
      ['a', 4, now],
      ['b', 3, undefined],
      ['c', 4, now],
    ]); // prettier-ignore
    expect(removedCredentials?.map(({ contestedAt }) => contestedAt)).to.deep.equal([now]);
    expect(passwordChangeDueAt).to.deep.equal(now);
  });

  it('is written once, over the account as it was read', async () => {
    const { accounts, stored } = await holding({ disowned: 'rubbish' });
    const read = await stored();
    const both = [1, 2].map(() => accounts.disown(read, { ...disowning, suspends: ['a'] }));
    expect((await Promise.all(both)).toSorted()).to.deep.equal([false, true]);
    expect((await stored()).disowned).to.have.length(1);
  });

  it('lets no answer in that was asked for before', async () => {
    const { accounts, stored } = await holding();
    const read = await stored();
    await accounts.disown(read, { ...disowning, suspends: ['a'] });
    const held = { id: 'a', version: 3 };
    expect(await accounts.moveOn(read._id, held, { data: {} })).to.equal(false);
  });

  it('is lifted once, as it was suspended and read', async () => {
    const { accounts, stored } = await holding();
    await accounts.disown(await stored(), { ...disowning, suspends: ['a'] });
    const read = await stored();
    const held = { id: 'a', version: 4 };
    expect(await accounts.lift(read, { id: 'b', version: 3 })).to.equal(false);
    expect(await accounts.lift(read, { id: 'a', version: 3 })).to.equal(false);
    const both = [1, 2].map(() => accounts.lift(read, held));
    expect((await Promise.all(both)).toSorted()).to.deep.equal([false, true]);
    const [after] = (await stored()).credentials;
    expect(after).to.include({ id: 'a', version: 5 }).and.not.to.have.property('suspendedAt');
  });

  it('holds no more for what is made anew', async () => {
    const { accounts, directory, stored } = await holding();
    await accounts.disown(await stored(), { ...disowning, suspends: ['a', 'b'] });
    const read = await stored();
    const anew = { data: {}, isMadeAnew: true };
    expect(await accounts.moveOn(read._id, { id: 'a', version: 4 }, anew)).to.equal(true);
    const held = read.credentials[1] ?? expect.fail('no credential');
    await directory.replaceCredential(read, held, { data: {}, signedOutAt: now });
    const suspended = (await stored()).credentials.filter(({ suspendedAt }) => suspendedAt);
    expect(suspended).to.deep.equal([]);
  });
});
