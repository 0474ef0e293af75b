/**
 * An app on Flask with Authlib (scripts/clients/authlib-app.py), which belongs to somebody else:
 * it asks for consent and for refresh tokens that outlive the session.
 */
import { join } from 'node:path';

import { expect } from 'chai';

import { install } from '../../scripts/clients/install.ts';
import { freePort, issuedIn, MFA, openBeside, openProgram } from '../support/clients.ts';
import { type House, openHouse } from '../support/house.ts';

const { authlib } = await install();
const SCRIPT = join(import.meta.dirname, '../../scripts/clients/authlib-app.py');
const SECRET = 'authlib-secret-with-32-bytes-and-more';

interface Info {
  readonly claims: { readonly sub: string; readonly acr: string };
  readonly person: { readonly email: string };
}

describe(`Authlib ${authlib.version}`, () => {
  const desk = openBeside(() => openHouse({ policy: { twoSteps: 'when-asked' } }), openFlask);
  const vault = `/vault?acr_values=${MFA}`;

  it('signs in with a second step', async () => {
    const ada = await desk.ada();
    expect(await ada.visits(vault)).to.deep.equal(['password', 'code']);
    expect(await ada.reads()).to.equal('The vault');
    const { claims, person } = await ada.fetches<Info>('/');
    expect(claims).to.include({ sub: 'id-ada', acr: MFA });
    expect(person.email).to.equal('ada@example.org');
  });

  it('steps up, refreshes (5 at once), signs out', async () => {
    const ada = await desk.ada();
    expect(await ada.visits('/')).to.deep.equal(['password']);
    const issued = await issuedIn(desk.house);
    const refreshed = await ada.fetchesAtOnce<{ sub: string }>('/refresh', 5);
    expect(refreshed).to.deep.equal(Array(5).fill({ sub: 'id-ada' }));
    expect(await issuedIn(desk.house)).to.equal(issued + 5);

    expect(await ada.visits(vault)).to.deep.equal(['code']);
    expect(await ada.reads()).to.equal('The vault');
    await ada.visits('/sign-out');
    expect(await ada.reads()).to.equal('Good bye');
    expect(await ada.visits('/')).to.deep.equal(['password']);
  });
});

async function openFlask(house: House) {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  await house.registers('authlib', {
    client_secret: SECRET,
    redirect_uris: [`${origin}/back`],
    post_logout_redirect_uris: [`${origin}/bye`],
    grant_types: ['authorization_code', 'refresh_token'],
  });
  const environment = {
    ISSUER: house.issuer,
    PORT: String(port),
    CLIENT_SECRET: SECRET,
    PYTHONDONTWRITEBYTECODE: '1',
  };
  const command = [...authlib.command, SCRIPT];
  return { origin, ...(await openProgram({ command, readyAt: `${origin}/bye`, environment })) };
}
