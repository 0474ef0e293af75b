import { expect } from 'chai';
import * as client from 'openid-client';

import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';

describe('Tokens', () => {
  let house: House;
  before(async () => (house = await openHouse({ policy: { twoSteps: 'when-asked' } })));
  after(() => house.close());
  beforeEach(() => clock.advance({ minutes: 20 }));

  /** Ada signed in by password, and what the shop then holds. */
  async function signedIn(more: Readonly<Record<string, string>> = {}) {
    const ada = await house.atSecondStep('ada', more);
    const landed = ada.landed();
    return { ada, landed, tokens: await house.shop.welcome(landed) };
  }

  const failure = async (action: Promise<unknown>): Promise<string> => {
    try {
      await action;
    } catch (error) {
      if (error instanceof client.ResponseBodyError) return error.error;
      throw error;
    }
    return 'no failure';
  };

  it('open the userinfo endpoint with what the scopes allow', async () => {
    const { tokens } = await signedIn();
    const config = await house.shop.configuration();
    const info = await client.fetchUserInfo(config, tokens.access_token, 'id-ada');
    expect(info).to.include({
      sub: 'id-ada',
      name: 'Ada Lovelace',
      preferred_username: 'ada',
      email: 'ada@example.org',
      email_verified: true,
    });
    expect(info).not.to.have.property('phone_number');
  });

  it('are refreshed, and keep the sign-in they came from (S-051)', async () => {
    const { tokens } = await signedIn();
    const config = await house.shop.configuration();
    clock.advance({ minutes: 5 });
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
    expect(refreshed.claims()?.auth_time).to.equal(tokens.claims()?.auth_time);
    expect(refreshed.claims()?.acr).to.equal('urn:doorstep:acr:pwd');
  });

  it('are given for one code once, and die when it is used again (S-171)', async () => {
    const { landed, tokens } = await signedIn();
    expect(await failure(house.shop.welcome(landed))).to.equal('invalid_grant');
    const config = await house.shop.configuration();
    expect((await client.tokenIntrospection(config, tokens.access_token)).active).to.equal(false);
  });

  it('are given once, however many ask at the same time (S-172, C-36)', async () => {
    const ada = await house.atSecondStep('ada');
    const landed = ada.landed();
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => house.shop.welcome(landed)),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
  });

  it('say when introspected how the person signed in, until they are revoked (RFC 9470)', async () => {
    const { tokens } = await signedIn();
    const config = await house.shop.configuration();
    const active = await client.tokenIntrospection(config, tokens.access_token);
    expect(active).to.include({ active: true, acr: 'urn:doorstep:acr:pwd', sub: 'id-ada' });
    await client.tokenRevocation(config, tokens.access_token);
    expect((await client.tokenIntrospection(config, tokens.access_token)).active).to.equal(false);
  });

  it('are revoked with an answer that is empty and says of no type that it is (RFC 7009 §2.2)', async () => {
    const { tokens } = await signedIn();
    for (const token of [tokens.refresh_token ?? '', 'what nobody knows']) {
      const answer = await fetch(`${house.issuer}/token/revocation`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa('shop:shop-secret-with-32-bytes-and-more')}` },
        body: new URLSearchParams({ token }),
      });
      expect(answer.status).to.equal(200);
      expect(answer.headers.has('content-type')).to.equal(false);
      expect(await answer.text()).to.equal('');
    }
  });

  for (const [before, after] of [
    ['RS256', 'ES256'],
    ['ES256', 'RS256'],
  ] as const) {
    it(`are signed with ${before}, and still name their owner when ${after} took its place`, async () => {
      await house.registers('shop', { id_token_signed_response_alg: before });
      clock.advance({ seconds: 6 });
      const config = await house.shop.configuration();
      const expected = new client.Configuration(config.serverMetadata(), 'shop', {
        client_secret: 'shop-secret-with-32-bytes-and-more',
        id_token_signed_response_alg: before,
      });
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- plain http, loopback only
      client.allowInsecureRequests(expected);
      const ada = await house.atSecondStep('ada', { scope: 'openid' });
      const tokens = await house.shop.welcome(ada.landed(), expected);
      const hint = tokens.id_token ?? '';
      const [head = ''] = hint.split('.');
      expect(Buffer.from(head, 'base64url').toString()).to.contain(before);

      await house.registers('shop', { id_token_signed_response_alg: after });
      clock.advance({ seconds: 6 });
      await ada.opens(await house.shop.signIn({ prompt: 'none', id_token_hint: hint }));
      expect(ada.landed().searchParams.get('error')).to.equal(null);
      expect(ada.landed().searchParams.get('code')).to.be.a('string');
      await house.registers('shop', {});
    });
  }

  it('are revoked by the app that holds them, and by no other (RFC 7009 §2.1)', async () => {
    const { tokens } = await signedIn();
    const { access_token: access, refresh_token: refresh = '' } = tokens;
    const others = await house.partner.configuration();
    for (const token of [access, refresh]) await client.tokenRevocation(others, token);
    const config = await house.shop.configuration();
    expect((await client.tokenIntrospection(config, access)).active).to.equal(true);
    expect(await failure(client.refreshTokenGrant(config, refresh))).to.equal('no failure');
  });

  it('are shown to no app without a secret, which proves nothing about itself', async () => {
    const redirect_uris = ['http://127.0.0.1:4999/leaflet/back'];
    await house.registers('leaflet', { redirect_uris, token_endpoint_auth_method: 'none' });
    const { tokens } = await signedIn();
    const answer = await fetch(`${house.issuer}/token/introspection`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: 'leaflet', token: tokens.access_token }),
    });
    expect(await answer.json()).to.deep.equal({ active: false });
  });

  it('end with the access of an account that was disabled (S-147)', async () => {
    const { tokens } = await signedIn();
    const config = await house.shop.configuration();
    await house.disable('ada', true);
    try {
      expect(await failure(client.refreshTokenGrant(config, tokens.refresh_token ?? ''))).to.equal(
        'invalid_grant',
      );
      const status = await fetch(`${house.issuer}/me`, {
        headers: { authorization: `Bearer ${tokens.access_token}` },
      });
      expect(status.status).to.equal(401);
    } finally {
      await house.disable('ada', false);
    }
  });

  it('are forgotten when the person signs out, unasked because the app says whom', async () => {
    const { ada, tokens } = await signedIn();
    const config = await house.shop.configuration();
    await ada.opens(
      client.buildEndSessionUrl(config, {
        id_token_hint: tokens.id_token ?? '',
        post_logout_redirect_uri: 'http://127.0.0.1:4999/shop/bye',
      }),
    );
    expect(ada.landed().pathname).to.equal('/shop/bye');
    expect((await client.tokenIntrospection(config, tokens.access_token)).active).to.equal(false);
    await ada.opens(await house.shop.signIn({ prompt: 'none' }));
    expect(ada.landed().searchParams.get('error')).to.equal('login_required');
  });

  it('need PKCE, with S256 and nothing less (S-173)', async () => {
    const url = await house.shop.signIn();
    url.searchParams.delete('code_challenge');
    url.searchParams.delete('code_challenge_method');
    const ada = house.visitor('ada');
    await ada.opens(url);
    expect(ada.landed().searchParams.get('error')).to.equal('invalid_request');
  });
});
