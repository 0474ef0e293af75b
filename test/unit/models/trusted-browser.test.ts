import { expect } from 'chai';

import { type Account, standIn } from '../../../src/models/account.ts';
import {
  MOST_TRUSTED_BROWSERS,
  type TrustedBrowser,
  trustedIn,
} from '../../../src/models/trusted-browser.ts';
import { memoryModels } from '../verification/memory-models.ts';

const now = new Date('2026-11-22T12:00:00Z');
const days = (count: number): Date => new Date(now.getTime() + count * 86_400_000);
const browser = (id: string, more: Partial<TrustedBrowser> = {}): TrustedBrowser => ({
  ...{ id, number: 1, browser: 'Firefox, Windows' },
  ...{ provedAt: days(-5), lastUsedAt: days(-1), until: days(25) },
  ...more,
});
const place = { network: 'n', browser: 'b', at: now, cleared: [] };

describe('The browsers that an account trusts', () => {
  const rows: readonly (readonly [string, object, number, boolean])[] = [
    ['as it was promised', {}, 30, true],
    ['with fewer days by now', {}, 6, true],
    ['with too few days by now', {}, 5, false],
    ['where policy trusts none', {}, 0, false],
    ['over', { trustedBrowsers: [browser('a', { until: now })] }, 365, false],
    ['from before a sign-out', { signedOutAt: days(-5) }, 30, false],
    ['from after a sign-out', { signedOutAt: days(-6) }, 30, true],
    ['no list', { trustedBrowsers: 'rubbish' }, 30, false],
    ['nothing at all', { trustedBrowsers: undefined }, 30, false],
    ['among rubbish', { trustedBrowsers: [null, 7, {}, browser('a')] }, 30, true],
    ['with rubbish in it', { trustedBrowsers: [{ ...browser('a'), number: 'x' }] }, 30, false],
  ];
  for (const [title, stored, count, isGood] of rows) {
    it(`${isGood ? 'are' : 'are not'} those: ${title}`, () => {
      const account = { trustedBrowsers: [browser('a')], ...stored };
      const good = trustedIn(account, { now, days: count }).map(({ id }) => id);
      expect(good).to.deep.equal(isGood ? ['a'] : []);
    });
  }

  async function holding(trustedBrowsers: unknown, more: object = {}) {
    const { accounts } = memoryModels(async () => undefined);
    const account = { ...standIn, ...more, trustedBrowsers } as Account;
    await accounts.create(account);
    const stored = async () =>
      (await accounts.findById(account._id))?.trustedBrowsers?.map(({ id, number }) => [
        id,
        number,
      ]);
    return { accounts, account: { ...account, known: standIn.known }, stored };
  }

  it('are used once by each number, and only while nobody was signed out or disabled', async () => {
    const { accounts, account, stored } = await holding([browser('a'), browser('b')]);
    const uses = { uses: { id: 'b', number: 1 }, isRaised: true };
    const both = [1, 2].map(() => accounts.signedIn(account, { ...place, trust: uses }));
    expect(await Promise.all(both)).to.have.members([true, false]);
    expect(await stored()).to.deep.equal([['a', 1], ['b', 2]]); // prettier-ignore
    const again = { uses: { id: 'b', number: 2 }, isRaised: false };
    expect(await accounts.signedIn(account, { ...place, trust: again })).to.equal(true);
    expect(await stored()).to.deep.equal([['a', 1], ['b', 2]]); // prettier-ignore
    for (const change of [{ disabledAt: now }, { signedOutAt: now }]) {
      const late = await holding([browser('b')], change);
      const used = late.accounts.signedIn(account, { ...place, trust: uses });
      expect(await used).to.equal(false);
      expect(await late.stored()).to.deep.equal([['b', 1]]);
    }
  });

  it('are ten at most, of which those that were used last stay', async () => {
    const ten = Array.from({ length: MOST_TRUSTED_BROWSERS }, (_, at) =>
      browser(`${at}`, { lastUsedAt: days(at === 0 ? -1 : -20 + at) }),
    );
    const { accounts, account, stored } = await holding(ten);
    const begins = browser('new', { lastUsedAt: now });
    await accounts.signedIn(account, { ...place, trust: { begins } });
    const ids = (await stored())?.map(([id]) => id);
    expect(ids).to.have.length(MOST_TRUSTED_BROWSERS).and.include.members(['new', '0']);
    expect(ids).not.to.include('1');
  });

  it('take the place of the one that they replace, or their own where it is gone', async () => {
    const { accounts, account, stored } = await holding([browser('a'), browser('b')]);
    const trust = { begins: browser('new'), replaces: 'a' };
    expect(await accounts.signedIn(account, { ...place, trust })).to.equal(true);
    expect(await stored()).to.deep.equal([['new', 1], ['b', 1]]); // prettier-ignore
    const late = { begins: browser('late'), replaces: 'a' };
    expect(await accounts.signedIn(account, { ...place, trust: late })).to.equal(true);
    expect((await stored())?.map(([id]) => id)).to.have.members(['new', 'b', 'late']);
  });

  it('mend what somebody damaged', async () => {
    const { accounts, account, stored } = await holding('rubbish');
    await accounts.signedIn(account, { ...place, trust: { begins: browser('new') } });
    expect(await stored()).to.deep.equal([['new', 1]]);
  });

  it('are ended once', async () => {
    const { accounts, account, stored } = await holding([browser('a'), browser('b')]);
    expect(await accounts.endTrust(account._id, ['a'])).to.equal(true);
    expect(await accounts.endTrust(account._id, ['a'])).to.equal(false);
    expect(await accounts.endTrust(account._id, [])).to.equal(false);
    expect(await stored()).to.deep.equal([['b', 1]]);
  });
});
