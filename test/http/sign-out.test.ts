/**
 * Questions about signing out that are answered late, twice or in another tab; and the language
 * that an app wishes for where no sign-in knows it.
 */
import { expect } from 'chai';

import { type House, openHouse } from '../support/house.ts';
import type { Visitor } from '../support/visitor.ts';

const BYE = 'http://127.0.0.1:4999/shop/bye';
const asked = { client_id: 'shop', post_logout_redirect_uri: BYE, state: 'kept' };

describe('Signing out', () => {
  let house: House;
  beforeEach(async () => (house = await openHouse({ policy: { twoSteps: 'when-asked' } })));
  afterEach(() => house.close());

  async function signedIn(): Promise<Visitor> {
    const ada = await house.atSecondStep('ada');
    await house.shop.welcome(ada.landed());
    return ada;
  }

  const asks = (by: Visitor, more: Readonly<Record<string, string>> = {}) =>
    by.opens(`/session/end?${new URLSearchParams({ ...asked, ...more }).toString()}`);

  /** The same form in another tab, or pressed a second time. */
  function again(by: Visitor): () => Promise<void> {
    const form = by.formFor('form[data-step="confirm"]');
    return () => by.submit(form, {});
  }

  const isBack = (by: Visitor) => expect(by.landed().href).to.equal(`${BYE}?state=kept`);

  it('ends well in a tab where it is too late', async () => {
    const ada = await signedIn();
    await asks(ada);
    const first = again(ada);
    await asks(ada);
    await again(ada)();
    isBack(ada);
    await first();
    isBack(ada);
    await ada.opens('/session/end');
    expect(ada.sees()).to.equal('sign-out/done');
  });

  it('ends well when it is said twice at once', async () => {
    const ada = await signedIn();
    await asks(ada);
    const confirms = again(ada);
    await Promise.all([confirms(), confirms()]);
    isBack(ada);
  });

  it('stays undone when that is said twice at once', async () => {
    const ada = await signedIn();
    await asks(ada);
    const stay = ada.html().querySelectorAll('main form').at(-1);
    if (!stay) throw new Error('nobody may stay');
    await ada.submit(stay, {});
    isBack(ada);
    await ada.submit(stay, {});
    isBack(ada);
    await ada.opens(await house.shop.signIn({ prompt: 'none' }));
    expect(ada.landed().searchParams.get('code'), 'still signed in').to.be.a('string');
    // Where it leads is registered, or nobody is led anywhere.
    await ada.submit(stay, { post_logout_redirect_uri: 'https://evil.example/' });
    expect(ada.sees()).to.equal('sign-out/done');
  });

  it('is asked anew in a tab that is older than another, and signs nobody out before', async () => {
    const ada = await signedIn();
    await asks(ada);
    const first = again(ada);
    await ada.opens('/session/end');
    await first();
    expect(ada.sees()).to.equal('sign-out/confirm');
    await again(ada)();
    isBack(ada);
  });

  it('refuses an answer to what was never asked', async () => {
    const ada = await signedIn();
    await asks(ada);
    await ada.post('/session/end/confirm', new URLSearchParams({ logout: 'yes' }));
    expect(ada.status()).to.equal(400);
    await ada.opens(await house.shop.signIn({ prompt: 'none' }));
    expect(ada.landed().searchParams.get('code'), 'still signed in').to.be.a('string');
  });

  it('speaks the language that the app asks for, to the end', async () => {
    const ada = await signedIn();
    await ada.opens('/session/end?ui_locales=nl+de-AT');
    expect(ada.html().querySelector('html')?.getAttribute('lang')).to.equal('de');
    await ada.says({ logout: 'yes' });
    expect(ada.sees()).to.equal('sign-out/done');
    expect(ada.html().querySelector('html')?.getAttribute('lang')).to.equal('de');
  });

  for (const path of [
    '/auth?client_id=nobody',
    '/session/end?client_id=nobody',
    '/auth/nowhere?',
  ]) {
    it(`speaks it where something is wrong: ${path}`, async () => {
      const ada = house.visitor('ada');
      await ada.opens(`${path}&ui_locales=de`);
      expect(ada.sees()).to.equal('problem');
      expect(ada.html().querySelector('html')?.getAttribute('lang')).to.equal('de');
    });
  }
});
