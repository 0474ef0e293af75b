import { expect } from 'chai';

import { openDesk } from '../support/browser.ts';
import { accounts } from './account-walks.ts';
import { signIns, signOuts } from './walks.ts';

describe('A browser without script (S-200)', () => {
  const desk = openDesk();

  for (const [title, walk] of Object.entries({ ...signIns, ...signOuts, ...accounts })) {
    it(`sees the same pages: ${title}`, async () => {
      const tab = await desk.visitor({ javaScriptEnabled: false });
      const states: string[] = [];
      await walk(desk, tab, async (state) => {
        states.push(state);
        expect(await tab.sees()).to.equal(state.split(',')[0]);
      });
      expect(states).not.to.have.length(0);
    });
  }

  it('is spoken to in the language that was chosen', async () => {
    const ada = await desk.visitor({ javaScriptEnabled: false });
    await ada.opens(await desk.house.shop.signIn());
    const { pathname } = new URL(ada.page.url());
    await ada.leads(() => ada.page.locator('footer [value="fr"]').click());
    expect(new URL(ada.page.url()).pathname).to.equal(pathname);
    expect(await ada.page.locator('h1').innerText()).to.equal('Se connecter');
    await ada.says('identify', { identifier: 'ada' });
    expect(await ada.page.locator('h1').innerText()).to.equal('Saisissez votre mot de passe');
  });
});
