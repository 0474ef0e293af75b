/**
 * Whose sign-in it is: ids, codes and tokens of one person, app or browser never serve another,
 * and every way in ends in the same policy.
 */
import { expect } from 'chai';
import * as client from 'openid-client';

import { hiddenFields } from '../support/at-once.ts';
import { clock } from '../support/clock.ts';
import { describeHouse } from '../support/describe-house.ts';
import { people, type PersonName } from '../support/people.ts';
import { recordsOf } from '../support/records.ts';
import type { Visitor } from '../support/visitor.ts';
import { flowOf, ways } from '../support/at-each-step.ts';

const MFA = 'urn:doorstep:acr:mfa';
const SID = { claims: JSON.stringify({ id_token: { sid: { essential: true } } }) };

describeHouse('Whose sign-in it is', {}, (house) => {
  /** From wherever the browser is asked who it is, to the app. */
  async function signsIn(visitor: Visitor, name: PersonName): Promise<URL> {
    if (visitor.sees() === 'methods/password/answer') await visitor.presses('restart');
    if (visitor.sees() === 'sign-in/pick-account') await visitor.presses('other-account');
    await visitor.says({ identifier: name });
    await visitor.says({ password: people[name].password });
    const code = name === 'bob' ? house.carrier.lastCode(people.bob.phone) : visitor.code();
    await visitor.says({ code });
    // The library's own page, which submits itself where there is script.
    while (visitor.sees().startsWith('status')) await visitor.submit(visitor.formFor('form'), {});
    return visitor.landed();
  }

  async function signedIn(): Promise<{ ada: Visitor; landed: URL }> {
    const ada = house.visitor('ada');
    await ada.opens(await house.shop.signIn(SID));
    return { ada, landed: await signsIn(ada, 'ada') };
  }

  const isActive = async (token: string): Promise<boolean> =>
    (await client.tokenIntrospection(await house.shop.configuration(), token)).active;

  const failure = async (tokens: Promise<unknown>): Promise<string> => {
    try {
      await tokens;
    } catch (error) {
      if (error instanceof client.ResponseBodyError) return error.error;
      throw error;
    }
    return 'no failure';
  };

  it('shares no session between two people of one browser (C-12)', async () => {
    const { ada: browser, landed } = await signedIn();
    const adas = await house.shop.welcome(landed);
    expect(adas.claims()?.sid).to.be.a('string');
    const cookie = await browser.jar.getCookieString(house.issuer);
    await browser.opens(await house.shop.signIn({ prompt: 'login', ...SID }));
    const bobs = await house.shop.welcome(await signsIn(browser, 'bob'));
    expect(bobs.claims()?.sub).to.equal('id-bob');
    expect(bobs.claims()?.sid).to.not.equal(adas.claims()?.sid);
    expect(await isActive(bobs.access_token)).to.equal(true);
    expect(await isActive(adas.access_token), 'she was signed out').to.equal(false);

    const silent = (await house.shop.signIn({ prompt: 'none', ...SID })).href;
    const old = await house.visitor().raw(silent, { headers: { cookie } });
    expect(old.headers.get('location')).to.contain('login_required');
    await browser.opens(await house.shop.signIn({ prompt: 'none', ...SID }));
    expect((await house.shop.claims(browser.landed())).sub).to.equal('id-bob');
  });

  it('leaves nothing of a cancelled sign-in to the next one (C-15)', async () => {
    const { ada: browser, landed } = await signedIn();
    const adas = await house.shop.claims(landed);
    expect(adas.sid).to.be.a('string');
    await browser.opens(await house.shop.signIn({ prompt: 'login', ...SID }));
    await browser.presses('cancel');
    expect(browser.landed().searchParams.get('error')).to.equal('access_denied');
    await browser.opens(await house.shop.signIn({ prompt: 'none', ...SID }));
    expect((await house.shop.claims(browser.landed())).sid, 'still hers').to.equal(adas.sid);

    await browser.opens(await house.shop.signIn({ prompt: 'login', ...SID }));
    await browser.presses('cancel');
    await browser.opens(await house.shop.signIn({ prompt: 'login', ...SID }));
    const bobs = await house.shop.claims(await signsIn(browser, 'bob'));
    expect(bobs.sub).to.equal('id-bob');
    expect(bobs.sid).to.not.equal(adas.sid);
    expect(bobs.auth_time).to.be.above(Number(adas.auth_time) - 1);
  });

  it('keeps the account over step-up and refresh, whatever a form says (C-43)', async () => {
    const { ada, landed } = await signedIn();
    const tokens = await house.shop.welcome(landed);
    clock.advance({ minutes: 5 });
    await ada.opens(await house.shop.signIn({ prompt: 'login', acr_values: MFA }));
    await ada.says({ password: people.ada.password });
    const form = ada.formFor('form[data-step="answer"]');
    await ada.submit(form, { code: ada.code(), account: 'id-bob', sub: 'id-bob', _id: 'id-bob' });
    expect((await house.shop.claims(ada.landed())).sub).to.equal('id-ada');
    const config = await house.shop.configuration();
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '', {
      sub: 'id-bob',
      account_id: 'id-bob',
    });
    expect(refreshed.claims()?.sub).to.equal('id-ada');
  });

  it('gives no code to another app, address or verifier, and none is spared (C-05, C-30)', async () => {
    const other = client.randomPKCECodeVerifier();
    for (const swap of [
      { client_id: 'partner', client_secret: 'partner-secret-with-32-bytes-and-more' },
      { redirect_uri: house.partner.redirectUri },
      { redirect_uri: `${house.shop.redirectUri}/` },
      { redirect_uri: undefined },
      { code_verifier: other },
      { code_verifier: '' },
      { code_verifier: undefined },
    ]) {
      clock.advance({ minutes: 2 });
      const { landed } = await signedIn();
      const fields = {
        grant_type: 'authorization_code',
        client_id: 'shop',
        client_secret: 'shop-secret-with-32-bytes-and-more',
        code: landed.searchParams.get('code') ?? '',
        redirect_uri: house.shop.redirectUri,
        code_verifier: other,
        ...swap,
      };
      const body = new URLSearchParams(
        Object.entries(fields).filter((field): field is [string, string] => Boolean(field[1])),
      );
      const answer = await fetch(new URL('/token', house.issuer), { method: 'POST', body });
      const { error } = (await answer.json()) as { error?: string };
      expect(error, JSON.stringify(swap)).to.be.oneOf(['invalid_grant', 'invalid_request']);
    }
  });

  it('lets nobody change what an app asked for on the way (C-10)', async () => {
    const ada = house.visitor('ada');
    await ada.opens(await house.shop.signIn({ acr_values: MFA, scope: 'openid' }));
    const more = {
      client_id: 'partner',
      redirect_uri: 'http://evil.example/',
      response_type: 'code id_token',
      response_mode: 'fragment',
      scope: 'openid email offline_access',
      acr_values: 'urn:doorstep:acr:pwd',
      prompt: 'none',
      state: 'another',
    };
    const before = JSON.parse(await flowOf(house, ada)) as { request: object };
    const query = new URLSearchParams(more).toString();
    for (const typed of [{ identifier: 'ada' }, { password: people.ada.password }]) {
      const form = ada.formFor('form[data-step]');
      form.setAttribute('action', `${form.getAttribute('action')}?${query}`);
      await ada.submit(form, { ...more, ...typed });
    }
    expect(ada.sees(), 'the second step is still asked').to.equal('methods/code/answer');
    const { request } = JSON.parse(await flowOf(house, ada)) as { request: object };
    expect(request).to.deep.equal(before.request);
    const last = ada.formFor('form[data-step="answer"]');
    const resume = await ada.raw(last.getAttribute('action') ?? '', {
      method: 'POST',
      body: new URLSearchParams({ ...hiddenFields(last), ...more, code: ada.code() }),
    });
    const [, to] = /url=([^"]+)"/.exec(await resume.text()) ?? [];
    await ada.opens(`${to}?${query}`);
    const landed = ada.landed();
    expect(landed.href.split('?')[0]).to.equal(house.shop.redirectUri);
    const tokens = await house.shop.welcome(landed);
    expect(tokens.scope).to.equal('openid');
    expect(tokens.claims()?.acr).to.equal(MFA);
  });

  it('forgets a revoked token at every door (C-40)', async () => {
    const { landed } = await signedIn();
    const tokens = await house.shop.welcome(landed);
    const config = await house.shop.configuration();
    await client.tokenRevocation(config, tokens.access_token);
    await client.tokenRevocation(config, tokens.refresh_token ?? '');
    for (const round of ['at once', 'after a restart']) {
      if (round === 'after a restart') await house.restart();
      expect(await isActive(tokens.access_token), round).to.equal(false);
      expect(await isActive(tokens.refresh_token ?? ''), round).to.equal(false);
      const headers = { authorization: `Bearer ${tokens.access_token}` };
      expect((await fetch(new URL('/me', house.issuer), { headers })).status, round).to.equal(401);
      expect(await failure(client.refreshTokenGrant(config, tokens.refresh_token ?? ''))).to.equal(
        'invalid_grant',
      );
    }
  });

  it('opens nothing with the cookies of a sign-in that waits for its second step (C-34)', async () => {
    const ada = await ways['answer, code'](house);
    const cookie = await ada.jar.getCookieString(ada.at().href);
    const silent = (await house.shop.signIn({ prompt: 'none' })).href;
    const before = await recordsOf(house.connection);
    const answer = await ada.raw(silent, { headers: { cookie } });
    expect(answer.headers.get('location')).to.contain('login_required');
    const uid = ada.at().pathname.split('/')[2] ?? '';
    const resumed = await ada.raw(`/auth/${uid}`, { headers: { cookie } });
    expect(resumed.headers.get('location') ?? '').not.to.match(/[?&]code=/);
    expect(await resumed.text()).not.to.match(/[?&]code=/);
    for (const token of [uid, ...cookie.split(/[=; ]+/)]) {
      const me = await fetch(new URL('/me', house.issuer), {
        headers: { authorization: `Bearer ${token}` },
      });
      expect(me.status, token).to.equal(401);
    }
    expect((await recordsOf(house.connection)).Account).to.deep.equal(before.Account);
  });

  /** Every way in that there is, for a browser that nobody is signed in with or somebody is. */
  const entries: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'as apps do': {},
    'with prompt=login': { prompt: 'login' },
    'with prompt=select_account': { prompt: 'select_account' },
    'with a name': { login_hint: 'ada' },
    'with an age': { max_age: '0' },
    'with the lower level': { acr_values: 'urn:doorstep:acr:pwd' },
    'with an essential claim': {
      claims: JSON.stringify({
        id_token: { acr: { essential: true, value: 'urn:doorstep:acr:pwd' } },
      }),
    },
  };
  for (const [name, wishes] of Object.entries(entries)) {
    it(`asks for both steps on every way in: ${name} (C-39, S-033)`, async () => {
      for (const pushed of [false, true]) {
        clock.advance({ minutes: 2 });
        const ada = house.visitor('ada');
        const plain = await house.shop.signIn(wishes);
        const params = Object.fromEntries(plain.searchParams);
        const config = await house.shop.configuration();
        await ada.opens(pushed ? await client.buildAuthorizationUrlWithPAR(config, params) : plain);
        const { acr, amr } = await house.shop.claims(await signsIn(ada, 'ada'));
        expect({ acr, amr }).to.deep.equal({ acr: MFA, amr: ['mfa', 'otp', 'pwd'] });
      }
    });
  }
});
