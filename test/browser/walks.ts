/**
 * Ways through the product that together meet every page. At each one they stop and say what
 * they see, so that stories can look at it, leave it and come back.
 */
import * as client from 'openid-client';

import { createAccounts } from '../../src/models/account.ts';
import { administrationOf } from '../support/administration.ts';
import type { Desk, Tab } from '../support/browser.ts';
import { clock } from '../support/clock.ts';
import type { House } from '../support/house.ts';
import { appCode, people, type PersonName } from '../support/people.ts';
import { presses } from '../support/telephone.ts';

export type Stop = (state: string) => Promise<void>;
type Walk = (desk: Desk, tab: Tab, stop: Stop) => Promise<void>;

const BOB = people.bob.phone;
const OFFLINE = { scope: 'openid profile email offline_access', prompt: 'consent' };

/** Sign-ins that reach the app; every stop is a page of one flow. */
export const signIns = {
  async 'with a code, after mistakes'({ house }, ada, stop) {
    await ada.opens(await house.shop.signIn());
    await stop('sign-in/identify');
    await ada.says('identify', { identifier: '' });
    await stop('sign-in/identify, nothing typed');
    await ada.says('identify', { identifier: 'ada' });
    await stop('methods/password/answer');
    await ada.says('answer', { password: 'not hers' });
    await stop('methods/password/answer, wrong');
    await ada.says('answer', { password: people.ada.password });
    await stop('methods/code/answer');
    await ada.says('answer', { code: '000000' });
    await stop('methods/code/answer, wrong');
    await ada.says('answer', { code: appCode(people.ada.seed) });
  },

  async 'another way, with a recovery code'({ house }, ada, stop) {
    await ada.opens(await house.shop.signIn());
    await ada.identifies('ada');
    await ada.says('another-way');
    await stop('sign-in/choose');
    await ada.picks('choose', 'method', 'recovery-code');
    await stop('methods/recovery-code/answer');
    await ada.says('answer', { code: 'AAAA-BBBB-CCCC-DDDD' });
    await stop('methods/recovery-code/answer, wrong');
    await ada.says('answer', { code: people.ada.recoveryCodes[1] });
    await stop('sign-in/codes-left');
    await ada.says('make-codes');
    await stop('adding/recovery-codes, instead of old ones');
    await ada.says('saved');
  },

  async 'with a text'({ house }, bob, stop) {
    await bob.opens(await house.shop.signIn());
    await bob.identifies('bob');
    await stop('methods/text/answer');
    await bob.says('answer', { code: '1' });
    await stop('methods/text/answer, not a code');
    await bob.says('answer', { code: house.carrier.lastCode(BOB) });
  },

  async 'with a phone that is set up on the way'({ house }, cleo, stop) {
    await loseSecondSteps(house, 'cleo');
    await cleo.opens(await house.shop.signIn());
    await cleo.identifies('cleo');
    await stop('sign-in/enrol-intro');
    await cleo.says('enrol');
    await stop('sign-in/enrol');
    await cleo.picks('add', 'method', 'text');
    await stop('methods/text/add');
    await cleo.says('add', { country: 'DE', number: '12' });
    await stop('methods/text/add, refused');
    await cleo.says('add', { country: 'DE', number: '0151 23456789' });
    await stop('methods/text/add, code');
    await cleo.says('answer', { code: house.carrier.lastCode('+4915123456789') });
    await stop('adding/recovery-codes');
    await cleo.says('saved');
  },

  async 'with an authenticator app that is set up on the way'({ house }, cleo, stop) {
    await loseSecondSteps(house, 'cleo');
    await cleo.opens(await house.shop.signIn());
    await cleo.identifies('cleo');
    await cleo.says('enrol');
    await cleo.picks('add', 'method', 'code');
    await stop('methods/code/add');
    await cleo.says('answer', { code: '000000' });
    await stop('methods/code/add, wrong');
    await cleo.says('answer', { code: appCode(await cleo.shownSecret()) });
    await stop('adding/recovery-codes, app');
    await cleo.says('saved');
  },

  async 'with a new password, because others may know the old one'({ house }, dora, stop) {
    const { username, password, phone } = await newcomer(house);
    await administrationOf(house).passwords.requireChange(username);
    await dora.opens(await house.shop.signIn());
    await dora.says('identify', { identifier: username });
    await dora.says('answer', { password });
    await dora.says('answer', { code: house.carrier.lastCode(phone) });
    await stop('sign-in/new-password');
    await dora.says('new-password', { password });
    await stop('sign-in/new-password, the old one');
    const other = 'paper boats at daybreak';
    await dora.says('new-password', { password: other });
  },

  async 'to a partner, with a known account'({ house }, ada, stop) {
    await ada.opens(await house.shop.signIn());
    await ada.identifies('ada');
    await ada.finishesWithCode();
    await ada.reopens();
    clock.advance({ minutes: 5 });
    await ada.opens(await house.partner.signIn(OFFLINE));
    await stop('sign-in/pick-account');
    await ada.picks('identify', 'identifier', 'ada');
    await ada.says('answer', { password: people.ada.password });
    await ada.says('answer', { code: appCode(people.ada.seed) });
    await stop('sign-in/consent');
    await ada.says('consent');
  },
} as const satisfies Record<string, Walk>;

/** Where there are calls. */
export const calls = {
  async 'with a call'({ house }, ada, stop) {
    await ada.opens(await house.shop.signIn());
    await ada.identifies('ada');
    await ada.says('another-way');
    await stop('sign-in/choose, with a call');
    await ada.picks('choose', 'method', 'call');
    await stop('methods/call/answer');
    await presses(house.carrier.callTo(people.ada.phone), '#');
    await ada.reloads();
    await stop('methods/call/answer, wrong');
  },

  async 'with a phone that is called on the way'({ house }, cleo, stop) {
    await cleo.opens(await house.shop.signIn());
    await cleo.identifies('cleo');
    await cleo.says('enrol');
    await cleo.picks('add', 'method', 'text');
    await stop('methods/text/add, or a call');
    await cleo.page.getByLabel('Call me').check();
    await cleo.says('add', { country: 'DE', number: '030 123456 ext. 7' });
    await stop('methods/call/add');
  },
} as const satisfies Record<string, Walk>;

/** Everything that is met off the straight way. */
export const detours = {
  async 'pages that anybody can open'(_desk, tab, stop) {
    await tab.opens('/');
    await stop('home');
    await tab.opens('/help');
    await stop('help');
    await tab.opens('/nowhere');
    await stop('problem, not-found');
  },

  async 'no tries left'(desk, ada, stop) {
    await ada.opens(await desk.house.shop.signIn());
    await ada.identifies('ada');
    for (let tries = 0; tries < 5; tries += 1) await ada.says('answer', { code: '000000' });
    await stop('methods/code/answer, no tries left');
    await ada.says('another-way');
    await ada.picks('choose', 'method', 'code');
    for (let tries = 0; tries < 5; tries += 1) await ada.says('answer', { code: '000000' });
    await ada.says('another-way');
    await ada.picks('choose', 'method', 'code');
    await ada.says('answer', { code: '000000' });
    await stop('problem, too-many-tries');
  },

  async 'a carrier that is down'({ house }, ada, stop) {
    house.carrier.answers(503);
    await ada.opens(await house.shop.signIn());
    await ada.identifies('ada');
    await ada.says('another-way');
    await ada.picks('choose', 'method', 'text');
    await stop('methods/text/answer, undelivered');
  },

  async 'too late'({ house }, ada, stop) {
    await ada.opens(await house.shop.signIn());
    await ada.identifies('ada');
    clock.advance({ minutes: 11 });
    await ada.reloads();
    await stop('sign-in/expired');
  },

  async 'an address of a sign-in that is over'({ house }, ada, stop) {
    await ada.opens(await house.shop.signIn());
    await ada.identifies('ada');
    await ada.finishesWithCode();
    await ada.goesBack();
    await stop('problem, flow-expired');
  },

  async 'several accounts'({ house }, ada, stop) {
    await ada.opens(await house.shop.signIn());
    await ada.identifies('ada');
    await ada.finishesWithCode();
    await ada.reopens();
    await ada.opens(await house.shop.signIn());
    await ada.says('other-account');
    await stop('sign-in/identify, known accounts');
    await ada.identifies('bob');
    await ada.says('answer', { code: house.carrier.lastCode(BOB) });
    await ada.reopens();
    await ada.opens(await house.shop.signIn());
    await stop('sign-in/pick-account, several');
  },
} as const satisfies Record<string, Walk>;

/** From the question to the end of a session. */
export const signOuts = {
  async 'signing out'({ house }, ada, stop) {
    await ada.opens(await house.shop.signIn());
    await ada.identifies('ada');
    await ada.finishesWithCode();
    await ada.opens('/session/end');
    await stop('sign-out/confirm');
    await ada.opens(await signOutAddress(house));
    await stop('sign-out/confirm, asked by an app');
    await ada.opens('/session/end');
    await ada.says('end/confirm');
    await stop('sign-out/done');
  },
} as const satisfies Record<string, Walk>;

/** Where a second step is asked for only when an app wants it. */
export const stepUps = {
  async 'a second step that is asked for alone'({ house }, bob, stop) {
    await bob.opens(await house.shop.signIn());
    await bob.identifies('bob');
    await bob.opens(await house.shop.signIn({ acr_values: 'urn:doorstep:acr:mfa' }));
    await stop('sign-in/begin');
  },

  async 'nothing left to say'({ house }, ada, stop) {
    await ada.opens(await house.partner.signIn({ prompt: 'login' }));
    await ada.identifies('ada');
    const address = ada.page.url();
    await stop('sign-in/consent, password only');
    // What this sign-in waits for is allowed in another one.
    await ada.opens(await house.partner.signIn({ prompt: 'login' }));
    await ada.identifies('ada');
    await ada.says('consent');
    await ada.opens(address);
    await stop('sign-in/continue');
    await ada.says('continue');
  },
} as const satisfies Record<string, Walk>;

/** As on their first day, so that walks can be repeated. */
export async function loseSecondSteps({ connection }: House, name: PersonName): Promise<void> {
  const accounts = createAccounts(connection);
  const account = await accounts.findById(`id-${name}`);
  const credentials = account?.credentials.filter(({ kind }) => kind === 'password');
  await accounts.model.updateOne({ _id: `id-${name}` }, { $set: { credentials } });
}

let newcomers = 0;

/** Somebody with a phone who was never here: what happens to them is nobody else's business. */
export async function newcomer(house: House) {
  newcomers += 1;
  const person = { username: `dora-${newcomers}`, password: 'doors open to the east' };
  const phone = `+44740012${1000 + newcomers}`;
  const office = administrationOf(house);
  await office.accounts.create({ username: person.username }, person.password);
  await office.methods.addPhone(person.username, { number: phone });
  return { ...person, phone };
}

/** Where the shop sends people who sign out there. */
export async function signOutAddress({ shop }: House): Promise<URL> {
  return client.buildEndSessionUrl(await shop.configuration(), {
    post_logout_redirect_uri: 'http://127.0.0.1:4999/shop/bye',
  });
}
