/**
 * Ways through "My account", as people go them who manage their own methods.
 */
import type { Desk, Tab } from '../support/browser.ts';
import { appCode, people } from '../support/people.ts';
import { newcomer, type Stop } from './walks.ts';

type Walk = (desk: Desk, tab: Tab, stop: Stop) => Promise<void>;

async function comesIn(tab: Tab): Promise<void> {
  await tab.opens('/account');
  await tab.identifies('ada');
  await tab.finishesWithCode();
}

export const accounts = {
  async 'a method is added and deleted, and the deletion undone'(_desk, ada, stop) {
    await comesIn(ada);
    await stop('account/security-info');
    await ada.picks('change', 'act', 'add');
    await stop('security-info/choose-method');
    await ada.page.getByLabel('Authenticator app').check();
    await ada.says('add');
    await ada.says('answer', { code: appCode(await ada.shownSecret()) });
    await stop('security-info/added');
    await ada.says('done');
    await stop('account/security-info, added');
    await ada.picks('change', 'credential', 'app');
    await stop('security-info/remove');
    await ada.says('remove');
    await stop('account/security-info, deleted');
    await ada.picks('change', 'act', 'restore');
    await stop('account/security-info, undone');
  },

  async 'an app is moved to a new phone'(_desk, ada, stop) {
    await comesIn(ada);
    await ada.opens('/account/new-phone');
    await stop('account/new-phone');
    await ada.picks('change', 'act', 'move');
    await stop('security-info/choose-method, for a new phone');
    await ada.page.getByLabel('Authenticator app').check();
    await ada.says('add');
    await ada.says('answer', { code: appCode(await ada.shownSecret()) });
    await stop('security-info/added, on a new phone');
    await ada.says('done');
    await stop('account/new-phone, moved');
  },

  async 'the default, the codes and the password are changed'(_desk, ada, stop) {
    await comesIn(ada);
    await ada.picks('change', 'act', 'default');
    await stop('security-info/default');
    await ada.page.getByLabel(/Phone - text/).check();
    await ada.says('default');
    await stop('account/security-info, another default');
    await ada.picks('change', 'act', 'codes');
    await stop('security-info/make-codes');
    await ada.says('make-codes');
    await stop('adding/recovery-codes, of My account');
    await ada.says('saved');
    await ada.picks('change', 'act', 'password');
    await stop('methods/password/answer, of My account');
    await ada.says('answer', { password: people.ada.password });
    await stop('security-info/new-password');
    await ada.says('new-password', { password: people.ada.password });
    await stop('security-info/new-password, the old one');
    await ada.says('cancel');
  },

  async 'sessions, activity, apps and profile are looked at'({ house }, dora, stop) {
    const { username, password, phone } = await newcomer(house);
    await dora.opens(await house.partner.signIn({ prompt: 'consent' }));
    await dora.says('identify', { identifier: username });
    await dora.says('answer', { password });
    await dora.says('answer', { code: house.carrier.lastCode(phone) });
    await dora.says('consent');
    await dora.opens('/account/sessions');
    await stop('account/sessions');
    await dora.opens('/account/activity');
    await stop('account/activity');
    await dora.opens('/account/apps');
    await stop('account/apps');
    await dora.picks('change', 'act', 'end-app');
    await stop('security-info/end-app');
    await dora.says('remove');
    await stop('account/apps, without it');
    await dora.opens('/account/profile');
    await stop('account/profile');
  },
} as const satisfies Record<string, Walk>;
