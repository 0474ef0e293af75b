/**
 * Apps whose own address leads on to another origin: no form of ours may stand at the beginning
 * of that chain, because browsers hold every address in it against our policy (S-190).
 */
import { expect } from 'chai';

import { openDesk, type Tab } from '../support/browser.ts';
import { appCode, people } from '../support/people.ts';

const MOVED = 'http://127.0.0.1:4999/moved';
const BACK = { redirect_uri: `${MOVED}/back` };
const CONSENT = { scope: 'openid offline_access', prompt: 'consent', ...BACK };

describe('An app that leads on to somewhere else (S-190)', () => {
  const desk = openDesk();

  before(async () => {
    for (const id of ['shop', 'partner']) {
      const moved = {
        redirect_uris: [BACK.redirect_uri, `http://127.0.0.1:4999/${id}/back`],
        post_logout_redirect_uris: [`${MOVED}/bye`],
      };
      await desk.house.registers(id, moved);
    }
  });

  /** At the other end of the chain, after one call of the app. */
  async function arrives(tab: Tab, act: () => Promise<unknown>): Promise<URL> {
    let calls = 0;
    tab.page.on('request', (request) => (calls += request.url().startsWith(MOVED) ? 1 : 0));
    await act();
    await tab.page.waitForURL('**/arrived?*');
    expect(calls, 'calls of the app').to.equal(1);
    return new URL(tab.page.url());
  }

  const code = () => ({ code: appCode(people.ada.seed) });

  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? '' : ', without script';

    it(`is reached by a sign-in, and nothing is left to go back to${how}`, async () => {
      const ada = await desk.atSecondStep('ada', { more: BACK, javaScriptEnabled });
      const landed = await arrives(ada, () => ada.says('answer', code()));
      expect(landed.searchParams.get('code')).to.be.a('string');
      await ada.page.goBack();
      expect(await ada.sees()).to.equal('problem');
      await ada.page.goForward();
      expect(ada.page.url()).to.equal(landed.href);
    });

    it(`is reached by giving up${how}`, async () => {
      const ada = await desk.atSecondStep('ada', { more: BACK, javaScriptEnabled });
      const landed = await arrives(ada, () => ada.says('cancel'));
      expect(landed.searchParams.get('error')).to.equal('access_denied');
    });

    it(`is reached by signing out${how}`, async () => {
      const ada = await desk.atSecondStep('ada', { javaScriptEnabled, more: BACK });
      await arrives(ada, () => ada.says('answer', code()));
      const bye = new URLSearchParams({
        client_id: 'shop',
        post_logout_redirect_uri: `${MOVED}/bye`,
        state: 'kept',
      });
      await ada.opens(`/session/end?${bye.toString()}`);
      const landed = await arrives(ada, () => ada.says('end/confirm'));
      expect(landed.searchParams.get('state')).to.equal('kept');
    });
  }

  it('is reached by consent', async () => {
    const ada = await desk.visitor();
    await ada.opens(await desk.house.partner.signIn(CONSENT));
    await ada.identifies('ada');
    await ada.says('answer', code());
    const landed = await arrives(ada, () => ada.says('consent'));
    expect(landed.searchParams.get('code')).to.be.a('string');
  });

  it('is reached when accounts change', async () => {
    const ada = await desk.atSecondStep('ada');
    await ada.says('answer', code());
    await ada.opens(await desk.house.shop.signIn({ prompt: 'select_account', ...BACK }));
    await ada.says('other-account');
    await ada.identifies('bob');
    const texted = { code: desk.house.carrier.lastCode(people.bob.phone) };
    const landed = await arrives(ada, () => ada.says('answer', texted));
    expect(landed.searchParams.get('code')).to.be.a('string');
  });

  it('is reached by an answer that is a form of its own', async () => {
    const ada = await desk.atSecondStep('ada', { more: { response_mode: 'form_post', ...BACK } });
    await arrives(ada, () => ada.says('answer', code()));
  });

  it('on the phone, by a tap (RFC 8252 §7.1)', async () => {
    const redirect_uri = 'com.example.app:/back';
    await desk.house.registers('native', {
      ...{ first_party: true, application_type: 'native', token_endpoint_auth_method: 'none' },
      redirect_uris: [redirect_uri],
    });
    const ada = await desk.atSecondStep('ada', { more: { client_id: 'native', redirect_uri } });
    await ada.says('answer', code());
    expect(await ada.sees()).to.equal('sign-in/leave');
    const answer = ada.page.waitForResponse((response) => response.status() === 303);
    await ada.page.click('a.primary');
    const { location = '' } = await (await answer).allHeaders();
    expect(location).to.match(/^com\.example\.app:\/back\?code=/);
  });
});
