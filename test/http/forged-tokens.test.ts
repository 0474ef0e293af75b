/**
 * Tokens that somebody else made, requests from other origins, and features that are off
 * (S-174, S-176, S-177, S-183, S-184).
 */
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';

import { expect } from 'chai';

import { type House, openHouse } from '../support/house.ts';
import { openSuite, type Suite } from '../support/conformance-suite.ts';

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('Forged tokens and foreign requests', () => {
  let house: House;
  let suite: Suite;
  let idToken: string;
  before(async () => {
    house = await openHouse({ policy: { twoSteps: 'when-asked' } });
    suite = await openSuite(house);
    idToken = (await (await suite.authorizes()).tokens()).id_token ?? '';
  });
  after(() => house.close());

  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = publicKey.export({ format: 'jwk' });

  it('in an id_token_hint are refused, whatever their header says (S-177)', async () => {
    const [head = '', body = '', signature = ''] = idToken.split('.');
    const { kid } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { kid: string };
    const { keys } = (await (await fetch(`${house.issuer}/jwks`)).json()) as { keys: object[] };
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
    const bySelf = (header: object, payload: string = body): string => {
      const text = `${encoded(header)}.${payload}`;
      return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
    };
    const byHmac = (secret: string): string => {
      const text = `${encoded({ alg: 'HS256', kid })}.${body}`;
      return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
    };
    const forged = {
      'alg none': `${encoded({ alg: 'none' })}.${body}.`,
      'alg None, signed': `${encoded({ alg: 'None', kid })}.${body}.${signature}`,
      'no alg': `${encoded({ kid })}.${body}.${signature}`,
      'its own key, our kid': bySelf({ alg: 'RS256', kid }),
      'its own key, no kid': bySelf({ alg: 'RS256' }),
      'its own key in jwk': bySelf({ alg: 'RS256', kid, jwk }),
      'its own key by jku': bySelf({ alg: 'RS256', kid, jku: 'http://127.0.0.1:4999/jwks' }),
      'its own key by x5u': bySelf({ alg: 'RS256', kid, x5u: 'http://127.0.0.1:4999/x5u' }),
      'kid of a file': bySelf({ alg: 'RS256', kid: '../../../../dev/null' }),
      'unknown crit': bySelf({ alg: 'RS256', kid, crit: ['exp'] }),
      'our public key as a secret': byHmac(JSON.stringify(keys[0])),
      'an empty secret': createHmac('sha256', '').update('').digest('base64url'),
      'another algorithm': `${encoded({ alg: 'PS256', kid })}.${body}.${signature}`,
      'other claims': `${head}.${encoded({ ...claims, sub: 'id-ada' })}.${signature}`,
      'another audience': bySelf({ alg: 'RS256', kid }, encoded({ ...claims, aud: 'shop' })),
      'no signature': `${head}.${body}.`,
      'one bit': `${head}.${body}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
    };
    for (const [what, hint] of Object.entries(forged)) {
      const { error } = await suite.authorizes({ id_token_hint: hint, prompt: 'none' });
      expect(error, what).to.equal('invalid_request');
      const page = await fetch(
        `${house.issuer}/session/end?${new URLSearchParams({ id_token_hint: hint }).toString()}`,
      );
      expect(page.status, what).to.be.oneOf([400, 401]);
    }
    const real = await suite.authorizes({ id_token_hint: idToken, prompt: 'none' });
    expect(real.error, 'the real one').to.equal('login_required');
  });

  it('bring long states and nonces back untouched, with the issuer (S-176)', async () => {
    const long = 'aZ0-._~ äöü&=#%2f'.repeat(60).slice(0, 1024);
    const { landed, tokens } = await suite.authorizes({ state: long, nonce: long });
    expect(landed.searchParams.get('state')).to.equal(long);
    expect(landed.searchParams.get('iss')).to.equal(house.issuer);
    expect((await tokens()).claims()?.nonce).to.equal(long);
  });

  it('get tokens by no other grant (S-174)', async () => {
    for (const grant_type of [
      'password',
      'client_credentials',
      'implicit',
      'urn:ietf:params:oauth:grant-type:jwt-bearer',
      'urn:ietf:params:oauth:grant-type:device_code',
      'urn:ietf:params:oauth:grant-type:token-exchange',
      '__proto__',
    ]) {
      const fields = { grant_type, username: 'cleo', password: 'cleo crosses quiet rivers' };
      const { status, body } = await suite.posts('/token', fields);
      expect(status, grant_type).to.equal(400);
      expect(body.error, grant_type).to.be.oneOf(['unsupported_grant_type', 'unauthorized_client']);
    }
  });

  it('register no clients (S-183)', async () => {
    for (const path of ['/reg', '/register', '/reg/client', '/connect/register']) {
      const body = JSON.stringify({ redirect_uris: ['https://evil.example/cb'] });
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${house.issuer}${path}`, { method: 'POST', body, headers });
      expect(answer.status, path).to.equal(404);
    }
  });

  it('are kept out by CORS, but for the origins of public apps (S-184)', async () => {
    const uri = 'https://spa.example/callback';
    const isPublic = { token_endpoint_auth_method: 'none', redirect_uris: [uri] };
    await house.registers('spa', isPublic);
    const token = async (id: string, origin: string): Promise<Response> => {
      const fields = { grant_type: 'refresh_token', refresh_token: 'x', client_id: id };
      const body = new URLSearchParams(fields);
      return fetch(`${house.issuer}/token`, { method: 'POST', body, headers: { origin } });
    };
    const allowed = (answer: Response) => answer.headers.get('access-control-allow-origin');
    const own = 'https://spa.example';
    expect(allowed(await token('spa', own))).to.equal(own);
    for (const origin of ['null', 'http://spa.example', 'https://spa.example.evil.example']) {
      expect(allowed(await token('spa', origin)), origin).to.equal(null);
    }
    expect(
      allowed(await token('client', 'http://127.0.0.1:4999')),
      'an app with a secret',
    ).to.equal(null);
    for (const path of ['/', '/auth?client_id=spa', '/session/end', '/token', '/me', '/jwks']) {
      const answer = await fetch(`${house.issuer}${path}`, {
        method: path === '/token' ? 'OPTIONS' : 'GET',
        headers: { origin: own, 'access-control-request-method': 'POST' },
      });
      expect(answer.headers.get('access-control-allow-credentials'), path).to.equal(null);
      await answer.body?.cancel();
    }
    const page = await fetch(`${house.issuer}/`, { headers: { origin: own } });
    expect(allowed(page)).to.equal(null);
  });
});
