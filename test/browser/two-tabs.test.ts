import { expect } from 'chai';

import { openDesk, type Tab } from '../support/browser.ts';
import { clock } from '../support/clock.ts';
import { appCode, people } from '../support/people.ts';
import { signOutAddress } from './walks.ts';

const { ada: ADA, bob: BOB } = people;

describe('Two tabs of one browser (S-029)', () => {
  const desk = openDesk();

  /** How each method's page is reached, and what is right there. */
  const methods: Readonly<Record<string, (tab: Tab) => Promise<() => string>>> = {
    async code() {
      return () => appCode(ADA.seed);
    },
    async text(tab) {
      await tab.says('another-way');
      await tab.picks('choose', 'method', 'text');
      return () => desk.house.carrier.lastCode(ADA.phone);
    },
    async 'recovery-code'(tab) {
      await tab.says('another-way');
      await tab.picks('choose', 'method', 'recovery-code');
      return () => ADA.recoveryCodes[0];
    },
  };

  async function openSecondTab(first: Tab): Promise<Tab> {
    const second = await desk.tabOf(first);
    await second.opens(await desk.house.shop.signIn());
    return second;
  }

  for (const [method, reach] of Object.entries(methods)) {
    it(`sign in independently: the other one waits for ${method}`, async () => {
      const first = await desk.visitor();
      await first.opens(await desk.house.shop.signIn());
      const second = await openSecondTab(first);
      await first.identifies('ada');
      await second.identifies('ada');
      const rightCode = await reach(second);

      await first.finishesWithCode();
      expect(first.landed().searchParams.get('code')).to.be.a('string');
      await second.reloads();
      expect(await second.sees(), 'nothing was granted here').to.equal(`methods/${method}/answer`);

      clock.advance({ minutes: 1 });
      await second.says('answer', { code: rightCode() });
      if (method === 'recovery-code') await second.says('noted');
      const [one, two] = [first.landed(), second.landed()];
      expect(one.searchParams.get('code')).not.to.equal(two.searchParams.get('code'));
      const claims = await desk.house.shop.claims(two);
      expect(claims.sub).to.equal('id-ada');
    });
  }

  it('sign in independently: the other one waits for a password', async () => {
    const first = await desk.visitor();
    await first.opens(await desk.house.shop.signIn());
    const second = await openSecondTab(first);
    await second.says('identify', { identifier: 'ada' });
    await first.identifies('ada');
    await first.finishesWithCode();
    await second.reloads();
    expect(await second.sees()).to.equal('methods/password/answer');
    clock.advance({ minutes: 1 });
    await second.says('answer', { password: ADA.password });
    await second.finishesWithCode();
    expect(second.landed().searchParams.get('code')).to.be.a('string');
  });

  it('may hold two people, and each answer counts for one of them', async () => {
    const first = await desk.visitor();
    await first.opens(await desk.house.shop.signIn());
    const second = await openSecondTab(first);
    await first.identifies('ada');
    await second.identifies('bob');
    await first.finishesWithCode();
    expect((await desk.house.shop.claims(first.landed())).sub).to.equal('id-ada');
    await second.says('answer', { code: desk.house.carrier.lastCode(BOB.phone) });
    await second.page.waitForURL('http://127.0.0.1:4999/**');
    expect((await desk.house.shop.claims(second.landed())).sub).to.equal('id-bob');
  });

  it('both get back to the app when both sign out', async () => {
    const first = await desk.atSecondStep('ada');
    await first.finishesWithCode();
    const second = await desk.tabOf(first);
    for (const tab of [first, second]) await tab.opens(await signOutAddress(desk.house));
    for (const tab of [second, first]) {
      await tab.says('end/confirm');
      await tab.page.waitForURL('**/shop/bye');
    }
  });

  it('on one sign-in show that it is over in the tab that comes too late', async () => {
    const first = await desk.atSecondStep('ada');
    const second = await desk.tabOf(first);
    await second.opens(first.page.url());
    await first.finishesWithCode();
    await second.says('answer', { code: appCode(ADA.seed) });
    expect(await second.sees()).to.equal('problem');
    expect(await second.reads()).to.match(/sign-in is over/i);
    await second.leads(() => second.page.locator('footer a').click());
    expect(await second.sees()).to.equal('help');
  });
});
