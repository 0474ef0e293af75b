/**
 * Five ways of being lost in a browser, at six places where somebody is asked for something
 * (R-29, C-61): none of them grants anything, and from each the sign-in goes on to the app.
 */
import { expect } from 'chai';

import { randomId } from '../../src/lib/codes.ts';
import { administrationOf } from '../support/administration.ts';
import type { Authenticator } from '../support/authenticator.ts';
import { type Desk, openDesk, type Tab } from '../support/browser.ts';
import { click } from '../support/in-page.ts';
import { keyOf, keysOn } from '../support/keys.ts';
import { people } from '../support/people.ts';
import { plugIn } from '../support/virtual-keys.ts';
import { loseSecondSteps, newcomer } from './walks.ts';

let bobsKey: Authenticator;
/** An empty tab has no credentials. */
const NOBODY_TOUCHES = `if (navigator.credentials) navigator.credentials.get = async () => {
  throw new DOMException('nobody touched a key', 'NotAllowedError');
};`;
const BROKEN_ANSWER = `{
  const form = document.querySelector('form.key');
  form.elements.response.value = '{}';
  form.requestSubmit();
}`;
const ADDED = '+4915123456789';

interface Place {
  readonly page: string;
  readonly reach: (desk: Desk, tab: Tab) => Promise<void>;
  readonly goOn: (desk: Desk, tab: Tab) => Promise<void>;
  /** Its main form, in a way that leads nowhere. */
  readonly sends: (tab: Tab) => Promise<void>;
}

const places: Readonly<Record<string, Place>> = {
  'the password': {
    page: 'methods/password/answer',
    reach: (_desk, tab) => tab.says('identify', { identifier: 'ada' }),
    async goOn(_desk, tab) {
      await tab.says('answer', { password: people.ada.password });
      await tab.finishesWithCode();
    },
    sends: (tab) => tab.says('answer', { password: 'not hers' }),
  },
  'the picker': {
    page: 'sign-in/choose',
    async reach(_desk, tab) {
      await tab.identifies('ada');
      await tab.says('another-way');
    },
    async goOn(_desk, tab) {
      await tab.picks('choose', 'method', 'code');
      await tab.finishesWithCode();
    },
    sends: (tab) => tab.says('choose'),
  },
  'the code': {
    page: 'methods/code/answer',
    reach: (_desk, tab) => tab.identifies('ada'),
    goOn: (_desk, tab) => tab.finishesWithCode(),
    sends: (tab) => tab.says('answer', { code: '000000' }),
  },
  'the security key': {
    page: 'methods/security-key/answer',
    async reach({ house }, tab) {
      // A new one: what the last one's browser counted is not known here.
      bobsKey = await keyOf(house, 'bob', { id: randomId() });
      await tab.page.context().addInitScript(NOBODY_TOUCHES);
      await tab.identifies('bob');
    },
    async goOn(_desk, tab) {
      await plugIn(tab, { transport: 'usb', with: bobsKey });
      await tab.page.evaluate('delete navigator.credentials.get');
      await tab.leads(() => click(tab.page, '.key button'));
    },
    // The form itself is sent by script alone.
    sends: (tab) => tab.leads(() => tab.page.evaluate(BROKEN_ANSWER)),
  },
  'a new password': {
    page: 'sign-in/new-password',
    async reach({ house }, tab) {
      const { username, password, phone } = await newcomer(house);
      await administrationOf(house).passwords.requireChange(username);
      await tab.says('identify', { identifier: username });
      await tab.says('answer', { password });
      await tab.says('answer', { code: house.carrier.lastCode(phone) });
    },
    async goOn(_desk, tab) {
      const password = 'paper boats at daybreak';
      await tab.says('new-password', { password });
    },
    sends: (tab) => tab.says('new-password', { password: 'short' }),
  },
  'a phone that is added': {
    page: 'methods/text/add',
    async reach({ house }, tab) {
      await loseSecondSteps(house, 'cleo');
      await tab.identifies('cleo');
      await tab.says('enrol');
      await tab.picks('add', 'method', 'text');
    },
    async goOn({ house }, tab) {
      if ((await tab.page.locator('[name="number"]').count()) > 0) {
        await tab.says('add', { country: 'DE', number: '0151 23456789' });
      }
      await tab.says('answer', { code: house.carrier.lastCode(ADDED) });
      await tab.says('saved');
    },
    sends: (tab) => tab.says('add', { country: 'DE', number: '12' }),
  },
};

/** Each gives back the tab in which the person goes on. */
const moves: Readonly<Record<string, (desk: Desk, tab: Tab, place: Place) => Promise<Tab>>> = {
  async 'going back and forward'(_desk, tab) {
    await tab.page.goBack();
    await tab.page.goForward();
    return tab;
  },
  async 'loading again'(_desk, tab) {
    await tab.reloads();
    return tab;
  },
  /** From the page as another tab still shows it, once the first was sent. */
  async 'sending a form twice'(desk, tab, { page, sends }) {
    const older = await desk.tabOf(tab);
    await older.opens(tab.page.url());
    for (const one of [tab, older]) await sends(one);
    if ((await older.sees()) === 'methods/code/answer' && page === 'sign-in/choose') {
      await older.says('another-way');
    }
    return older;
  },
  async 'restoring a tab'(desk, tab) {
    const restored = await desk.tabOf(tab);
    const address = tab.page.url();
    await tab.page.close();
    await restored.opens(address);
    return restored;
  },
  async 'beginning anew in a second tab'(desk, tab) {
    const second = await desk.tabOf(tab);
    await second.opens(await desk.house.shop.signIn());
    expect(await second.sees()).to.equal('sign-in/identify');
    await second.says('identify', { identifier: 'bob' });
    return tab;
  },
};

describe('Lost in the browser (R-29, C-61)', () => {
  const desk = openDesk(keysOn);

  for (const [where, place] of Object.entries(places)) {
    for (const [what, move] of Object.entries(moves)) {
      it(`neither grants nor strands: ${what} at ${where}`, async () => {
        const records = desk.house.connection.model('OidcRecord');
        const granted = (): Promise<unknown[]> =>
          records.find({ kind: 'AuthorizationCode' }).distinct('_id').exec();
        const before = await granted();
        const tab = await desk.visitor();
        const statuses: number[] = [];
        tab.page.context().on('response', (answer) => statuses.push(answer.status()));
        // An app to come from, as in life.
        await tab.page.goto('http://127.0.0.1:4999/shop/');
        await tab.opens(await desk.house.shop.signIn());
        await place.reach(desk, tab);
        expect(await tab.sees()).to.equal(place.page);

        const left = await move(desk, tab, place);
        expect(await left.sees()).to.equal(place.page);
        // Older ones may be swept away meanwhile.
        expect(before, 'codes for the app').to.include.members(await granted());
        await place.goOn(desk, left);
        expect(left.landed().searchParams.get('code')).to.be.a('string');
        expect(Math.max(...statuses)).to.be.below(500);
      });
    }
  }
});
