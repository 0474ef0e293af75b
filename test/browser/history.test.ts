import { expect } from 'chai';

import { openDesk, type Tab } from '../support/browser.ts';
import { clock } from '../support/clock.ts';
import { countOf } from '../support/in-page.ts';
import { appCode, people } from '../support/people.ts';
import { signIns } from './walks.ts';

describe('Back, reload and forward (S-028, R-29, C-61)', () => {
  const desk = openDesk();

  /** Every page has something to go on with. */
  async function expectWayOn(tab: Tab): Promise<void> {
    const ways = await countOf(tab.page, 'main :is(button, a[href]), footer a[href]');
    expect(ways, await tab.reads()).to.be.greaterThan(0);
  }

  for (const [title, walk] of Object.entries(signIns)) {
    it(`neither grant nor strand anybody: ${title}`, async () => {
      const { house } = desk;
      const tab = await desk.visitor();
      // An app to come from, as in life.
      await tab.page.goto('http://127.0.0.1:4999/shop/');
      await walk(desk, tab, async (state) => {
        const [page, before] = [state.split(',')[0], house.carrier.texts.length];
        const moves = [
          () => tab.page.reload(),
          () => tab.page.goBack(),
          () => tab.page.goForward(),
          () => tab.page.goBack(),
          () => tab.page.goForward(),
        ];
        for (const move of moves) {
          const answer = await move();
          expect(answer?.status()).to.be.below(500);
          if (answer?.url().startsWith(house.issuer)) await expectWayOn(tab);
        }
        expect(await tab.sees()).to.equal(page);
        expect(house.carrier.texts, 'texts sent').to.have.length(before);
      });
      const landed = tab.landed().href;
      expect(landed).to.contain('code=');

      await tab.goesBack();
      expect(await tab.sees(), 'what is over stays over').to.equal('problem');
      await expectWayOn(tab);
      await tab.page.goForward();
      expect(tab.page.url(), 'and no other code is handed out').to.equal(landed);
    });
  }

  it('show what is current when a form of an older page is sent again', async () => {
    const ada = await desk.visitor();
    await ada.opens(await desk.house.partner.signIn({ prompt: 'consent' }));
    await ada.identifies('ada');
    const older = await desk.tabOf(ada);
    await older.opens(ada.page.url());
    await ada.says('answer', { code: appCode(people.ada.seed) });
    await older.says('answer', { code: '000000' });
    expect(await older.sees()).to.equal('sign-in/consent');
    await older.says('consent');
    expect(older.landed().searchParams.get('code')).to.be.a('string');
  });

  it('send a refused answer again to no other end', async () => {
    const ada = await desk.atSecondStep('ada');
    for (let tries = 0; tries < 5; tries += 1) await ada.says('answer', { code: '000000' });
    await ada.says('another-way');
    await ada.picks('choose', 'method', 'code');
    for (let tries = 0; tries < 5; tries += 1) await ada.says('answer', { code: '000000' });
    await ada.says('another-way');
    await ada.picks('choose', 'method', 'code');
    await ada.says('answer', { code: appCode(people.ada.seed) });
    expect(await ada.sees()).to.equal('problem');
    // A form is good for one attempt, so sending it again shows what is current.
    await ada.reloads();
    expect(await ada.sees()).to.equal('methods/code/answer');
  });

  it('ask for the answer of a restored tab as if it had never been closed', async () => {
    const ada = await desk.atSecondStep('ada');
    const address = ada.page.url();
    const restored = await desk.tabOf(ada);
    await ada.page.close();
    clock.advance({ minutes: 5 });
    await restored.opens(address);
    expect(await restored.sees()).to.equal('methods/code/answer');
    await restored.finishesWithCode();
    expect(restored.landed().searchParams.get('code')).to.be.a('string');
  });

  it('lead back to the start when a tab is restored too late', async () => {
    const ada = await desk.atSecondStep('ada');
    const restored = await desk.tabOf(ada);
    clock.advance({ minutes: 11 });
    await restored.opens(ada.page.url());
    expect(await restored.sees()).to.equal('sign-in/expired');
    await restored.says('restart');
    expect(await restored.sees()).to.equal('sign-in/identify');
  });
});
