import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect } from 'chai';
import { AuthorizationResponseError } from 'openid-client';

import { createDemoApp } from '../../../../scripts/demo-app/server.ts';
import type { SignIn } from '../../../../scripts/demo-app/sign-in.ts';

const claims = { sub: 'a1', acr: 'urn:doorstep:acr:pwd', amr: ['pwd'] };
const tokens = { idToken: 'i', accessToken: 'a', scope: 'openid', expiresAt: 0, claims };
const begun = { ask: 'plain', state: 's', nonce: 'n', verifier: 'v' } as const;

const introspected = { acr: 'urn:doorstep:acr:pwd', auth_time: 0 };

/** A Doorstep that answers at once, or says no. */
const signIn: SignIn = {
  begin: async (ask, wishes) => ({
    begun: { ...begun, ask },
    address: new URL(
      `https://id.example.org/auth?${new URLSearchParams({ ask, ...wishes }).toString()}`,
    ),
  }),
  async finish(returnedTo, { state }) {
    if (returnedTo.searchParams.get('state') !== state) throw new Error('not ours');
    const error = returnedTo.searchParams.get('error');
    if (error) {
      throw new AuthorizationResponseError('refused', { cause: returnedTo.searchParams });
    }
    return tokens;
  },
  refresh: async () => tokens,
  introspect: async () => ({ active: true, ...introspected }),
  userinfo: async () => ({ sub: 'a1', name: '<script>' }),
  signOut: (_tokens, returnTo) => new URL(`https://id.example.org/session/end?to=${returnTo}`),
};

describe('the demo app', () => {
  let server: Server;
  let origin: string;
  let cookies = '';

  beforeEach(async () => {
    cookies = '';
    const apps = { demo: async () => signIn, partner: async () => signIn };
    const app = createDemoApp({ origin: 'http://127.0.0.1:3001', handset: 'http://h', apps });
    server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  async function ask(path: string, method = 'GET'): Promise<Response> {
    const headers = { cookie: cookies };
    const answer = await fetch(`${origin}${path}`, { method, headers, redirect: 'manual' });
    const set = answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '');
    if (set.length > 0) cookies = set.join('; ');
    return answer;
  }

  it('sends the browser away to sign in and shows what came back', async () => {
    const away = await ask('/sign-in/two-steps', 'POST');
    expect([away.status, away.headers.get('location')]).to.deep.equal([
      303,
      'https://id.example.org/auth?ask=two-steps',
    ]);
    expect((await ask('/callback?code=c&state=s')).headers.get('location')).to.equal('/');
    const page = await (await ask('/')).text();
    expect(page).to.contain('You are signed in with two steps').and.contain('urn:doorstep:acr:pwd');
  });

  it('tells a refusal calmly, with its code', async () => {
    await ask('/sign-in/plain', 'POST');
    const page = await ask('/callback?error=access_denied&state=s');
    expect(page.status).to.equal(200);
    expect(await page.text())
      .to.contain('You chose not to sign in')
      .and.contain('<code>access_denied</code>');
  });

  it('is not signed in by a callback that nobody asked for', async () => {
    expect((await ask('/callback?code=c&state=s')).headers.get('location')).to.equal('/');
    expect(await (await ask('/')).text()).to.contain('An app like any other');
  });

  it('steps up for the vault, by what its guard asks for (RFC 9470)', async () => {
    await ask('/sign-in/plain', 'POST');
    await ask('/callback?code=c&state=s');
    const away = await ask('/vault', 'POST');
    const sent = new URL(away.headers.get('location') ?? '').searchParams;
    expect(Object.fromEntries(sent)).to.deep.equal({
      ask: 'vault',
      acr_values: 'urn:doorstep:acr:mfa phr phrh',
      max_age: '300',
    });
    introspected.acr = 'urn:doorstep:acr:mfa';
    introspected.auth_time = Math.floor(Date.now() / 1000);
    await ask('/callback?code=c&state=s');
    expect(await (await ask('/')).text()).to.contain('You may open the vault now');
    expect(await (await ask('/vault', 'POST')).text()).to.contain('Three gold coins');
  });

  it('believes no session cookie that it did not sign', async () => {
    await ask('/sign-in/plain', 'POST');
    await ask('/callback?code=c&state=s');
    const [id = ''] = cookies.split('; ');
    cookies = id;
    expect(await (await ask('/')).text()).to.contain('An app like any other');
  });

  it('escapes what others wrote', async () => {
    await ask('/sign-in/plain', 'POST');
    await ask('/callback?code=c&state=s');
    const page = await (await ask('/userinfo', 'POST')).text();
    expect(page).to.contain('&lt;script&gt;').and.not.contain('<script>');
  });

  it('ends its own session before it ends the other', async () => {
    await ask('/sign-in/plain', 'POST');
    await ask('/callback?code=c&state=s');
    const away = await ask('/sign-out', 'POST');
    expect(away.headers.get('location')).to.match(/^https:\/\/id\.example\.org\/session\/end/);
    expect(await (await ask('/')).text()).to.contain('An app like any other');
  });
});
