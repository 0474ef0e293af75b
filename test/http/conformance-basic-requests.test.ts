/**
 * The other half of `oidcc-basic-certification-test-plan`: parameters that change little, codes
 * that come twice, other ways of asking for a token.
 */
import { expect } from 'chai';
import * as client from 'openid-client';

import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import { callback, openSuite, type Suite } from '../support/conformance-suite.ts';

describe('oidcc-basic-certification-test-plan, requests', () => {
  let house: House;
  let suite: Suite;
  before(async () => {
    house = await openHouse({ policy: { twoSteps: 'when-asked' } });
    suite = await openSuite(house);
  });
  after(() => house.close());

  const subject = async (params: Record<string, string>) =>
    (await (await suite.authorizes(params)).tokens()).claims()?.sub;

  it('oidcc-ensure-request-with-unknown-parameter-succeeds', async () => {
    expect(await subject({ extra: 'foobar' })).to.equal('id-cleo');
  });

  it('oidcc-id-token-hint: is silent for the same person', async () => {
    const first = await suite.authorizes();
    const hint = (await first.tokens()).id_token ?? '';
    const second = await suite.authorizes(
      { id_token_hint: hint, prompt: 'none' },
      { by: first.by },
    );
    expect((await second.tokens()).claims()?.sub).to.equal('id-cleo');
  });

  it('oidcc-login-hint: of somebody whom nobody knows keeps nobody out', async () => {
    expect(await subject({ login_hint: 'buffy@localhost' })).to.equal('id-cleo');
  });

  it('oidcc-ui-locales: never end in an error', async () => {
    expect(await subject({ ui_locales: 'se' })).to.equal('id-cleo');
  });

  it('oidcc-claims-locales: never end in an error', async () => {
    expect(await subject({ claims_locales: 'se' })).to.equal('id-cleo');
  });

  it('oidcc-ensure-request-with-acr-values-succeeds: with one of the advertised', async () => {
    const { acr_values_supported: advertised = [] } = (
      await suite.configuration()
    ).serverMetadata();
    expect(advertised).to.have.length.of.at.least(2);
    const { tokens } = await suite.authorizes({ acr_values: advertised.join(' ') });
    expect(advertised).to.include((await tokens()).claims()?.acr);
  });

  async function redeemedTwice(afterSeconds: number) {
    const { landed } = await suite.authorizes();
    const fields = {
      grant_type: 'authorization_code',
      redirect_uri: callback,
      code: landed.searchParams.get('code') ?? '',
    };
    const first = await suite.posts('/token', fields);
    clock.advance({ seconds: afterSeconds });
    const headers = { authorization: `Bearer ${first.body.access_token ?? ''}` };
    expect((await suite.userinfo({ headers })).status).to.equal(200);
    const second = await suite.posts('/token', fields);
    const after = await suite.userinfo({ headers });
    return { second, after };
  }

  it('oidcc-codereuse: a code that comes twice is refused', async () => {
    const { second } = await redeemedTwice(0);
    expect(second.status).to.equal(400);
    expect(second.body.error).to.equal('invalid_grant');
  });

  it('oidcc-codereuse-30seconds: and takes its access token along', async () => {
    const { second, after } = await redeemedTwice(30);
    expect(second.body.error).to.equal('invalid_grant');
    expect(after.status).to.equal(401);
    expect(after.claims).to.deep.include({ error: 'invalid_token' });
  });

  it('oidcc-ensure-post-request-succeeds', async () => {
    const url = suite.request();
    const cleo = house.visitor('cleo');
    await cleo.post('/auth', url.searchParams);
    await suite.signsIn(cleo);
    const tokens = await client.authorizationCodeGrant(await suite.configuration(), cleo.landed(), {
      expectedState: url.searchParams.get('state') ?? '',
      expectedNonce: url.searchParams.get('nonce') ?? '',
    });
    expect(tokens.claims()?.sub).to.equal('id-cleo');
  });

  it('oidcc-server-client-secret-post: the secret may come in the body', async () => {
    const methods = (await suite.configuration()).serverMetadata();
    expect(methods.token_endpoint_auth_methods_supported).to.include.members([
      'client_secret_basic',
      'client_secret_post',
    ]);
    const { tokens } = await suite.authorizes({}, { id: 'client_secret_post' });
    expect((await tokens()).claims()).to.include({ aud: 'client_secret_post', sub: 'id-cleo' });
  });

  it('oidcc-claims-essential: tells the name where it was asked for', async () => {
    const claims = JSON.stringify({ userinfo: { name: { essential: true } } });
    const { access_token: token } = await (await suite.authorizes({ claims })).tokens();
    const answer = await suite.userinfo({ headers: { authorization: `Bearer ${token}` } });
    expect(answer.claims).to.deep.equal({ sub: 'id-cleo', name: 'Cleo Okafor' });
  });

  it('oidcc-refresh-token: serves its own client, and no other', async () => {
    const scope = 'openid offline_access';
    const offline = { scope, prompt: 'consent' };
    const { tokens } = await suite.authorizes(offline, { id: 'client2' });
    const first = await tokens();
    const refreshed = await client.refreshTokenGrant(
      await suite.configuration('client2'),
      first.refresh_token ?? '',
    );
    const [before, after] = [first.claims(), refreshed.claims()];
    expect(after).to.include({ iss: before?.iss, sub: before?.sub, aud: before?.aud });
    expect(after?.auth_time).to.equal(before?.auth_time);

    const stolen = { grant_type: 'refresh_token', refresh_token: refreshed.refresh_token ?? '' };
    const refused = await suite.posts('/token', stolen, 'client');
    expect(refused.status).to.equal(400);
    expect(refused.body.error).to.equal('invalid_grant');
  });

  it('oidcc-ensure-request-with-valid-pkce-succeeds, and binds (S-173)', async () => {
    const verifier = client.randomPKCECodeVerifier();
    const challenge = {
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    };
    const redeem = async (more: Record<string, string>, params: Record<string, string>) => {
      const { landed } = await suite.authorizes(params);
      const code = landed.searchParams.get('code') ?? '';
      const fields = { grant_type: 'authorization_code', redirect_uri: callback, code, ...more };
      const { status, body } = await suite.posts('/token', fields);
      return status === 200 ? 'tokens' : body.error;
    };
    const other = client.randomPKCECodeVerifier();
    expect(await redeem({ code_verifier: verifier }, challenge)).to.equal('tokens');
    expect(await redeem({ code_verifier: other }, challenge)).to.equal('invalid_grant');
    expect(await redeem({}, challenge), 'left out').to.equal('invalid_grant');
    expect(await redeem({ code_verifier: other }, {}), 'never asked for').to.equal('invalid_grant');
    const plain = { code_challenge: verifier, code_challenge_method: 'plain' };
    expect((await suite.authorizes(plain)).error).to.equal('invalid_request');
  });

  it('never let a public client leave PKCE out (S-173)', async () => {
    await house.registers('client2', {
      redirect_uris: [callback],
      token_endpoint_auth_method: 'none',
      require_pkce: false,
    });
    clock.advance({ seconds: 10 });
    const cleo = house.visitor();
    await cleo.opens(suite.request({}, 'client2'));
    expect(cleo.status()).to.equal(400);
  });
});
