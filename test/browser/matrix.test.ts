/**
 * Five ways of being lost in a browser, at five places where somebody is asked for something
 * (R-29, C-61): none of them grants anything, and from each the sign-in goes on to the app.
 */
import { expect } from 'chai';

import { administrationOf } from '../support/administration.ts';
import { type Desk, openDesk, type Tab } from '../support/browser.ts';
import { people } from '../support/people.ts';
import { loseSecondSteps, newcomer } from './walks.ts';

const ADDED = '+4915123456789';

interface Place {
  readonly page: string;
  readonly reach: (desk: Desk, tab: Tab) => Promise<void>;
  readonly goOn: (desk: Desk, tab: Tab) => Promise<void>;
  /** What the page's main form says when it is sent, and which one that is. */
  readonly form: readonly [act: string, typed: Readonly<Record<string, string>>];
}

const places: Readonly<Record<string, Place>> = {
  'the password': {
    page: 'methods/password/answer',
    reach: (_desk, tab) => tab.says('identify', { identifier: 'ada' }),
    async goOn(_desk, tab) {
      await tab.says('answer', { password: people.ada.password });
      await tab.finishesWithCode();
    },
    form: ['answer', { password: 'not hers' }],
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
    form: ['choose', {}],
  },
  'the code': {
    page: 'methods/code/answer',
    reach: (_desk, tab) => tab.identifies('ada'),
    goOn: (_desk, tab) => tab.finishesWithCode(),
    form: ['answer', { code: '000000' }],
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
    form: ['new-password', { password: 'short' }],
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
    form: ['add', { country: 'DE', number: '12' }],
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
  async 'sending a form twice'(desk, tab, { form: [act, typed] }) {
    const older = await desk.tabOf(tab);
    await older.opens(tab.page.url());
    for (const one of [tab, older]) await one.says(act, typed);
    if ((await older.sees()) === 'methods/code/answer' && act === 'choose') {
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
  const desk = openDesk();

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
