import { expect } from 'chai';

import { openDesk, type Tab } from '../support/browser.ts';
import { clock } from '../support/clock.ts';
import { appCode, people } from '../support/people.ts';
import { signOutAddress } from './walks.ts';

const DAY_SECONDS = 24 * 60 * 60;
const MFA = { acr_values: 'urn:doorstep:acr:mfa' };

const sessionCookie = async (tab: Tab) => {
  const cookies = await tab.page.context().cookies();
  return cookies.find(({ name }) => name === 'session');
};

describe('Step-up, in a browser', () => {
  const desk = openDesk({ policy: { twoSteps: 'when-asked' } });

  async function signedInWithPassword(name: 'ada' | 'bob'): Promise<Tab> {
    const tab = await desk.atSecondStep(name);
    const claims = await desk.house.shop.claims(tab.landed());
    expect(claims.amr).to.deep.equal(['pwd']);
    return tab;
  }

  it('asks only for the code, and then brings both', async () => {
    const ada = await signedInWithPassword('ada');
    await ada.opens(await desk.house.shop.signIn(MFA));
    expect(await ada.sees()).to.equal('methods/code/answer');
    await ada.says('answer', { code: appCode(people.ada.seed) });
    const claims = await desk.house.shop.claims(ada.landed());
    expect(claims.amr).to.have.members(['pwd', 'otp', 'mfa']);

    await ada.opens(await desk.house.shop.signIn(MFA));
    expect(ada.landed().searchParams.get('code'), 'and not again').to.be.a('string');
  });

  it('texts nothing before a button is pressed', async () => {
    const bob = await signedInWithPassword('bob');
    await bob.opens(await desk.house.shop.signIn(MFA));
    expect(await bob.sees()).to.equal('sign-in/begin');
    await bob.reloads();
    expect(desk.house.carrier.texts).to.have.length(0);
    await bob.says('choose');
    expect(desk.house.carrier.texts).to.have.length(1);
    await bob.says('answer', { code: desk.house.carrier.lastCode(people.bob.phone) });
    const claims = await desk.house.shop.claims(bob.landed());
    expect(claims.amr).to.have.members(['pwd', 'sms', 'mfa']);
  });
});

const tickOf = ({ page }: Tab) => page.locator('[name="stay"]');
const staysTicked = (tab: Tab): Promise<boolean> => tickOf(tab).isChecked();

describe('Where policy lets nobody stay signed in', () => {
  const desk = openDesk({ policy: { rememberDays: 0 } });

  it('nobody is asked, and the session ends with the browser', async () => {
    const ada = await desk.visitor();
    await ada.opens(await desk.house.shop.signIn());
    await ada.says('identify', { identifier: 'ada' });
    expect(await tickOf(ada).count()).to.equal(0);
    await ada.says('answer', { password: people.ada.password });
    await ada.finishesWithCode();
    expect((await sessionCookie(ada))?.expires).to.equal(-1);
  });
});

describe('What a browser remembers', () => {
  const desk = openDesk();

  it('is a session that ends with the browser, unless "Stay signed in" is ticked', async () => {
    const ada = await desk.atSecondStep('ada');
    await ada.finishesWithCode();
    expect((await sessionCookie(ada))?.expires).to.equal(-1);

    await atPasswordAgain(ada);
    expect(await staysTicked(ada), 'as it was left').to.equal(false);
    await tickOf(ada).check();
    await ada.says('answer', { password: people.ada.password });
    await ada.finishesWithCode();
    const expires = (await sessionCookie(ada))?.expires ?? 0;
    expect((expires - Date.now() / 1000) / DAY_SECONDS).to.be.within(29, 30.01);
    await ada.reopens();
    await ada.opens(await desk.house.shop.signIn());
    expect(ada.landed().searchParams.get('code')).to.be.a('string');
  });

  it('asks only for the second step when that has faded and the session has not', async () => {
    const ada = await staying();
    clock.advance({ days: 3 });
    await ada.opens(await desk.house.shop.signIn());
    expect(await ada.sees()).to.equal('methods/code/answer');
    await ada.finishesWithCode();
    expect((await sessionCookie(ada))?.expires, 'it stays').to.be.above(0);
  });

  it('is the tick of each account, for nobody else and no other spelling', async () => {
    const ada = await staying();
    await ada.opens('/session/end');
    await ada.says('end/confirm');
    for (const [name, isTicked] of [
      ['ada', true],
      ['bob', false],
      ['ada@example.org', false],
    ] as const) {
      await ada.opens(await desk.house.shop.signIn());
      await ada.says('other-account');
      await ada.says('identify', { identifier: name });
      expect(await staysTicked(ada), name).to.equal(isTicked);
    }
  });

  it('is no tick any more once it was taken away', async () => {
    const ada = await staying();
    await ada.opens('/session/end');
    await ada.says('end/confirm');
    await atPasswordAgain(ada);
    await tickOf(ada).uncheck();
    await ada.says('answer', { password: people.ada.password });
    await ada.finishesWithCode();
    expect((await sessionCookie(ada))?.expires).to.equal(-1);
    await atPasswordAgain(ada);
    expect(await staysTicked(ada)).to.equal(false);
  });

  it('is what was ticked beside a wrong password, too', async () => {
    const ada = await staying();
    await ada.opens('/session/end');
    await ada.says('end/confirm');
    await atPasswordAgain(ada);
    for (const wish of [false, true]) {
      await tickOf(ada).setChecked(wish);
      await ada.says('answer', { password: 'not hers' });
      expect(await ada.page.locator('[role="alert"]').count()).to.equal(1);
      expect(await staysTicked(ada)).to.equal(wish);
      await ada.reloads();
      expect(await staysTicked(ada), 'after a reload').to.equal(wish);
    }
  });

  it('is kept over a step-up, which asks nothing about it', async () => {
    const ada = await staying();
    clock.advance({ minutes: 5 });
    await ada.opens(await desk.house.shop.signIn({ prompt: 'login' }));
    expect(await ada.sees()).to.equal('methods/password/answer');
    expect(await tickOf(ada).count()).to.equal(0);
    await ada.says('answer', { password: people.ada.password });
    await ada.finishesWithCode();
    expect((await sessionCookie(ada))?.expires).to.be.above(0);
    await ada.opens('/session/end');
    await ada.says('end/confirm');
    await atPasswordAgain(ada);
    expect(await staysTicked(ada)).to.equal(true);
  });

  /** Ada, who ticked it. */
  async function staying(): Promise<Tab> {
    const ada = await desk.visitor();
    await ada.opens(await desk.house.shop.signIn());
    await ada.identifies('ada', { stay: true });
    await ada.finishesWithCode();
    return ada;
  }

  /** In the same browser, once its session is over. */
  async function atPasswordAgain(tab: Tab): Promise<void> {
    await tab.reopens();
    clock.advance({ minutes: 5 });
    await tab.opens(await desk.house.shop.signIn());
    await tab.picks('identify', 'identifier', 'ada');
  }

  it('offers the known account after signing out, and a different one', async () => {
    const ada = await desk.atSecondStep('ada');
    await ada.finishesWithCode();
    await ada.opens(await signOutAddress(desk.house));
    await ada.says('end/confirm');
    await ada.opens(await desk.house.shop.signIn());
    expect(await ada.sees()).to.equal('sign-in/pick-account');
    await ada.says('other-account');
    expect(await ada.sees()).to.equal('sign-in/identify');
    await ada.says('known-accounts');
    expect(await ada.sees()).to.equal('sign-in/pick-account');
    await ada.says('other-account');
    await ada.identifies('bob');
    await ada.says('answer', { code: desk.house.carrier.lastCode(people.bob.phone) });
    const claims = await desk.house.shop.claims(ada.landed());
    expect(claims.sub).to.equal('id-bob');
  });

  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? '' : ', without script';
    it(`changes the account that is signed in when another is chosen${how}`, async () => {
      const ada = await desk.atSecondStep('ada', { javaScriptEnabled });
      await ada.finishesWithCode();
      await ada.opens(await desk.house.shop.signIn({ prompt: 'select_account' }));
      await ada.says('other-account');
      await ada.identifies('bob');
      await ada.says('answer', { code: desk.house.carrier.lastCode(people.bob.phone) });
      // The library ends the other session by a form of its own, which may need a press.
      if (!javaScriptEnabled) await ada.leads(() => ada.page.locator('button').click());
      await ada.page.waitForURL('http://127.0.0.1:4999/**');
      const claims = await desk.house.shop.claims(ada.landed());
      expect(claims.sub).to.equal('id-bob');
    });
  }
});

describe('Signing out, in a browser', () => {
  const desk = openDesk();

  it('asks first, and then leads back to the app that wanted it', async () => {
    const ada = await desk.atSecondStep('ada');
    await ada.finishesWithCode();
    await ada.opens(await signOutAddress(desk.house));
    expect(await ada.sees()).to.equal('sign-out/confirm');
    expect(await ada.reads()).to.contain('The Shop');
    await ada.says('end/confirm');
    expect(await ada.sees()).to.equal('/shop/bye');
    await ada.opens(await desk.house.shop.signIn());
    expect(await ada.sees()).to.equal('sign-in/pick-account');
  });

  it('changes nothing for whoever stays', async () => {
    const ada = await desk.atSecondStep('ada');
    await ada.finishesWithCode();
    await ada.opens(await signOutAddress(desk.house));
    await ada.leads(() => ada.page.locator('main button.secondary').click());
    await ada.opens(await desk.house.partner.signIn());
    expect(await ada.sees()).to.equal('sign-in/consent');
  });

  it('says so where no app asked for it', async () => {
    const ada = await desk.atSecondStep('ada');
    await ada.finishesWithCode();
    await ada.opens('/session/end');
    await ada.says('end/confirm');
    expect(await ada.sees()).to.equal('sign-out/done');
  });

  it('does not claim to have signed out whoever stays', async () => {
    const ada = await desk.atSecondStep('ada');
    await ada.finishesWithCode();
    await ada.opens('/session/end');
    await ada.leads(() => ada.page.locator('main .secondary').click());
    expect(await ada.page.locator('h1').innerText()).not.to.contain('signed out');
  });
});
