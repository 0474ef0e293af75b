import { expect } from 'chai';

import { openDesk } from '../support/browser.ts';
import { appCode, people } from '../support/people.ts';

describe('The keyboard alone', () => {
  const desk = openDesk();

  it('signs in', async () => {
    const ada = await desk.visitor();
    const { page } = ada;
    const { keyboard } = page;
    const enters = async (text: string): Promise<void> => {
      // People wait until they see the cursor.
      await page.locator('input:focus').waitFor();
      await keyboard.type(text);
      await ada.leads(() => keyboard.press('Enter'));
    };
    await ada.opens(await desk.house.shop.signIn());
    await enters('ada');
    await page.locator('[name="stay"]').focus();
    await keyboard.press('Space');
    expect(await page.locator('[name="stay"]').isChecked()).to.equal(true);
    await page.locator('[name="password"]').focus();
    await enters(people.ada.password);
    await enters('000000');
    expect(await ada.sees()).to.equal('methods/code/answer');
    await enters(appCode(people.ada.seed));
    expect(ada.landed().searchParams.get('code')).to.be.a('string');
  });

  it('pastes a password and a code', async () => {
    const ada = await desk.visitor({ permissions: ['clipboard-read', 'clipboard-write'] });
    const pastes = async (text: string): Promise<void> => {
      await ada.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
      await ada.page.locator('input:focus').waitFor();
      await ada.page.keyboard.press('Control+V');
      await ada.leads(() => ada.page.keyboard.press('Enter'));
    };
    await ada.opens(await desk.house.shop.signIn());
    await ada.says('identify', { identifier: 'ada' });
    await pastes(people.ada.password);
    await pastes(` ${appCode(people.ada.seed)} `);
    expect(await ada.sees()).to.equal('/shop/back');
  });
});
