/**
 * oauth2-proxy with its sessions in cookies: it asks for a second step whenever it asks, also of
 * those whom another app let in by password, and refreshes with every request that is a second
 * old.
 */
import { setTimeout as pause } from 'node:timers/promises';

import { expect } from 'chai';

import { install } from '../../scripts/clients/install.ts';
import { freePort, issuedIn, MFA, openBeside, openProgram } from '../support/clients.ts';
import { type House, openHouse } from '../support/house.ts';

const { oauth2Proxy } = await install();
const SECRET = 'proxy-secret-with-32-bytes-and-more';

/** Older than --cookie-refresh, though it tells a session's age by whole seconds. */
const OLD_MILLISECONDS = 2200;

interface Info {
  readonly user: string;
  readonly email: string;
}

describe(`oauth2-proxy ${oauth2Proxy.version}`, () => {
  const desk = openBeside(() => openHouse({ policy: { twoSteps: 'when-asked' } }), openProxy);

  it('signs in with a second step', async () => {
    const ada = await desk.ada();
    expect(await ada.visits('/')).to.deep.equal(['password', 'code']);
    expect(await ada.reads()).to.equal('Authenticated');
    const { user, email } = await ada.fetches<Info>('/oauth2/userinfo');
    expect({ user, email }).to.deep.equal({ user: 'id-ada', email: 'ada@example.org' });
  });

  it('steps up, refreshes (5 at once), signs out', async () => {
    const ada = await desk.ada();
    await ada.page.goto((await desk.house.shop.signIn()).href);
    expect(await ada.answersAll()).to.deep.equal(['password']);
    expect(await ada.visits('/')).to.deep.equal(['code']);

    for (let round = 0; round < 2; round += 1) {
      await pause(OLD_MILLISECONDS);
      const before = await issuedIn(desk.house);
      await ada.fetchesAtOnce('/', 5);
      expect(await issuedIn(desk.house)).to.equal(before + 5);
    }

    const end = new URL('/session/end', desk.house.issuer);
    end.searchParams.set('client_id', 'proxy');
    end.searchParams.set('post_logout_redirect_uri', `${desk.app.origin}/ping`);
    await ada.visits(`/oauth2/sign_out?rd=${encodeURIComponent(end.href)}`);
    expect(ada.page.url()).to.equal(`${desk.app.origin}/ping`);
    expect(await ada.visits('/')).to.deep.equal(['password', 'code']);
  });
});

async function openProxy(house: House) {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  await house.registers('proxy', {
    client_secret: SECRET,
    redirect_uris: [`${origin}/oauth2/callback`],
    post_logout_redirect_uris: [`${origin}/ping`],
    grant_types: ['authorization_code', 'refresh_token'],
    first_party: true,
  });
  const command = [
    ...oauth2Proxy.command,
    '--provider=oidc',
    `--oidc-issuer-url=${house.issuer}`,
    '--client-id=proxy',
    `--client-secret=${SECRET}`,
    '--code-challenge-method=S256',
    '--scope=openid profile email',
    `--acr-values=${MFA}`,
    '--email-domain=*',
    `--http-address=127.0.0.1:${port}`,
    `--redirect-url=${origin}/oauth2/callback`,
    `--whitelist-domain=${new URL(house.issuer).host}`,
    '--upstream=static://200',
    '--skip-provider-button',
    '--cookie-secure=false',
    '--cookie-secret=a-cookie-secret-with-32-bytes-00',
    '--cookie-refresh=1s',
  ];
  return { origin, ...(await openProgram({ command, readyAt: `${origin}/ping` })) };
}
