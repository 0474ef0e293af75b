import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect } from 'chai';

import { createDemoApp } from '../../../../scripts/demo-app/server.ts';
import { demoPeople, waysToTry } from '../../../../scripts/demo-people.ts';
import { createFakeSignIn, levels } from '../../../support/fake-sign-in.ts';

const { MFA } = levels;
const secondsAgo = (seconds: number) => Math.floor(Date.now() / 1000) - seconds;

describe('the demo app', () => {
  let server: Server;
  let origin: string;
  let cookies = '';
  let fake: ReturnType<typeof createFakeSignIn>;

  beforeEach(async () => {
    cookies = '';
    fake = createFakeSignIn();
    const apps = { demo: async () => fake.signIn, partner: async () => fake.signIn };
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

  const read = async (path: string): Promise<string> => (await ask(path)).text();
  const locationOf = async (path: string, method = 'GET') =>
    (await ask(path, method)).headers.get('location');
  const signsIn = async (): Promise<void> => {
    await ask('/sign-in/plain', 'POST');
    await ask(`/callback?code=c&state=s${fake.begun()}`);
  };

  it('names everybody whom a newcomer can be, with a password to copy by script alone', async () => {
    const page = await read('/');
    for (const { password, secondStep } of demoPeople) {
      expect(page).to.contain(`data-copy="${password}" hidden`).and.contain(secondStep);
    }
    for (const { who, how } of waysToTry) {
      expect(page).to.contain(`<strong>${who}</strong><span>${how}</span>`);
    }
    expect(page).to.contain('href="http://h"').and.contain('beside this window');
  });

  it('sends the browser away to sign in and greets who came back', async () => {
    const away = await ask('/sign-in/two-steps', 'POST');
    expect([away.status, away.headers.get('location')]).to.deep.equal([
      303,
      'https://id.example.org/auth?ask=two-steps',
    ]);
    fake.tells({ acr: MFA, amr: ['pwd', 'otp', 'mfa'] });
    expect(await locationOf('/callback?code=c&state=s1')).to.equal('/');
    const page = await read('/');
    expect(page).to.contain('<h1>Hello, &lt;b&gt;Ada&lt;/b&gt;</h1>').and.contain('Two steps</h2>');
    expect(page).to.contain('You are signed in with two steps.').and.contain(MFA);
  });

  it('shows one step grow to two', async () => {
    await signsIn();
    const [before] = /<h2 class="badge[^]*?<.ol>/.exec(await read('/')) ?? [];
    expect(before).to.contain('One step</h2>').and.contain('not asked for yet');
    fake.tells({ acr: MFA, amr: ['pwd', 'sms', 'mfa'] });
    await signsIn();
    const page = await read('/');
    expect(page).to.contain('Two steps</h2>').and.contain('class="proofs grown"');
    expect(page).to.contain('a code sent by text').and.not.contain('not asked for yet');
  });

  it('says when nothing was asked', async () => {
    const at = secondsAgo(3600);
    fake.tells({ acr: MFA, auth_time: at });
    await signsIn();
    const time = new Date(at * 1000).toLocaleTimeString('en-GB').slice(0, 5);
    expect(await read('/')).to.contain(`Nothing was asked: you proved both at ${time}.`);
  });

  it('finishes two sign-ins that were begun in two tabs, each once', async () => {
    await ask('/sign-in/plain', 'POST');
    await ask('/sign-in/again', 'POST');
    expect(await locationOf('/callback?code=c&state=s1')).to.equal('/');
    expect(await read('/')).to.contain('You are signed in.');
    expect(await locationOf('/callback?code=c&state=s2')).to.equal('/');
    expect(await read('/')).to.contain('You signed in again');
    expect(await locationOf('/callback?code=c&state=s1')).to.equal('/');
    expect(await read('/')).to.contain('You signed in again');
  });

  it('remembers a handful of sign-ins that never came back, and no more', async () => {
    for (let tabs = 1; tabs <= 9; tabs += 1) await ask('/sign-in/plain', 'POST');
    expect(await locationOf('/callback?code=c&state=s1')).to.equal('/not-begun');
    expect(await locationOf('/callback?code=c&state=s2')).to.equal('/');
  });

  it('tells a refusal calmly, with its code, and keeps who is signed in', async () => {
    await ask('/sign-in/plain', 'POST');
    const page = await ask('/callback?error=access_denied&state=s1');
    expect(page.status).to.equal(200);
    expect(await page.text())
      .to.contain('You chose not to sign in')
      .and.contain('<code>access_denied</code>');
    await signsIn();
    await ask('/sign-in/two-steps', 'POST');
    expect(await read('/callback?error=access_denied&state=s3'))
      .to.contain('You chose not to sign in')
      .and.contain('Hello, ')
      .and.contain('You are still signed in.');
  });

  it('is not signed in by a callback that nobody asked for', async () => {
    expect(await locationOf('/callback?code=c&state=s1')).to.equal('/not-begun');
    expect(await read('/not-begun'))
      .to.contain('This browser began no such sign-in')
      .and.contain('An app like any other');
  });

  const papers = [
    ['payslips', 'urn:doorstep:acr:mfa phr phrh', MFA, 'November: three gold coins'],
    ['bank-account', 'phr phrh', 'phr', 'your pay goes to the new account'],
  ] as const;
  for (const [paper, acrValues, acr, says] of papers) {
    it(`steps up for the ${paper}, by what its guard asks for (RFC 9470), and shows it`, async () => {
      await signsIn();
      const away = await locationOf(`/${paper}`, 'POST');
      expect(Object.fromEntries(new URL(away ?? '').searchParams)).to.deep.equal({
        ...{ ask: paper, acr_values: acrValues, max_age: '300' },
      });
      fake.introspects({ acr, auth_time: secondsAgo(0) });
      expect(await locationOf('/callback?code=c&state=s2')).to.equal(`/#${paper}`);
      expect(await read('/'))
        .to.contain(says)
        .and.contain('401 <code>insufficient_user_authentication</code>')
        .and.contain(`acr_values="${acrValues}"`);
    });

    it(`shows the ${paper} at once to whoever proved enough`, async () => {
      fake.introspects({ acr, auth_time: secondsAgo(0) });
      await signsIn();
      expect(await read('/')).not.to.contain(says);
      expect(await locationOf(`/${paper}`, 'POST')).to.equal(`/#${paper}`);
      expect(await read('/'))
        .to.contain(says)
        .and.not.contain('had answered 401');
    });
  }

  it('changes no bank account for two steps that may be phished, and says so calmly', async () => {
    fake.introspects({ acr: MFA, auth_time: secondsAgo(0) });
    await signsIn();
    expect(await locationOf('/bank-account', 'POST')).to.contain('acr_values=phr+phrh');
    const refused = '/callback?error=unmet_authentication_requirements&state=s2';
    expect(await read(refused))
      .to.contain('for the bank account a security key. Nothing has changed.')
      .and.contain('You are still signed in.')
      .and.not.contain('goes to the new account');
  });

  it('shows what userinfo says beside its button, escaped', async () => {
    await signsIn();
    expect(await locationOf('/userinfo', 'POST')).to.equal('/#userinfo');
    const [card] =
      /<section class="card" id="userinfo">[^]*?<.section>/.exec(await read('/')) ?? [];
    expect(card).to.contain('&lt;b&gt;Ada&lt;/b&gt;').and.not.contain('<b>');
  });

  it('says that the tokens are new', async () => {
    await signsIn();
    expect(await locationOf('/refresh', 'POST')).to.equal('/#tokens');
    expect(await read('/')).to.contain('Refreshed at ');
  });

  it('believes no session cookie that it did not sign', async () => {
    await signsIn();
    const [id = ''] = cookies.split('; ');
    cookies = id;
    expect(await read('/')).to.contain('An app like any other');
  });

  it('ends its own session before it ends the other, and says so', async () => {
    await signsIn();
    expect(await locationOf('/sign-out', 'POST')).to.equal(
      'https://id.example.org/session/end?to=http://127.0.0.1:3001/signed-out',
    );
    const page = await read('/signed-out');
    expect(page).to.contain('You are signed out').and.contain('An app like any other');
    expect(await locationOf('/userinfo', 'POST')).to.equal('/signed-out');
  });
});
