import { expect } from 'chai';
import type { Page } from 'playwright-core';

import { tellWhoWaits } from '../support/approver.ts';
import { openDesk, type Tab } from '../support/browser.ts';
import { clock } from '../support/clock.ts';
import { type Handset, openHandset } from '../support/handset.ts';
import { people } from '../support/people.ts';
import { prefers } from '../support/prefers.ts';
import { wrongDigits } from '../support/telephone.ts';
import { checkPage } from './page-check.ts';

const BOB = people.bob.phone;

const focused = (page: Page): Promise<string> =>
  page.evaluate('document.activeElement.innerText.replace(/\\s+/g, " ").trim()');

describe('A call to the handset, in two browsers', () => {
  const desk = openDesk({ policy: { methods: { call: { signIn: true } } } });
  let handset: Handset;
  tellWhoWaits(desk);
  before(async () => {
    await prefers(desk.house, 'bob', { method: 'call', credential: 'phone' });
  });
  beforeEach(async () => (handset = await openHandset(desk.house.issuer)));
  afterEach(() => handset.close());

  async function picksUp(): Promise<Page> {
    const { page } = await desk.visitor();
    await page.goto(handset.origin);
    await page.locator('[data-phone="dora"]').waitFor();
    return page;
  }

  /** Bob waits for the call, and the phone on the page rings. */
  async function called(phone: Page): Promise<{ bob: Tab; digits: string }> {
    const bob = await desk.atSecondStep('bob');
    expect(await bob.sees()).to.equal('methods/call/answer');
    expect(await handset.rings(desk.house.carrier.callTo(BOB))).to.equal(202);
    await phone.getByRole('alertdialog', { name: 'Bob’s phone' }).waitFor();
    const shown = await bob.page.locator('.number').innerText();
    return { bob, digits: /\d+/.exec(shown)?.[0] ?? '' };
  }

  const button = (page: Page, name: string) => page.getByRole('button', { name });

  it('rings, is answered, takes the digits by the computer’s keys, and signs in', async () => {
    const phone = await picksUp();
    const { bob, digits } = await called(phone);
    expect(await focused(phone)).to.equal('Answer the call');
    await phone.keyboard.press('Enter');
    await phone.getByText('To sign in to The Shop, press the 2 digits').waitFor();
    expect(await focused(phone)).to.equal('1');
    await phone.keyboard.type(digits);
    expect(await phone.getByRole('status', { name: 'Pressed' }).innerText()).to.equal(digits);
    await bob.leads(() => phone.keyboard.press('#'));
    await phone.getByText('Thank you. Goodbye.').waitFor();
    const claims = await desk.house.shop.claims(bob.landed());
    expect(claims.amr).to.have.members(['pwd', 'tel', 'mfa']);
    expect(await focused(phone)).to.equal('Close the call');
    await phone.keyboard.press('Enter');
    expect(await focused(phone)).to.equal('Messages');
  });

  it('ends with a wrong number, and says so', async () => {
    const phone = await picksUp();
    const { bob, digits } = await called(phone);
    await checkPage(phone, 'handset, ringing');
    await button(phone, 'Answer').click();
    await button(phone, 'Hang up').waitFor();
    await checkPage(phone, 'handset, answered');
    expect(await phone.locator('#banner').textContent(), 'no news any more').to.equal('');
    for (const digit of wrongDigits(digits)) await button(phone, digit).click();
    await bob.leads(() => button(phone, '# hash').click());
    await phone.getByText('That was not right.').waitFor();
    expect(await button(phone, '1').count(), 'no more keys').to.equal(0);
    expect(await bob.reads()).to.contain('Other digits were pressed, so that call is over.');
    await checkPage(phone, 'handset, after a wrong number');
    await button(phone, 'Close').click();
    await phone.getByRole('tab', { name: 'Phone' }).click();
    await phone.getByText('Answered').waitFor();
    await checkPage(phone, 'handset, recent calls');
  });

  it('is declined, hung up or left, and the page hears of it', async () => {
    const phone = await picksUp();
    const presses = (name: string) => () => button(phone, name).click();
    const leaves = async (): Promise<void> => {
      await button(phone, 'Hang up').waitFor();
      await phone.goto('about:blank');
    };
    const [declines, answers, hangsUp] = ['Decline', 'Answer', 'Hang up'].map(presses);
    for (const acts of [[declines], [answers, hangsUp], [answers, leaves]]) {
      clock.advance({ days: 1 });
      const { bob } = await called(phone);
      await bob.leads(async () => {
        for (const act of acts) await act?.();
      });
      expect(await bob.reads()).to.contain('The call ended before the digits were pressed.');
      expect(await phone.getByRole('alertdialog').count()).to.equal(0);
    }
  });

  it('leaves whoever types elsewhere in peace, and rings no longer than 30 seconds', async () => {
    const phone = await picksUp();
    await button(phone, 'Pair from the open page for Ada').click();
    await phone.getByText('Another way').click();
    const field = phone.getByLabel('Code, key or address');
    await field.pressSequentially('4');
    const asked = { purpose: 'sign-in', text: 'Hello.', messageId: 'b', language: 'en' };
    await handset.rings({ to: '+442079460123', ...asked });
    await phone.getByText('Dora’s office phone rings').waitFor();
    await phone.keyboard.type('7');
    expect(await field.inputValue()).to.equal('47');
    await phone.keyboard.press('Escape');
    clock.advance({ seconds: 30 });
    await handset.calls.ringOut();
    await phone.getByText('A call to Dora’s office phone was missed').waitFor();
    expect(await phone.getByRole('alertdialog').count()).to.equal(0);
    expect(await phone.getByRole('tab', { name: 'Phone' }).innerText()).to.equal('Phone1');
  });
});
