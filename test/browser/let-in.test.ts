import { expect } from 'chai';

import { openDesk } from '../support/browser.ts';
import { people } from '../support/people.ts';
import { openPostBox } from '../support/mail-server.ts';
import { checkPage } from './page-check.ts';
import { checkFields, checkKeyboard } from './page-fields.ts';

describe('A browser that is let in by mail', () => {
  const channels: { mail?: object } = {};
  let post: Awaited<ReturnType<typeof openPostBox>>;
  before(async () => {
    post = await openPostBox();
    channels.mail = { url: post.url, from: 'Doorstep <no@example.org>' };
  });
  after(() => post.close());
  const desk = openDesk({ channels });

  it('goes on in the tab that asked, after a confirmation in another one (D-8)', async () => {
    const { house } = desk;
    const attempts = { version: 1, tallies: { password: { times: [new Date()], streak: 100 } } };
    await house.connection.model('Account').updateOne({ _id: 'id-ada' }, { $set: { attempts } });
    const ada = await desk.visitor();
    const looksAt = async (tab: typeof ada, page: string): Promise<void> => {
      expect(await tab.sees()).to.equal(page);
      await checkFields(tab.page, page);
      await checkPage(tab.page, page);
      await checkKeyboard(tab.page);
    };
    await ada.opens(await house.shop.signIn());
    await ada.identifies('ada');
    await looksAt(ada, 'problem');
    await ada.says('let-in');
    await looksAt(ada, 'sign-in/let-in');

    await house.settles();
    const link = /^http:\S+$/m.exec(post.mails[0]?.mail.text ?? '')?.[0] ?? '';
    const mailed = await desk.tabOf(ada);
    await mailed.opens(link);
    await looksAt(mailed, 'sign-in/let-in-confirm');
    await mailed.says('confirm');
    await looksAt(mailed, 'sign-in/let-in-done');

    await ada.says('continue');
    await ada.says('answer', { password: people.ada.password });
    await ada.finishesWithCode();
    expect(ada.landed().searchParams.has('code')).to.equal(true);
  });
});
