/**
 * The modules of `oidcc-basic-certification-test-plan`, by name. What the suite would only
 * warn of, and why we leave it so, is in docs/conformance.md.
 */
import { expect } from 'chai';
import * as client from 'openid-client';

import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import { callback, openSuite, type Suite } from '../support/conformance-suite.ts';

const unsigned = (claims: object): string =>
  [{ alg: 'none' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
    .concat('.');

describe('oidcc-basic-certification-test-plan', () => {
  let house: House;
  let suite: Suite;
  before(async () => {
    house = await openHouse({ policy: { twoSteps: 'when-asked' } });
    suite = await openSuite(house);
    await house.describes('cleo', {
      givenName: 'Cleo',
      familyName: 'Okafor',
      phoneNumber: '+447700900199',
      isPhoneNumberVerified: true,
      locale: 'en',
      zoneinfo: 'Africa/Lagos',
      updatedAt: new Date('2026-11-22T08:00:00Z'),
      address: { streetAddress: '1 Quiet River', postalCode: '100001', country: 'NG' },
    });
  });
  after(() => house.close());

  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

  async function accessToken(scope = 'openid'): Promise<string> {
    return (await (await suite.authorizes({ scope })).tokens()).access_token;
  }

  const told = async (scope: string) =>
    (await suite.userinfo({ headers: bearer(await accessToken(scope)) })).claims;

  it('oidcc-server: a code becomes tokens, and they are as they should be', async () => {
    const tokens = await (await suite.authorizes()).tokens();
    expect(tokens.token_type).to.equal('bearer');
    expect(tokens.expires_in).to.be.a('number');
    const claims = tokens.claims();
    expect(claims).to.include({ iss: house.issuer, aud: 'client', sub: 'id-cleo' });
    expect(claims?.exp).to.be.greaterThan(Date.now() / 1000);
    expect(claims?.iat).to.be.closeTo(Date.now() / 1000, 5);
  });

  it('oidcc-response-type-missing: tells the app, or shows a page', async () => {
    const { landed, error } = await suite.authorizes({ response_type: '' });
    expect(error).to.equal('invalid_request');
    expect(landed.searchParams.has('code')).to.equal(false);
  });

  it('oidcc-idtoken-signature: is RS256 with a published key', async () => {
    const idToken = (await (await suite.authorizes()).tokens()).id_token ?? '';
    const header = JSON.parse(atob(idToken.split('.')[0] ?? '')) as { alg: string; kid: string };
    expect(header.alg).to.equal('RS256');
    const keys = (await (await fetch(`${house.issuer}/jwks`)).json()) as { keys: object[] };
    expect(keys.keys).to.deep.include.members(
      keys.keys.filter((key) => 'kid' in key && key.kid === header.kid),
    );
    expect(keys.keys.some((key) => 'kid' in key && key.kid === header.kid)).to.equal(true);
    for (const key of keys.keys) expect(key).not.to.have.any.keys('d', 'p', 'q', 'dp', 'dq', 'k');
  });

  it('oidcc-idtoken-unsigned: is not offered, and not registered', async () => {
    const { id_token_signing_alg_values_supported: algorithms } = (
      await suite.configuration()
    ).serverMetadata();
    expect(algorithms).to.include('RS256').and.not.to.include('none');
    await house.registers('client2', { id_token_signed_response_alg: 'none' });
    await expectProblem(suite.request({}, 'client2'));
    suite = await openSuite(house);
  });

  it('oidcc-userinfo-get: answers a GET with the token in the header', async () => {
    const answer = await suite.userinfo({ headers: bearer(await accessToken()) });
    expect(answer).to.deep.equal({ status: 200, claims: { sub: 'id-cleo' } });
  });

  it('oidcc-userinfo-post-header: answers a POST with the token in the header', async () => {
    const headers = bearer(await accessToken());
    const answer = await suite.userinfo({ method: 'POST', headers });
    expect(answer).to.deep.equal({ status: 200, claims: { sub: 'id-cleo' } });
  });

  it('oidcc-userinfo-post-body: answers a POST with the token in the body', async () => {
    const body = new URLSearchParams({ access_token: await accessToken() });
    const answer = await suite.userinfo({ method: 'POST', body });
    expect(answer).to.deep.equal({ status: 200, claims: { sub: 'id-cleo' } });
  });

  it('oidcc-ensure-request-without-nonce-succeeds-for-code-flow: and no nonce comes back', async () => {
    const { landed } = await suite.authorizes({ nonce: '' });
    const { body } = await suite.posts('/token', {
      grant_type: 'authorization_code',
      redirect_uri: callback,
      code: landed.searchParams.get('code') ?? '',
    });
    const [, payload = ''] = (body.id_token ?? '').split('.');
    expect(JSON.parse(atob(payload)))
      .to.include({ sub: 'id-cleo' })
      .and.not.have.property('nonce');
  });

  it('oidcc-scope-profile: tells what we keep of a profile', async () => {
    expect(await told('openid profile')).to.deep.equal({
      sub: 'id-cleo',
      name: 'Cleo Okafor',
      given_name: 'Cleo',
      family_name: 'Okafor',
      preferred_username: 'cleo',
      locale: 'en',
      zoneinfo: 'Africa/Lagos',
      updated_at: Date.parse('2026-11-22T08:00:00Z') / 1000,
    });
  });

  it('oidcc-scope-email: tells the address and whether it is verified', async () => {
    expect(await told('openid email')).to.deep.equal({
      sub: 'id-cleo',
      email: 'cleo@example.org',
      email_verified: true,
    });
  });

  it('oidcc-scope-address: tells the postal address, in the words of the standard', async () => {
    expect(await told('openid address')).to.deep.equal({
      sub: 'id-cleo',
      address: { street_address: '1 Quiet River', postal_code: '100001', country: 'NG' },
    });
  });

  it('oidcc-scope-phone: tells the number and whether it is verified', async () => {
    expect(await told('openid phone')).to.deep.equal({
      sub: 'id-cleo',
      phone_number: '+447700900199',
      phone_number_verified: true,
    });
  });

  it('oidcc-scope-all: tells all of it, and the ID token none', async () => {
    const scope = 'openid profile email address phone';
    const expected = ['sub', 'name', 'email', 'email_verified', 'address', 'phone_number'];
    expect(await told(scope)).to.include.all.keys(expected);
    const idToken = (await (await suite.authorizes({ scope })).tokens()).claims();
    expect(idToken).not.to.have.any.keys('name', 'email', 'address', 'phone_number');
  });

  it('oidcc-alternate-happy-flow: keeps its query and its state as they were', async () => {
    const state = `${client.randomState()} &=#/äß`;
    const { landed, tokens } = await suite.authorizes({ state });
    expect(landed.searchParams.get('state')).to.equal(state);
    expect(landed.searchParams.get('iss')).to.equal(house.issuer);
    expect((await tokens()).claims()?.sub).to.equal('id-cleo');
  });

  for (const display of ['page', 'popup']) {
    it(`oidcc-display-${display}: shows the sign-in and goes on`, async () => {
      const { tokens } = await suite.authorizes({ display });
      expect((await tokens()).claims()?.sub).to.equal('id-cleo');
    });
  }

  it('oidcc-prompt-login: asks again, and the time of sign-in is later', async () => {
    const first = await suite.authorizes({ max_age: '10000' });
    clock.advance({ seconds: 2 });
    const url = suite.request({ prompt: 'login', max_age: '10000' });
    await first.by.opens(url);
    expect(await suite.signsIn(first.by)).to.include('methods/password/answer');
    const second = await suite.authorizes({ max_age: '10000' }, { by: first.by });
    const times = [await first.tokens(), await second.tokens()].map((t) => t.claims()?.auth_time);
    expect(times[1]).to.be.greaterThan(times[0] ?? Infinity);
  });

  it('oidcc-prompt-none-not-logged-in: is told so', async () => {
    const { error } = await suite.authorizes({ prompt: 'none' });
    expect(error).to.equal('login_required');
  });

  it('oidcc-prompt-none-logged-in: says the same as the first time', async () => {
    const first = await suite.authorizes({ max_age: '15000' });
    const second = await suite.authorizes({ prompt: 'none', max_age: '15000' }, { by: first.by });
    const [one, two] = [(await first.tokens()).claims(), (await second.tokens()).claims()];
    expect(two?.sub).to.equal(one?.sub);
    expect(two?.auth_time).to.equal(one?.auth_time);
  });

  it('oidcc-max-age-1: asks again after a second, and says when', async () => {
    const first = await suite.authorizes();
    clock.advance({ seconds: 2 });
    await first.by.opens(suite.request({ max_age: '1' }));
    expect(first.by.sees()).to.equal('methods/password/answer');
    const second = await suite.authorizes({ max_age: '1' }, { by: first.by });
    const times = [await first.tokens(), await second.tokens()].map((t) => t.claims()?.auth_time);
    expect(times[1]).to.be.greaterThan(times[0] ?? Infinity);
  });

  it('oidcc-max-age-10000: does not ask again, and says when', async () => {
    const first = await suite.authorizes();
    clock.advance({ seconds: 2 });
    await first.by.opens(suite.request({ max_age: '10000' }));
    first.by.landed();
    const second = await suite.authorizes({ max_age: '10000' }, { by: first.by });
    const [one, two] = [(await first.tokens()).claims(), (await second.tokens()).claims()];
    expect(two?.auth_time).to.equal(one?.auth_time).and.to.be.a('number');
  });

  async function expectProblem(url: URL): Promise<void> {
    const cleo = house.visitor();
    await cleo.opens(url);
    expect(cleo.sees()).to.equal('problem');
    expect(cleo.status()).to.equal(400);
  }

  it('oidcc-ensure-registered-redirect-uri: shows a page and sends nobody anywhere', async () => {
    await expectProblem(suite.request({ redirect_uri: `${callback}/other` }));
    await expectProblem(suite.request({ redirect_uri: 'https://elsewhere.example/cb' }));
  });

  it('oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported: is rejected', async () => {
    const request = unsigned({ iss: 'client', client_id: 'client', state: 'of the object' });
    const { error } = await suite.authorizes({ request, state: 'of the query' });
    expect(error).to.equal('invalid_request_object');
  });

  it('oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported: is rejected', async () => {
    const { error } = await suite.authorizes({ request_uri: 'https://127.0.0.1:4999/object' });
    expect(error).to.be.oneOf(['request_uri_not_supported', 'invalid_request_uri']);
  });

  it('oidcc-ensure-request-object-with-redirect-uri: shows a page', async () => {
    const request = unsigned({ redirect_uri: callback });
    await expectProblem(suite.request({ request, redirect_uri: `${callback}/invalid` }));
  });
});
