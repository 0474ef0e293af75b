import { setTimeout as pause } from 'node:timers/promises';

import { expect } from 'chai';

import { clock } from '../support/clock.ts';
import { openDesk, type Tab } from '../support/browser.ts';
import { click, textOf } from '../support/in-page.ts';
import { keyOf, keysOn } from '../support/keys.ts';
import { people } from '../support/people.ts';
import { plugIn } from '../support/virtual-keys.ts';

/** Nobody picks what the browser lists in the user-name field, which it does by itself here. */
const NOT_PICKED = `
  const get = navigator.credentials.get.bind(navigator.credentials);
  globalThis.told = [];
  navigator.credentials.get = (options) => {
    told.push(options.mediation ?? 'button');
    return options.mediation ? new Promise(() => undefined) : get(options);
  };`;
const GIVEN_UP_ONCE = `
  const ask = navigator.credentials.get.bind(navigator.credentials);
  navigator.credentials.get = async (options) => {
    if (sessionStorage.getItem('given-up')) return ask(options);
    sessionStorage.setItem('given-up', 'yes');
    throw new DOMException('given up', 'NotAllowedError');
  };`;

describe('A security key', () => {
  const desk = openDesk(keysOn);
  const lands = async (tab: Tab): Promise<object> => {
    await tab.page.waitForURL('http://127.0.0.1:4999/**');
    return desk.house.shop.claims(tab.landed());
  };

  async function wasAsked({ page }: Tab, how: string): Promise<void> {
    while ((await page.evaluate('told.join()')) !== how) await pause(10);
  }

  it('is made, named and used, and then asked for by itself', async () => {
    const cleo = await desk.visitor();
    const key = await plugIn(cleo, { transport: 'usb' });
    await cleo.opens(await desk.house.shop.signIn());
    await cleo.identifies('cleo');
    await cleo.says('enrol');
    await cleo.picks('add', 'method', 'security-key');
    await click(cleo.page, '.key button');
    await cleo.page.locator('.made').waitFor();
    expect(await cleo.page.locator('.ask').isVisible()).to.equal(false);
    expect(await cleo.page.locator('[name="name"]').inputValue()).to.equal('Security key');
    expect(await textOf(cleo.page, '.key button')).to.equal('Done');
    await cleo.leads(() => click(cleo.page, '.key button'));
    expect(await cleo.reads()).to.contain('Your security key is set up.');
    expect(await cleo.reads()).to.match(/You will sign in with: Security key\s/);
    await cleo.says('saved');
    expect(await lands(cleo)).to.include({ acr: 'phr' });
    expect(await key.held()).to.have.length(1);

    await cleo.page.context().clearCookies();
    await cleo.opens(await desk.house.shop.signIn());
    await cleo.identifies('cleo');
    const claims = await lands(cleo);
    expect(claims).to.have.property('amr').that.has.members(['pwd', 'swk', 'user', 'mfa']);
  });

  it('is a passkey where the user name is typed, and by its button', async () => {
    const ada = await desk.visitor();
    await plugIn(ada, { with: await keyOf(desk.house, 'ada') });
    // Whoever picks what the browser lists in the field is signed in without typing anything.
    await ada.opens(await desk.house.shop.signIn({ acr_values: 'phr' }));
    expect(await lands(ada)).to.include({ sub: 'id-ada', acr: 'phr' });

    await ada.page.context().clearCookies();
    await ada.page.addInitScript(NOT_PICKED);
    await ada.page.clock.install();
    await ada.opens(await desk.house.shop.signIn());
    const field = ada.page.locator('#identifier');
    expect(await field.getAttribute('autocomplete')).to.equal('username webauthn');
    await wasAsked(ada, 'conditional');
    // A page that was open for long asks anew before its question is over.
    clock.advance({ minutes: 6 });
    const renewed = ada.page.waitForResponse((response) => response.url().endsWith('/again'));
    await ada.page.clock.fastForward('06:00');
    await renewed;
    await wasAsked(ada, 'conditional,conditional');
    await click(ada.page, '.passkey button');
    expect(await lands(ada)).to.include({ sub: 'id-ada', acr: 'phr' });
  });

  it('can be given up and tried again', async () => {
    const bob = await desk.visitor();
    await plugIn(bob, { transport: 'usb', with: await keyOf(desk.house, 'bob') });
    await bob.page.addInitScript(NOT_PICKED);
    await bob.opens(await desk.house.shop.signIn({ acr_values: 'phr' }));
    await bob.says('identify', { identifier: 'bob' });
    await bob.page.addInitScript(GIVEN_UP_ONCE);
    await bob.says('answer', { password: people.bob.password });
    const said = bob.page.locator('.key .said:not([hidden])');
    await said.waitFor();
    expect(await said.textContent()).to.contain('No key was used.');
    expect(await said.getAttribute('class')).to.equal('notice said');
    expect(await said.getAttribute('role')).to.equal('status');
    await bob.leads(() => click(bob.page, '.key button'));
    expect(await lands(bob)).to.include({ sub: 'id-bob', acr: 'phr' });
  });

  it('is suspended when its counter goes back, and says so', async () => {
    const dan = await desk.visitor();
    const key = await plugIn(dan, { transport: 'usb', with: await keyOf(desk.house, 'dan') });
    await key.countsFrom(0);
    await dan.page.addInitScript(NOT_PICKED);
    await dan.opens(await desk.house.shop.signIn({ acr_values: 'phr' }));
    await dan.identifies('dan');
    await dan.page.getByText('can no longer be used').waitFor();
  });
});
