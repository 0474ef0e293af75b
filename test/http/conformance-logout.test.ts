/**
 * The modules of the suite's config, RP-initiated and back-channel logout plans, by name.
 */
import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { expect } from 'chai';

import { type House, openHouse } from '../support/house.ts';
import { afterLogout, openSuite, type Suite } from '../support/conformance-suite.ts';
import type { Visitor } from '../support/visitor.ts';

type Params = Readonly<Record<string, string>>;

const part = (jwt: string, index: number): Record<string, unknown> =>
  JSON.parse(Buffer.from(jwt.split('.')[index] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >;
const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('The conformance plans for discovery and logout', () => {
  let house: House;
  let suite: Suite;
  const notices: string[] = [];
  const receiver = createServer((request, response) => {
    void text(request).then((body) => {
      notices.push(new URLSearchParams(body).get('logout_token') ?? '');
      response.writeHead(200).end();
    });
  });

  before(async () => {
    receiver.unref().listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    const { port } = receiver.address() as AddressInfo;
    house = await openHouse({ policy: { twoSteps: 'when-asked' } });
    suite = await openSuite(house, {
      backchannel_logout_uri: `http://127.0.0.1:${port}/test/a/doorstep/backchannel_logout`,
      backchannel_logout_session_required: true,
    });
  });
  after(async () => {
    receiver.closeAllConnections();
    receiver.close();
    await house.close();
  });

  const discovered = async () => {
    const response = await fetch(`${house.issuer}/.well-known/openid-configuration`);
    expect(response.status).to.equal(200);
    expect(response.headers.get('content-type')).to.match(/^application\/json/);
    return (await response.json()) as Record<string, unknown>;
  };

  it('oidcc-discovery-endpoint-verification: is complete and true', async () => {
    const metadata = await discovered();
    expect(metadata).to.deep.include({
      issuer: house.issuer,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      claims_parameter_supported: true,
      request_parameter_supported: true,
      request_uri_parameter_supported: false,
      ui_locales_supported: ['de', 'en', 'fr'],
      claim_types_supported: ['normal'],
    });
    expect(metadata.id_token_signing_alg_values_supported).to.have.members(['RS256', 'ES256']);
    expect(metadata.grant_types_supported).to.have.members(['authorization_code', 'refresh_token']);
    expect(metadata.scopes_supported).to.have.members(
      'openid offline_access profile email phone address groups roles'.split(' '),
    );
    expect(metadata.claims_supported).to.include.members([
      'sub',
      'acr',
      'amr',
      'auth_time',
      'email',
    ]);
    for (const [name, value] of Object.entries(metadata)) {
      if (!/_(endpoint|uri)$/.test(name)) continue;
      expect(new URL(String(value)).origin, name).to.equal(house.issuer);
      const answer = await fetch(String(value), { method: 'GET', redirect: 'manual' });
      expect(answer.status, name).to.be.oneOf([200, 303, 400, 401, 405]);
    }
  });

  it('oidcc-discovery-endpoint-verification: publishes keys that hold nothing private', async () => {
    const { jwks_uri: address } = await discovered();
    const { keys } = (await (await fetch(String(address))).json()) as { keys: Params[] };
    expect(keys).to.have.length(2);
    for (const key of keys) {
      expect(key).to.include.all.keys('kid', 'kty', 'alg', 'use');
      expect(key).not.to.have.any.keys('d', 'p', 'q', 'dp', 'dq', 'qi', 'k');
    }
  });

  for (const plan of ['rp-initiated', 'backchannel'] as const) {
    it(`oidcc-${plan}-logout-discovery-endpoint-verification`, async () => {
      expect(await discovered()).to.include({
        end_session_endpoint: `${house.issuer}/session/end`,
        backchannel_logout_supported: true,
        backchannel_logout_session_supported: true,
      });
    });
  }

  /** Somebody who is signed in and is sent to sign out, with `change` made to the request. */
  async function sentToSignOut(change: (usual: Record<string, string>) => Params) {
    const { by, tokens } = await suite.authorizes();
    const { id_token: idToken = '' } = await tokens();
    const usual = {
      id_token_hint: idToken,
      post_logout_redirect_uri: afterLogout,
      state: 'a state of its own',
    };
    const query = new URLSearchParams(change(usual)).toString();
    await by.opens(`/session/end${query ? `?${query}` : ''}`);
    return { by, idToken };
  }

  async function isSignedOut(visitor: Visitor): Promise<void> {
    const { error } = await suite.authorizes({ prompt: 'none' }, { by: visitor });
    expect(error).to.equal('login_required');
  }

  const without = (name: string) => (usual: Record<string, string>) =>
    Object.fromEntries(Object.entries(usual).filter(([key]) => key !== name));

  it('oidcc-rp-initiated-logout: sends the person back with the state', async () => {
    const { by } = await sentToSignOut((usual) => usual);
    const landed = by.landed();
    expect(landed.href.split('?')[0]).to.equal(afterLogout);
    expect(Object.fromEntries(landed.searchParams)).to.deep.equal({ state: 'a state of its own' });
    await isSignedOut(by);
  });

  it('oidcc-rp-initiated-logout-no-state: sends none back', async () => {
    const { by } = await sentToSignOut(without('state'));
    expect(by.landed().href).to.equal(afterLogout);
    await isSignedOut(by);
  });

  async function endsHere(by: Visitor): Promise<void> {
    if (by.sees() === 'sign-out/confirm') await by.says({ logout: 'yes' });
    expect(by.sees()).to.equal('sign-out/done');
    await isSignedOut(by);
  }

  it('oidcc-rp-initiated-logout-no-params: signs out and says so', async () => {
    await endsHere((await sentToSignOut(() => ({}))).by);
  });

  it('oidcc-rp-initiated-logout-only-state: signs out and says so', async () => {
    await endsHere((await sentToSignOut(({ state = '' }) => ({ state }))).by);
  });

  it('oidcc-rp-initiated-logout-no-post-logout-redirect-uri: signs out and says so', async () => {
    await endsHere((await sentToSignOut(without('post_logout_redirect_uri'))).by);
  });

  it('oidcc-rp-initiated-logout-no-id-token-hint: asks, and does not lead back', async () => {
    const { by } = await sentToSignOut(without('id_token_hint'));
    expect(by.sees()).to.equal('sign-out/confirm');
    await endsHere(by);
  });

  async function isRefused(change: (usual: Record<string, string>) => Params): Promise<void> {
    const { by } = await sentToSignOut(change);
    expect(by.sees()).to.equal('problem');
    expect(by.status()).to.equal(400);
    const { error } = await suite.authorizes({ prompt: 'none' }, { by });
    expect(error, 'and nobody is signed out').to.equal(null);
  }

  it('oidcc-rp-initiated-logout-bad-post-logout-redirect-uri: shows a page', async () => {
    await isRefused((usual) => ({ ...usual, post_logout_redirect_uri: `${afterLogout}/other` }));
  });

  it('oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri: shows a page', async () => {
    await isRefused((usual) => ({ ...usual, post_logout_redirect_uri: `${afterLogout}?foo=bar` }));
  });

  it('oidcc-rp-initiated-logout-bad-id-token-hint: signed by somebody else, shows a page', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await isRefused((usual) => {
      const [head = '', body = ''] = (usual.id_token_hint ?? '').split('.');
      const forged = sign('sha256', Buffer.from(`${head}.${body}`), privateKey);
      return { ...usual, id_token_hint: `${head}.${body}.${forged.toString('base64url')}` };
    });
  });

  it('oidcc-rp-initiated-logout-modified-id-token-hint: with alg none, shows a page', async () => {
    await isRefused((usual) => {
      const [, body = ''] = (usual.id_token_hint ?? '').split('.');
      return { ...usual, id_token_hint: `${encoded({ alg: 'none' })}.${body}.` };
    });
  });

  it('oidcc-backchannel-rp-initiated-logout: tells the app which session ended', async () => {
    await house.waits();
    notices.length = 0;
    const { by, idToken } = await sentToSignOut((usual) => usual);
    expect(by.landed().searchParams.get('state')).to.equal('a state of its own');
    await house.waits();
    expect(notices).to.have.length(1);
    const [token = ''] = notices;
    const [notice, signedIn] = [part(token, 1), part(idToken, 1)];
    expect(notice).to.include({ iss: house.issuer, aud: 'client' });
    expect(notice).to.include({ sub: signedIn.sub, sid: signedIn.sid });
    expect(notice.sid).to.be.a('string');
    expect(notice).to.include.all.keys('iat', 'jti', 'events').and.not.have.any.keys('nonce');
    await isSignedOut(by);
  });
});
