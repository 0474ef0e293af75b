import { expect } from 'chai';

import { everyWay } from '../support/at-each-step.ts';
import { openDesk } from '../support/browser.ts';
import { accounts } from './account-walks.ts';
import { checkPage } from './page-check.ts';
import { checkFields, checkKeyboard } from './page-fields.ts';
import { calls, detours, signIns, signOuts, stepUps } from './walks.ts';

const houses = [
  { where: 'as delivered', overrides: {}, walks: { ...signIns, ...detours, ...signOuts } },
  { where: 'of My account', overrides: {}, walks: accounts },
  { where: 'where there are calls', overrides: everyWay, walks: calls },
  { where: 'by step-up', overrides: { policy: { twoSteps: 'when-asked' } }, walks: stepUps },
] as const;

for (const { where, overrides, walks } of houses) {
  describe(`Every page, ${where}`, () => {
    const desk = openDesk(overrides);

    for (const [title, walk] of Object.entries(walks)) {
      it(`is for everybody: ${title}`, async () => {
        const tab = await desk.visitor();
        await walk(desk, tab, async (state) => {
          expect(await tab.sees()).to.equal(state.split(',')[0]);
          await checkFields(tab.page, state);
          await checkPage(tab.page, state);
          await checkKeyboard(tab.page);
        });
      });
    }
  });
}

describe('The password page', () => {
  const desk = openDesk();

  it('tells password managers whose password it is', async () => {
    const ada = await desk.visitor();
    await ada.opens(await desk.house.shop.signIn());
    await ada.says('identify', { identifier: 'ada' });
    const form = ada.page.locator('form:has([type="password"])');
    expect(await form.locator('[autocomplete="username"]').inputValue()).to.equal('ada');
  });
});
