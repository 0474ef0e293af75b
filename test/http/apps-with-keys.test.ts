/**
 * Apps that prove themselves by a key (`private_key_jwt`, RFC 7523), registered or at an address
 * of their own, and requests that they sign (RFC 9101).
 */
import { createHmac } from 'node:crypto';

import { expect } from 'chai';
import * as client from 'openid-client';

import { clock } from '../support/clock.ts';
import { describeHouse } from '../support/describe-house.ts';
import {
  type Algorithm,
  asKeyHolder,
  type Keys,
  knocks,
  makeKeys,
  openKeyAddress,
  redirectUri,
} from '../support/key-holder.ts';

const algorithms: readonly Algorithm[] = ['RS256', 'PS256', 'ES256'];
const robot = {
  token_endpoint_auth_method: 'private_key_jwt',
  redirect_uris: [redirectUri],
  grant_types: ['authorization_code', 'refresh_token'],
  first_party: true,
};

describeHouse('An app that proves itself by keys', {}, (house) => {
  for (const algorithm of algorithms) {
    it(`signs people in with ${algorithm}`, async () => {
      const keys = await makeKeys('one', algorithm);
      await house.registers('robot', { ...robot, jwks: { keys: [keys.jwk] } });
      const configuration = await asKeyHolder(house, keys);
      const pkceCodeVerifier = client.randomPKCECodeVerifier();
      const ada = await house.atSecondStep('ada', {
        client_id: 'robot',
        redirect_uri: redirectUri,
        code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
        nonce: '',
        state: 'kept',
      });
      await ada.says({ code: ada.code() });
      const checks = { pkceCodeVerifier, expectedState: 'kept' };
      const tokens = await client.authorizationCodeGrant(configuration, ada.landed(), checks);
      expect(tokens.claims()?.sub).to.equal('id-ada');
      const again = await client.refreshTokenGrant(configuration, tokens.refresh_token ?? '');
      expect(again.access_token).to.be.a('string');
    });
  }

  it('is nobody where its assertion counts for more than a day, however far that is', async () => {
    const keys = await makeKeys('one');
    await house.registers('robot', { ...robot, jwks: { keys: [keys.jwk] } });
    const inAnHour = Math.floor(Date.now() / 1000) + 3600;
    expect(await knocks(await asKeyHolder(house, keys, { exp: inAnHour }))).to.equal(200);
    for (const exp of [inAnHour + 24 * 3600, 1e15, 1e300]) {
      expect(await knocks(await asKeyHolder(house, keys, { exp })), String(exp)).to.equal(401);
    }
  });

  it('is nobody with a key that is not registered', async () => {
    const [own, other] = [await makeKeys('one'), await makeKeys('one')];
    await house.registers('robot', { ...robot, jwks: { keys: [own.jwk] } });
    expect(await knocks(await asKeyHolder(house, own))).to.equal(200);
    expect(await knocks(await asKeyHolder(house, other))).to.equal(401);
  });
});

describeHouse('Keys at an address', {}, (house) => {
  let address: Awaited<ReturnType<typeof openKeyAddress>>;
  let [first, second]: readonly Keys[] = [];
  before(async () => {
    address = await openKeyAddress();
    [first, second] = await Promise.all([makeKeys('first'), makeKeys('second')]);
  });
  after(() => address.close());
  beforeEach(async () => {
    Object.assign(address.state, { status: 200, headers: {}, asked: 0 });
    await house.registers('robot', { ...robot, jwks_uri: address.url });
  });

  const knocksWith = async (keys: Keys | undefined): Promise<number> => {
    if (!keys) throw new Error('no keys were made');
    return knocks(await asKeyHolder(house, keys));
  };
  /** By each of the two who serve the house. */
  const knockTwice = async (keys: Keys | undefined) => [
    await knocksWith(keys),
    await knocksWith(keys),
  ];
  const publish = (...keys: readonly (Keys | undefined)[]): void =>
    address.publishes(...keys.filter((each) => each !== undefined));

  it('are fetched, and kept', async () => {
    publish(first);
    for (let round = 0; round < 4; round += 1) expect(await knocksWith(first)).to.equal(200);
    expect(address.state.asked, 'once by each of two').to.equal(2);
  });

  it('count for ten minutes when they were taken back, whatever headers say', async () => {
    address.state.headers = { 'cache-control': 'max-age=31536000' };
    publish(first);
    expect(await knockTwice(first)).to.deep.equal([200, 200]);
    publish(second);
    clock.advance({ minutes: 9 });
    expect(await knockTwice(first)).to.deep.equal([200, 200]);
    clock.advance({ minutes: 1 });
    expect(await knockTwice(first)).to.deep.equal([401, 401]);
    expect(await knockTwice(second)).to.deep.equal([200, 200]);
  });

  it('are none where the address leads on, fails or says too much, and it is not asked at once again', async () => {
    publish(first);
    const many = JSON.stringify({ keys: Array.from({ length: 65 }, () => first?.jwk) });
    const large = JSON.stringify({ keys: [first?.jwk], more: 'x'.repeat(300_000) });
    for (const faulty of [
      { status: 302, headers: { location: address.url } },
      { status: 500 },
      { body: 'no keys' },
      { body: many },
      { body: large },
    ]) {
      const { body } = address.state;
      Object.assign(address.state, { asked: 0, ...faulty });
      expect(await knockTwice(first), JSON.stringify(faulty).slice(0, 80)).to.deep.equal([
        401, 401,
      ]);
      expect(await knockTwice(first)).to.deep.equal([401, 401]);
      expect(address.state.asked, 'times asked by two').to.equal(2);
      Object.assign(address.state, { status: 200, headers: {}, body });
      clock.advance({ seconds: 10 });
      expect(await knockTwice(first), 'well again').to.deep.equal([200, 200]);
      clock.advance({ minutes: 10 });
    }
  });
});

const noneNamed = { oidc: { privateHosts: [] }, log: { level: 'info' } };

describeHouse('Keys at an address of our own network', noneNamed, (house) => {
  it('are not fetched unless an administrator named the host', async () => {
    const address = await openKeyAddress();
    const keys = await makeKeys('one');
    address.publishes(keys);
    await house.registers('robot', { ...robot, jwks_uri: address.url });
    expect(await knocks(await asKeyHolder(house, keys))).to.equal(401);
    expect(address.state.asked).to.equal(0);
    expect(await house.logged()).to.contain('special-use IP address');
    address.close();
  });
});

describeHouse('A signed request', { log: { level: 'info' } }, (house) => {
  const secret = 'robot-secret-with-32-bytes-and-more';
  /** With a secret for the token endpoint, and keys for requests. */
  async function registered(keys: Keys, more: object = {}) {
    const { token_endpoint_auth_method: _, ...app } = robot;
    await house.registers('robot', {
      ...{ ...app, client_secret: secret, jwks: { keys: [keys.jwk] } },
      ...more,
    });
    clock.advance({ seconds: 6 });
    return asApp('robot', secret);
  }

  async function asApp(id: string, itsSecret: string): Promise<client.Configuration> {
    const shop = await house.shop.configuration();
    const configuration = new client.Configuration(shop.serverMetadata(), id, itsSecret);
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- plain http, loopback only
    client.allowInsecureRequests(configuration);
    return configuration;
  }

  async function wishes(more: Readonly<Record<string, string>> = {}) {
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    const params = {
      redirect_uri: redirectUri,
      scope: 'openid',
      state: 'kept',
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      ...more,
    };
    return { pkceCodeVerifier, params };
  }

  for (const algorithm of algorithms) {
    it(`with ${algorithm} is what counts, and the query beside it does not`, async () => {
      const keys = await makeKeys('one', algorithm);
      const configuration = await registered(keys);
      const { params, pkceCodeVerifier } = await wishes();
      const url = await client.buildAuthorizationUrlWithJAR(configuration, params, keys.signer);
      url.searchParams.set('redirect_uri', 'http://127.0.0.1:4999/evil');
      url.searchParams.set('state', 'theirs');
      const ada = house.visitor('ada');
      await ada.opens(url);
      await ada.identifies();
      await ada.says({ code: ada.code() });
      const landed = ada.landed();
      expect(landed.href).to.match(/^http:\/\/127\.0\.0\.1:4999\/robot\/back\?/);
      const checks = { pkceCodeVerifier, expectedState: 'kept' };
      const tokens = await client.authorizationCodeGrant(configuration, landed, checks);
      expect(tokens.claims()?.sub).to.equal('id-ada');
    });
  }

  const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

  it('is refused unsigned, signed by a secret, by a foreign key, or for somebody else', async () => {
    const [keys, foreign] = [await makeKeys('one'), await makeKeys('one')];
    const configuration = await registered(keys);
    const { params } = await wishes();
    const claims = { ...params, client_id: 'robot', iss: 'robot', aud: house.issuer };
    const head = `${encoded({ alg: 'HS256' })}.${encoded(claims)}`;
    const mac = createHmac('sha256', secret).update(head).digest('base64url');
    const other = await asApp('shop', 'any');
    const signed = async (by: Keys, as = configuration): Promise<string> => {
      const url = await client.buildAuthorizationUrlWithJAR(as, params, by.signer);
      return url.searchParams.get('request') ?? '';
    };
    for (const [what, request] of Object.entries({
      unsigned: `${encoded({ alg: 'none' })}.${encoded(claims)}.`,
      'by the secret': `${head}.${mac}`,
      'by a foreign key': await signed(foreign),
      'of another app': await signed(keys, other),
      broken: 'e30.e30.e30',
    })) {
      const visitor = house.visitor();
      const query = new URLSearchParams({ client_id: 'robot', request });
      await visitor.opens(`/auth?${query.toString()}`);
      expect(visitor.status(), what).to.equal(400);
      expect(visitor.title(), what).to.match(/does not fit|went wrong|cannot/);
    }
    expect(await house.logged()).to.contain('invalid_request_object');
  });

  it('is refused where it cannot be read, whoever signed it, and is no fault of ours', async () => {
    await registered(await makeKeys('one'), { token_endpoint_auth_method: 'none' });
    const nested = (times: number): string => '['.repeat(times) + ']'.repeat(times);
    const unsigned = (payload: string): string =>
      `${encoded({ alg: 'ES256' })}.${Buffer.from(payload).toString('base64url')}.AAAA`;
    const broken = [
      { request: unsigned('{"state":{"toString":"x"}}') },
      { request: unsigned(`{"claims":{"id_token":${nested(15_000)}}}`) },
      { ...(await wishes()).params, claims: `{"id_token":{"name":{"value":${nested(8_000)}}}}` },
    ];
    for (const params of broken) {
      const asked = { client_id: 'robot', response_type: 'code', ...params };
      const body = new URLSearchParams(asked).toString().replaceAll('%5B', '[');
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const pushed = await fetch(`${house.issuer}/request`, { method: 'POST', body, headers });
      expect(pushed.status, 'pushed').to.equal(400);
    }
    const visitor = house.visitor();
    await visitor.opens(`/auth?client_id=robot&request=${broken[0]?.request ?? ''}`);
    expect(visitor.status()).to.equal(400);
    expect(await house.logged()).not.to.contain('request.failed');
  });

  it('may be demanded of an app', async () => {
    const keys = await makeKeys('one');
    const configuration = await registered(keys, { require_signed_request_object: true });
    const { params } = await wishes();
    const plain = client.buildAuthorizationUrl(configuration, params);
    const visitor = house.visitor();
    await visitor.opens(plain);
    expect(visitor.landed().searchParams.get('error')).to.equal('invalid_request');
  });

  it('is told of by discovery', async () => {
    const response = await fetch(`${house.issuer}/.well-known/openid-configuration`);
    const metadata = (await response.json()) as Record<string, unknown>;
    expect(metadata.request_parameter_supported).to.equal(true);
    for (const name of [
      'request_object_signing_alg_values_supported',
      'token_endpoint_auth_signing_alg_values_supported',
    ]) {
      expect(metadata[name], name).to.have.members([...algorithms]);
    }
    expect(metadata.request_uri_parameter_supported).to.equal(false);
  });
});
