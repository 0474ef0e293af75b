import { expect } from 'chai';

import { signedIn } from '../../../src/oidc/finish-interaction.ts';
import { saveConsent } from '../../../src/oidc/grants.ts';
import {
  ada,
  asAda,
  authorize,
  bobsBoth,
  byBoth,
  byPassword,
  DAY,
  error,
  shop,
  smallProvider,
  type SmallProvider,
  visits,
} from './small-provider.ts';

const mfa = 'urn:doorstep:acr:mfa';
const pwd = 'urn:doorstep:acr:pwd';
const HOUR = 60 * 60;

describe('provider', () => {
  let op: SmallProvider;
  let claimsFor: ReturnType<typeof visits>['claimsFor'];
  let post: ReturnType<typeof visits>['post'];
  let redeem: ReturnType<typeof visits>['redeem'];
  let signIn: ReturnType<typeof visits>['signIn'];
  beforeEach(async () => {
    op = await smallProvider();
    op.result.next = asAda(byBoth, op);
    ({ claimsFor, post, redeem, signIn } = visits(op));
  });
  afterEach(() => op.stop());

  describe('a sign-in', () => {
    it('ends in an ID token that says how it was done, and nothing personal', async () => {
      const { code, url } = await signIn({ scope: 'openid profile email' });
      expect(url.searchParams.get('iss')).to.equal(op.issuer);
      expect(url.searchParams.get('state')).to.equal('a state');
      const claims = await claimsFor(code);
      expect(claims).to.include({ sub: 'ada', acr: mfa, nonce: 'a nonce' });
      expect(claims.amr).to.deep.equal(['mfa', 'pwd', 'sms']);
      expect(claims.auth_time).to.be.a('number');
      expect(claims).not.to.have.any.keys('name', 'email');
    });

    it('tells userinfo what the scopes allow', async () => {
      const { body } = await redeem((await signIn({ scope: 'openid email' })).code);
      const headers = { authorization: `Bearer ${String(body.access_token)}` };
      const answer = await op.browser().request('/me', { headers });
      expect(await answer.json()).to.deep.equal({
        ...{ sub: 'ada', email: 'ada@example.org', email_verified: false },
      });
    });

    it('tells resource servers how it was done', async () => {
      const { body } = await redeem((await signIn()).code);
      const told = await post('/token/introspection', { token: String(body.access_token) });
      expect(told.body).to.include({ active: true, acr: mfa });
      expect(told.body.auth_time).to.be.a('number');
    });

    it('takes few trips to the database', async () => {
      await redeem((await signIn()).code);
      expect(op.records.writes).to.deep.equal([
        ...['put Client', 'put Interaction', 'result Interaction', 'put Grant'],
        ...['put AuthorizationCode', 'put Session', 'put AccessToken', 'put RefreshToken'],
      ]);
    });

    it('is not finished by another browser (S-164)', async () => {
      delete op.result.next;
      const { url } = await op.browser().follow(authorize());
      op.result.next = asAda(byBoth, op);
      const { response } = await op.browser().follow(url.href);
      expect(response.status).to.equal(400);
    });
  });

  describe('consent', () => {
    const theirs = { accountId: 'ada', clientId: 'shop', scopes: ['openid', 'email'], claims: [] };
    const kinds = () => [...op.records.all.values()].map(({ kind }) => kind);
    const allow = async () => {
      const grantId = await saveConsent(op.provider, theirs);
      const now = op.clock.now();
      return signedIn({ accountId: 'ada', proofs: byBoth(now), remember: true, grantId }, now);
    };
    beforeEach(() => op.clients.save({ ...shop, first_party: false }));

    it('is not taken for granted by signing in', async () => {
      op.result.next = () => {
        delete op.result.next;
        return asAda(byBoth, op)();
      };
      await signIn();
      expect(op.started.map(({ prompts }) => prompts)).to.deep.equal([['login'], ['consent']]);
      expect(kinds()).not.to.include('Grant');
    });

    it('comes with the sign-in it was asked in', async () => {
      op.result.next = allow;
      expect((await signIn({ scope: 'openid email' })).code).not.to.equal('');
      expect(op.started).to.have.lengthOf(1);
    });

    it('is remembered in other browsers, under a grant of their own', async () => {
      op.result.next = allow;
      await signIn({ scope: 'openid email' });
      op.result.next = asAda(byBoth, op);
      expect((await signIn({ scope: 'openid' })).code).not.to.equal('');
      expect(kinds().filter((kind) => kind === 'Grant')).to.have.lengthOf(2);
      expect(await op.grants.isConsented(theirs)).to.equal(true);
      expect(await op.grants.isConsented({ ...theirs, scopes: ['phone'] })).to.equal(false);
      expect(await op.grants.isConsented({ ...theirs, accountId: 'bob' })).to.equal(false);
    });

    it('is asked for again when the app wants more', async () => {
      op.result.next = allow;
      const { browser } = await signIn({ scope: 'openid email' });
      const more = await signIn({ scope: 'openid email phone', prompt: 'none' }, browser);
      expect(error(more)).to.equal('consent_required');
    });
  });

  describe('single sign-on', () => {
    it('is silent, says the same, and writes nothing but the code', async () => {
      const { browser } = await signIn();
      op.records.writes.length = 0;
      const { code } = await signIn({ prompt: 'none' }, browser);
      expect(op.records.writes).to.deep.equal(['put AuthorizationCode']);
      expect((await claimsFor(code)).acr).to.equal(mfa);
    });

    it('asks only what lacks when an app wants more (S-043)', async () => {
      op.result.next = asAda(byPassword, op);
      const { browser } = await signIn();
      op.result.next = asAda(byBoth, op);
      const { code } = await signIn({ acr_values: mfa }, browser);
      const [, stepUp] = op.started;
      expect(stepUp?.goal).to.deep.equal({ acr: mfa });
      expect(stepUp?.sessionAccount).to.equal('ada');
      expect(stepUp?.proofs.map(({ method }) => method)).to.deep.equal(['password']);
      expect((await claimsFor(code)).acr).to.equal(mfa);
    });

    it('changes the session id with every step-up (S-160)', async () => {
      op.result.next = asAda(byPassword, op);
      const { browser } = await signIn();
      const old = await browser.jar.clone();
      op.result.next = asAda(byBoth, op);
      await signIn({ acr_values: mfa }, browser);
      const thief = op.browser();
      for (const cookie of await old.getCookies(op.issuer))
        await thief.jar.setCookie(cookie, op.issuer);
      expect(error(await signIn({ prompt: 'none' }, thief))).to.equal('login_required');
    });

    it('never yields less than was asked', async () => {
      op.result.next = asAda(byPassword, op);
      const outcome = await signIn({ acr_values: mfa });
      expect(error(outcome)).to.equal('unmet_authentication_requirements');
    });

    it('forgets a second step after a day, and the token says so (S-050)', async () => {
      const { browser } = await signIn();
      op.time.ahead = DAY + 1;
      expect(error(await signIn({ prompt: 'none', acr_values: mfa }, browser))).to.equal(
        'interaction_required',
      );
      const claims = await claimsFor((await signIn({ prompt: 'none' }, browser)).code);
      expect(claims.acr).to.equal(pwd);
      expect(claims.amr).to.deep.equal(['pwd']);
    });

    it('forgets a second step after an idle hour, and coming back does not revive it', async () => {
      const { browser } = await signIn();
      op.time.ahead = HOUR + 1;
      await signIn({ prompt: 'none' }, browser);
      const again = await signIn({ prompt: 'none', acr_values: mfa }, browser);
      expect(error(again)).to.equal('interaction_required');
    });

    it('keeps a second step for a day while the browser keeps coming', async () => {
      const { browser } = await signIn();
      for (op.time.ahead = 0; op.time.ahead < DAY; op.time.ahead += HOUR / 2) {
        const outcome = await signIn({ prompt: 'none', acr_values: mfa }, browser);
        expect(error(outcome), `after ${op.time.ahead} s`).to.equal(null);
      }
      op.time.ahead = DAY;
      const outcome = await signIn({ prompt: 'none', acr_values: mfa }, browser);
      expect(error(outcome)).to.equal('interaction_required');
    });

    it('ends thirty days after the password, however often it is used (S-162)', async () => {
      const { browser } = await signIn();
      for (let day = 1; day < 30; day += 1) {
        op.time.ahead = day * DAY;
        expect(error(await signIn({ prompt: 'none' }, browser)), `day ${day}`).to.equal(null);
      }
      op.time.ahead = 30 * DAY;
      expect(error(await signIn({ prompt: 'none' }, browser))).to.equal('login_required');
    });

    it('ends after a day where "Stay signed in" was not wanted', async () => {
      op.result.next = asAda(byBoth, op, false);
      const { browser } = await signIn();
      op.time.ahead = DAY - 1;
      expect(error(await signIn({ prompt: 'none' }, browser))).to.equal(null);
      op.time.ahead = DAY;
      expect(error(await signIn({ prompt: 'none' }, browser))).to.equal('login_required');
    });

    for (const [rememberDays, days] of [
      [7, 7],
      [0, 1],
    ] as const) {
      it(`ends after ${days} days where policy says ${rememberDays}`, async () => {
        await op.stop();
        op = await smallProvider({ rememberDays });
        op.result.next = asAda(byBoth, op);
        ({ signIn } = visits(op));
        const { browser } = await signIn();
        op.time.ahead = days * DAY - 1;
        expect(error(await signIn({ prompt: 'none' }, browser))).to.equal(null);
        op.time.ahead = days * DAY;
        expect(error(await signIn({ prompt: 'none' }, browser))).to.equal('login_required');
      });
    }

    it('asks again when the account is disabled', async () => {
      const { browser } = await signIn();
      op.people.delete('ada');
      expect(error(await signIn({ prompt: 'none' }, browser))).to.equal('login_required');
    });

    it('serves two apps at once without losing either', async () => {
      await op.clients.save({
        ...shop,
        client_id: 'blog',
        redirect_uris: ['https://blog.example/cb'],
      });
      const { browser } = await signIn();
      const [one, two] = await Promise.all([
        browser.follow(authorize({ prompt: 'none' })),
        browser.follow(authorize({ prompt: 'none' }, 'blog')),
      ]);
      expect(error(one)).to.equal(null);
      expect(error(two)).to.equal(null);
      const session = [...op.records.all.values()].find(({ kind }) => kind === 'Session');
      if (!session) throw new Error('the session is gone');
      const { authorizations } = op.payloads.open(session) as { authorizations: object };
      expect(authorizations).to.have.all.keys('shop', 'blog');
    });
  });

  it('signs the first account out when a sign-in ends as another (S-165)', async () => {
    const { browser } = await signIn();
    asBob();
    const { response } = await browser.follow(authorize({ prompt: 'select_account' }));
    const page = await response.text();
    // The library's page submits itself, or is sent by hand; a page leads on from there.
    const policy = response.headers.get('content-security-policy');
    expect(policy).to.match(/script-src 'self' 'sha256-[^']+'/);
    expect(policy).to.match(/form-action 'self'(;|$)/);
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
    const done = await browser.post('/session/end/confirm', { xsrf, logout: 'yes' });
    const { name, href } = (await done.json()) as { name: string; href: string };
    expect([done.status, name]).to.deep.equal([200, 'sign-in/leave']);
    expect(href).to.match(/^\/auth\/[\w-]+$/);
    const { url } = await browser.follow(href);
    expect((await claimsFor(url.searchParams.get('code') ?? '')).sub).to.equal('bob');
  });

  it('makes no interaction again that another request finished meanwhile (S-030)', async () => {
    const { browser } = await signIn();
    asBob();
    const find = op.records.find.bind(op.records);
    op.records.find = async (kind, id) => {
      const found = await find(kind, id);
      if (kind === 'Interaction' && found) op.records.all.delete(found._id);
      return found;
    };
    const { response } = await browser.follow(authorize({ prompt: 'select_account' }));
    expect(response.status).to.equal(410);
    const kinds = [...op.records.all.values()].map(({ kind }) => kind);
    expect(kinds).not.to.include('Interaction');
  });

  function asBob(): void {
    op.people.set('bob', { ...ada, _id: 'bob' });
    op.result.next = () => {
      const now = op.clock.now();
      return signedIn({ accountId: 'bob', proofs: bobsBoth(now), remember: true }, now);
    };
  }

  describe('a code', () => {
    it('is redeemed once by fifty who try at once (S-172)', async () => {
      const { code } = await signIn();
      const outcomes = await Promise.all(Array.from({ length: 50 }, () => redeem(code)));
      expect(outcomes.filter(({ status }) => status === 200)).to.have.lengthOf(1);
      const others = outcomes.filter(({ status }) => status !== 200);
      expect(
        others.every(({ status, body }) => status === 400 && body.error === 'invalid_grant'),
      ).to.equal(true);
    });

    it('takes its tokens along when it comes a second time (S-171)', async () => {
      const { code } = await signIn();
      const { body } = await redeem(code);
      expect((await redeem(code)).body.error).to.equal('invalid_grant');
      const told = await post('/token/introspection', { token: String(body.access_token) });
      expect(told.body).to.deep.equal({ active: false });
    });

    it('is dead after a minute', async () => {
      const { code } = await signIn();
      op.time.ahead = 60;
      expect((await redeem(code)).body.error).to.equal('invalid_grant');
    });
  });

  describe('a refresh token', () => {
    const refresh = (token: string | undefined) =>
      post('/token', { grant_type: 'refresh_token', refresh_token: String(token) });

    it('keeps level and time (S-051)', async () => {
      const first = (await redeem((await signIn()).code)).body;
      const second = (await refresh(first.refresh_token)).body;
      const told = await post('/token/introspection', { token: String(second.access_token) });
      expect(told.body.acr).to.equal(mfa);
    });

    it('serves all of many who try at once, of a client with a secret', async () => {
      const { refresh_token: token } = (await redeem((await signIn()).code)).body;
      const outcomes = await Promise.all(Array.from({ length: 20 }, () => refresh(token)));
      expect(outcomes.filter(({ status }) => status === 200)).to.have.lengthOf(20);
    });
  });

  it('says in its discovery what it can do', async () => {
    const response = await op.browser().request('/.well-known/openid-configuration');
    const said = (await response.json()) as Record<string, unknown>;
    expect(said).to.deep.include({
      ...{ response_types_supported: ['code'], code_challenge_methods_supported: ['S256'] },
      ...{ acr_values_supported: [pwd, mfa], claims_parameter_supported: true },
      ...{ authorization_response_iss_parameter_supported: true },
      ...{ backchannel_logout_supported: true, ui_locales_supported: ['en'] },
    });
    expect(said).not.to.have.any.keys('registration_endpoint', 'device_authorization_endpoint');
  });
});
