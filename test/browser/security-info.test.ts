/**
 * Security info as the help pages tell it, word for word: on a wide screen, on a phone, and with the
 * keyboard alone.
 */
import { expect } from 'chai';
import type { BrowserContextOptions } from 'playwright-core';

import { tellWhoWaits } from '../support/approver.ts';
import { everyWay } from '../support/at-each-step.ts';
import { openDesk, type Tab } from '../support/browser.ts';
import { textOf } from '../support/in-page.ts';
import { rememberRecords } from '../support/records.ts';
import { presses } from '../support/telephone.ts';
import { trusting } from '../support/trusting.ts';

const NUMBER = '+49 1512 3456789';
const DIALLED = NUMBER.replaceAll(' ', '');

describe('Security info, word for word', () => {
  const desk = openDesk(everyWay);
  tellWhoWaits(desk);
  let moveBack: () => Promise<void>;
  before(async () => (moveBack = await rememberRecords(desk.house)));
  beforeEach(() => moveBack());

  const press = (tab: Tab, name: string | RegExp): Promise<void> =>
    tab.leads(() => tab.page.getByRole('button', { name, exact: true }).click());

  async function comesIn(options: BrowserContextOptions = {}): Promise<Tab> {
    const ada = await desk.visitor(options);
    await ada.opens('/account');
    await ada.identifies('ada');
    await ada.finishesWithCode();
    expect(await ada.page.locator('h1').innerText()).to.equal('Security info');
    return ada;
  }

  async function deletes(ada: Tab, phone: string): Promise<void> {
    await press(ada, `Delete: Phone ${phone}`);
    expect(await ada.reads()).to.contain(`Delete this method? Phone ${phone}`);
    await press(ada, 'Yes');
    expect(await ada.page.locator('.row b').allInnerTexts()).to.deep.equal(['Authenticator app']);
  }

  /** Up to where the phone is texted or called. */
  async function addsPhone(ada: Tab, how: 'Text me a code' | 'Call me'): Promise<void> {
    await press(ada, 'Add method');
    await ada.page.getByRole('radio', { name: /^Phone / }).check();
    await press(ada, 'Add');
    await ada.page.getByLabel('Country or region').selectOption({ label: 'Germany (+49)' });
    await ada.page.getByLabel('Phone number').fill('01512 3456789');
    await ada.page.getByLabel(how).check();
    await press(ada, 'Next');
  }

  async function isDone(ada: Tab): Promise<void> {
    expect(await ada.page.locator('h1').innerText()).to.equal('Success');
    await press(ada, 'Done');
    expect(await ada.reads()).to.contain(`Phone ${NUMBER}`);
  }

  async function changesDefault(ada: Tab, to: string): Promise<void> {
    await press(ada, 'Change');
    await ada.page.getByRole('radio', { name: to }).check();
    await press(ada, 'Confirm');
    expect(await ada.reads()).to.contain(`Default sign-in method: ${to}`);
  }

  async function deletesDefault(ada: Tab): Promise<void> {
    await press(ada, `Delete: Phone ${NUMBER}`);
    expect(await ada.reads()).to.contain('Sign-in will begin with Authenticator app - code.');
    await press(ada, 'Yes');
    const said = 'From now on, sign-in begins with Authenticator app - code.';
    expect(await ada.reads()).to.contain(said);
  }

  it('sets up texts, makes them the default and deletes them, on a wide screen', async () => {
    const ada = await comesIn({ viewport: { width: 1280, height: 900 } });
    await deletes(ada, '+44 7700 900156');
    await addsPhone(ada, 'Text me a code');
    expect(await ada.reads()).to.contain(`We texted your phone ${NUMBER}.`);
    // The last digit sends it.
    const code = desk.house.carrier.lastCode(DIALLED);
    await ada.leads(() => ada.page.getByLabel('Code').fill(code));
    await isDone(ada);
    await changesDefault(ada, 'Phone - text (+49 ••• 89)');
    await deletesDefault(ada);
  });

  it('sets up calls, makes them the default and deletes them, on a phone', async () => {
    const ada = await comesIn({ viewport: { width: 390, height: 844 }, hasTouch: true });
    await deletes(ada, '+44 7700 900156');
    await addsPhone(ada, 'Call me');
    expect(await ada.reads()).to.contain(`We’re calling your phone ${NUMBER}.`);
    const [digits = ''] = /\d+/.exec(await textOf(ada.page, '.number')) ?? [];
    await ada.leads(() => presses(desk.house.carrier.callTo(DIALLED), digits));
    await isDone(ada);
    await changesDefault(ada, 'Phone - call (+49 ••• 89)');
    await deletesDefault(ada);
  });

  it('changes the default, and deletes it, with the keyboard alone', async () => {
    const ada = await comesIn();
    const { keyboard } = ada.page;
    const focused = ada.page.locator(':focus');
    const tabsTo = async (name: string): Promise<void> => {
      const wanted = ada.page
        .getByLabel(name, { exact: true })
        .or(ada.page.getByRole('button', { name, exact: true }));
      for (let tabs = 0; tabs < 40; tabs += 1) {
        await keyboard.press('Tab');
        if ((await focused.and(wanted).count()) > 0) return;
      }
      expect.fail(`Tab does not lead to ${name}`);
    };
    const enters = (): Promise<void> => ada.leads(() => keyboard.press('Enter'));
    await tabsTo('Change');
    await enters();
    await tabsTo('Authenticator app - code');
    await keyboard.press('ArrowDown');
    await enters();
    expect(await ada.reads()).to.match(/Default sign-in method: Phone - (text|call) \(\+44/);
    await tabsTo('Delete: Phone +44 7700 900156');
    await enters();
    await tabsTo('Yes');
    await enters();
    expect(await ada.reads()).to.contain('sign-in begins with Authenticator app - code.');
  });

  it('offers no phone where the organisation allows none, and says so', async () => {
    const ada = await comesIn();
    const { methods } = desk.house.settings.policy;
    const [text, call] = [{ signIn: false }, { ...methods.call, signIn: false }];
    await trusting(desk.house).decides({ methods: { ...methods, text, call } });
    await press(ada, 'Add method');
    expect(await ada.page.getByRole('radio', { name: /Phone/ }).count()).to.equal(0);
    expect(await ada.reads()).to.contain('not listed is not allowed by your organisation');
  });
});
