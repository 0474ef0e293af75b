import { expect } from 'chai';

import { administrationOf } from '../support/administration.ts';
import { openDesk } from '../support/browser.ts';
import { newcomer } from './walks.ts';

describe('The page of a new password', () => {
  const desk = openDesk({ policy: { twoSteps: 'when-asked' } });

  it('tells password managers whose it is, and shows what is typed only to who asks', async () => {
    const { username, password, phone } = await newcomer(desk.house);
    await administrationOf(desk.house).passwords.requireChange(username);
    const { page, ...dora } = await desk.visitor();
    await dora.opens(await desk.house.shop.signIn());
    await dora.says('identify', { identifier: username });
    await dora.says('answer', { password });
    await dora.says('answer', { code: desk.house.carrier.lastCode(phone) });
    expect(await page.locator('[autocomplete="username"]').inputValue()).to.equal(username);

    const field = page.locator('[name="password"]');
    const show = page.getByRole('button', { name: 'Show password' });
    expect(await field.getAttribute('type')).to.equal('password');
    await show.click();
    expect(await field.getAttribute('type')).to.equal('text');
    // Beside what it shows, and not beside what is written below.
    const [button, box] = [
      await page.getByRole('button', { name: 'Hide password' }).boundingBox(),
      await field.boundingBox(),
    ];
    expect(button?.y).to.be.within(box?.y ?? 0, (box?.y ?? 0) + (box?.height ?? 0));

    const fetched: string[] = [];
    page.on('request', (request) => fetched.push(request.url()));
    const advice = page.locator('.advice');
    const isAdvised = (typed: string, text: string) =>
      Promise.all([
        field.fill(typed),
        advice.filter({ hasText: text }).waitFor({ state: 'attached' }),
      ]);
    expect(fetched, 'before anything is typed').to.deep.equal([]);
    await isAdvised('passwordpassword', 'Repeats such as');
    await isAdvised(`${username}-${username}-guild`, 'are easy to guess');
    await field.fill('tallow orchid bridge');
    await page.locator('.advice:empty').waitFor({ state: 'attached' });
    expect(fetched.map((url) => new URL(url).pathname)).to.have.members([
      '/assets/password-guesser.js',
      '/assets/zxcvbn/core.js',
      '/assets/zxcvbn/common.js',
    ]);

    await dora.says('new-password', { password: 'short' });
    expect(await dora.reads()).to.match(/too short/);
    expect(await field.inputValue()).to.equal('');
    expect(await page.locator(':focus').getAttribute('name')).to.equal('password');
  });
});
