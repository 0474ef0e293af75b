import { expect } from 'chai';
import type { Locator } from 'playwright-core';

import { createAccounts } from '../../src/models/account.ts';
import { administrationOf } from '../support/administration.ts';
import { openDesk, type Tab } from '../support/browser.ts';
import { clock } from '../support/clock.ts';
import { appCode, people } from '../support/people.ts';
import { loseSecondSteps, newcomer, signOutAddress } from './walks.ts';

const { ada: ADA, bob: BOB } = people;

/** Playwright's own click waits for what the first one began; people do not. */
async function mouseOn({ page }: Tab, button: Locator): Promise<() => Promise<void>> {
  await button.scrollIntoViewIfNeeded();
  const box = await button.boundingBox();
  if (!box) throw new Error('there is no such button');
  return () => page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
}

/** Two ways of being impatient: at once, and while the first answer does not come. */
const twice: Readonly<Record<string, (tab: Tab, button: Locator) => Promise<void>>> = {
  async 'A double click'(tab, button) {
    const click = await mouseOn(tab, button);
    await tab.leads(async () => {
      await click();
      await click();
    });
  },

  async 'A second click while the first answer does not come'(tab, button) {
    const click = await mouseOn(tab, button);
    const taken = Promise.withResolvers<undefined>();
    await tab.page.route(
      () => true,
      async (route) => {
        // The house has answered, but the browser never hears of it.
        await route.fetch({ maxRedirects: 0 });
        taken.resolve(undefined);
      },
      { times: 1 },
    );
    await click();
    await taken.promise;
    await tab.leads(click);
  },
};

/**
 * Where both clicks lead. The answer to the second one may be a calm notice, or show the page
 * as it was a moment before the first one's work was done.
 */
async function expectPage(tab: Tab, page: string, shown = 'h1'): Promise<void> {
  const arrived = tab.page.locator(`main[data-page="${page}"] ${shown}`);
  for (let looks = 0; looks < 10 && (await arrived.count()) === 0; looks += 1) {
    if ((await tab.sees()) === 'problem') {
      await tab.leads(() => tab.page.locator('main a.primary').click());
    } else {
      await tab.reloads();
    }
  }
  expect(await arrived.count(), `${page} ${shown}, not ${await tab.reads()}`).to.equal(1);
}

/** Back at the app, or told that the sign-in is over; it, too, may be shown as it was before. */
async function expectEnd(tab: Tab, parameter: string): Promise<void> {
  for (let looks = 0; looks < 10 && (await tab.sees()).includes('sign-in/'); looks += 1) {
    await tab.opens(tab.page.url());
  }
  if ((await tab.sees()) === 'problem') {
    expect(await tab.reads()).to.match(/sign-in is over/i);
  } else {
    expect(tab.landed().searchParams.get(parameter)).to.be.a('string');
  }
}

for (const [title, pressTwice] of Object.entries(twice)) {
  describe(`${title} (R-30)`, () => {
    const desk = openDesk();

    /** Fills the form of an act and presses its button twice. */
    const saysTwice = async (tab: Tab, act: string, typed: Record<string, string> = {}) =>
      pressTwice(tab, await tab.fills(act, typed));

    it('identifies, takes a password and a right code once, and gets to the app', async () => {
      const ada = await desk.visitor();
      await ada.opens(await desk.house.shop.signIn());
      await saysTwice(ada, 'identify', { identifier: 'ada' });
      await expectPage(ada, 'methods/password/answer');
      await saysTwice(ada, 'answer', { password: ADA.password });
      await expectPage(ada, 'methods/code/answer');
      expect(await ada.page.locator('[role="alert"]').count(), 'no complaint').to.equal(0);
      await saysTwice(ada, 'answer', { code: appCode(ADA.seed) });
      await expectEnd(ada, 'code');
    });

    it('sends one text for a password', async () => {
      const bob = await desk.visitor();
      await bob.opens(await desk.house.shop.signIn());
      await bob.says('identify', { identifier: 'bob' });
      await saysTwice(bob, 'answer', { password: BOB.password });
      await expectPage(bob, 'methods/text/answer');
      expect(desk.house.carrier.texts).to.have.length(1);
      await bob.says('answer', { code: desk.house.carrier.lastCode(BOB.phone) });
      await expectEnd(bob, 'code');
    });

    it('sends one text for a choice, and one more for "Send again"', async () => {
      const ada = await desk.atSecondStep('ada');
      await saysTwice(ada, 'another-way');
      await expectPage(ada, 'sign-in/choose');
      await pressTwice(ada, ada.page.locator('form:has([value="text"]) button'));
      await expectPage(ada, 'methods/text/answer');
      expect(desk.house.carrier.texts).to.have.length(1);
      await ada.page.fill('[name="code"]', '12');
      await ada.page.click('.again button');
      expect(await ada.page.inputValue('[name="code"]'), 'too soon, and nothing lost').to.equal(
        '12',
      );
      expect(await ada.page.textContent('.again .hint')).to.match(/ask again in \d+ seconds/);
      clock.advance({ minutes: 2 });
      await ada.reloads();
      await saysTwice(ada, 'again');
      await expectPage(ada, 'methods/text/answer');
      expect(desk.house.carrier.texts).to.have.length(2);
    });

    it('adds one phone', async () => {
      await loseSecondSteps(desk.house, 'cleo');
      const cleo = await desk.atSecondStep('cleo');
      await saysTwice(cleo, 'enrol');
      await pressTwice(cleo, cleo.page.locator('form:has([value="text"]) button'));
      await expectPage(cleo, 'methods/text/add');
      await saysTwice(cleo, 'add', { country: 'DE', number: '0151 23456789' });
      await expectPage(cleo, 'methods/text/add', '[name="code"]');
      expect(desk.house.carrier.texts).to.have.length(1);
      await saysTwice(cleo, 'answer', { code: desk.house.carrier.lastCode('+4915123456789') });
      await expectPage(cleo, 'adding/recovery-codes');
      await saysTwice(cleo, 'saved');
      await expectEnd(cleo, 'code');
      const account = await createAccounts(desk.house.connection).findById('id-cleo');
      const kinds = account?.credentials.map(({ kind }) => kind);
      expect(kinds).to.deep.equal(['password', 'phone', 'recovery-codes']);
    });

    it('changes a password once', async () => {
      const { username, password, phone } = await newcomer(desk.house);
      await administrationOf(desk.house).passwords.requireChange(username);
      const dora = await desk.visitor();
      await dora.opens(await desk.house.shop.signIn());
      await dora.says('identify', { identifier: username });
      await dora.says('answer', { password });
      await dora.says('answer', { code: desk.house.carrier.lastCode(phone) });
      const other = 'paper boats at daybreak';
      await saysTwice(dora, 'new-password', { password: other });
      await expectEnd(dora, 'code');
      const account = await createAccounts(desk.house.connection).findByIdentifier(username);
      const [changed] = account?.credentials ?? [];
      expect(changed?.version, 'changes').to.equal(1);
    });

    it('gets back to the app from Cancel', async () => {
      const ada = await desk.atSecondStep('ada');
      await saysTwice(ada, 'cancel');
      await expectEnd(ada, 'error');
    });

    it('signs out, and gets back to the app', async () => {
      const ada = await desk.atSecondStep('ada');
      await ada.finishesWithCode();
      await ada.opens(await signOutAddress(desk.house));
      await saysTwice(ada, 'end/confirm');
      await ada.page.waitForURL('**/shop/bye');
    });

    it('allows an app once', async () => {
      const ada = await desk.atSecondStep('ada');
      await ada.finishesWithCode();
      await ada.opens(await desk.house.partner.signIn({ prompt: 'consent' }));
      await saysTwice(ada, 'consent');
      await expectEnd(ada, 'code');
    });
  });
}
