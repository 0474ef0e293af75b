/**
 * oidc-client-ts in a page: a public client, whose tokens live in the browser.
 */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';

import { type Customer, MFA, openBeside } from '../support/clients.ts';
import { type House, openHouse } from '../support/house.ts';

const main = fileURLToPath(import.meta.resolve('oidc-client-ts'));
const folder = main.slice(0, main.indexOf('/dist/'));
const { version } = JSON.parse(await readFile(`${folder}/package.json`, 'utf8')) as Version;
const library = await readFile(`${folder}/dist/browser/oidc-client-ts.min.js`);

describe(`oidc-client-ts ${version}`, () => {
  const desk = openBeside(() => openHouse({ policy: { twoSteps: 'when-asked' } }), openPage);

  /** Lets the library lead away, and says what had to be proved until it led back. */
  async function leaves({ page, answersAll }: Customer, by: string): Promise<string[]> {
    await isReady(page);
    await page.evaluate(`void ${by}`);
    await page.waitForURL(`${desk.house.issuer}/**`);
    return answersAll();
  }

  /** Led back is not loaded yet. */
  const isReady = (page: Customer['page']) =>
    page.waitForFunction(`typeof manager !== 'undefined'`);

  /** Signs in; the page then knows who it is. */
  async function signsIn(ada: Customer, wish = {}) {
    const proved = await leaves(ada, `manager.signinRedirect(${JSON.stringify(wish)})`);
    await isReady(ada.page);
    const { profile } = await ada.page.evaluate<User>('manager.signinRedirectCallback()');
    return { proved, profile };
  }

  it('signs in with a second step', async () => {
    const ada = await desk.ada();
    await ada.visits('/');
    const { proved, profile } = await signsIn(ada, { acr_values: MFA });
    expect(proved).to.deep.equal(['password', 'code']);
    expect(profile).to.include({ sub: 'id-ada', acr: MFA, email: 'ada@example.org' });
  });

  it('steps up, refreshes (5 at once), revokes, signs out', async () => {
    const ada = await desk.ada();
    await ada.visits('/');
    expect((await signsIn(ada)).proved).to.deep.equal(['password']);
    expect((await signsIn(ada, { acr_values: MFA })).proved).to.deep.equal(['code']);

    const outcomes = await ada.page.evaluate<PromiseSettledResult<User>[]>(
      'Promise.allSettled(Array.from({ length: 5 }, () => manager.signinSilent()))',
    );
    const good = outcomes.filter(({ status }) => status === 'fulfilled');
    expect(good, 'a public client rotates').to.have.length(1);
    // Four uses of a token that was just used cost nothing but their own answers.
    const again = await ada.page.evaluate<User>('manager.signinSilent()');
    expect(again.profile.acr).to.equal(MFA);

    await ada.page.evaluate('manager.revokeTokens()');
    expect(await leaves(ada, 'manager.signoutRedirect()')).to.deep.equal([]);
    expect(ada.page.url()).to.match(/\/bye\b/);
    expect((await signsIn(ada)).proved).to.deep.equal(['password']);
  });
});

interface Version {
  readonly version: string;
}

interface User {
  readonly profile: Readonly<Record<string, unknown>>;
}

async function openPage(house: House) {
  const server = createServer(({ url }, response) => {
    if (url === '/library.js') response.setHeader('content-type', 'text/javascript').end(library);
    else response.setHeader('content-type', 'text/html').end(page);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = {
    authority: house.issuer,
    client_id: 'page',
    redirect_uri: `${origin}/back`,
    post_logout_redirect_uri: `${origin}/bye`,
    scope: 'openid profile email',
    loadUserInfo: true,
    // Else it keeps the level to itself.
    filterProtocolClaims: false,
  };
  const page = `<!doctype html><title>The page</title><script src="/library.js"></script>
    <script>const manager = new oidc.UserManager(${JSON.stringify(settings)})</script>`;
  await house.registers('page', {
    token_endpoint_auth_method: 'none',
    redirect_uris: [settings.redirect_uri],
    post_logout_redirect_uris: [settings.post_logout_redirect_uri],
    grant_types: ['authorization_code', 'refresh_token'],
    first_party: true,
  });
  return {
    origin,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
