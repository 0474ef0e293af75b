/**
 * Apache with mod_auth_openidc, as Debian has it: one page for whoever signed in, one that wants
 * a second step (its own step-up), a refresh at every request, and sign-out both ways.
 */
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';

import { install } from '../../scripts/clients/install.ts';
import { freePort, issuedIn, MFA, openBeside, openProgram, ownFolder } from '../support/clients.ts';
import { type House, openHouse } from '../support/house.ts';

const { apache } = await install();
const SECRET = 'apache-secret-with-32-bytes-and-more';

interface Info {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly id_token: { readonly acr: string };
}

describe(`mod_auth_openidc ${apache.version}`, () => {
  const desk = openBeside(() => openHouse({ policy: { twoSteps: 'when-asked' } }), openApache);
  const info = '/oidc/back?info=json';

  it('signs in with a second step', async () => {
    const ada = await desk.ada();
    expect(await ada.visits('/vault/')).to.deep.equal(['password', 'code']);
    expect(await ada.reads()).to.equal('The vault');
    expect((await ada.fetches<Info>(info)).id_token.acr).to.equal(MFA);
  });

  it('steps up, refreshes (5 at once), signs out', async () => {
    const ada = await desk.ada();
    expect(await ada.visits('/')).to.deep.equal(['password']);
    expect(await ada.visits('/vault/')).to.deep.equal(['code']);

    const before = await ada.fetches<Info>(info);
    const issued = await issuedIn(desk.house);
    await ada.fetchesAtOnce('/', 5);
    expect(await issuedIn(desk.house)).to.be.above(issued);
    const after = await ada.fetches<Info>(info);
    expect(after.access_token).not.to.equal(before.access_token);
    expect(after.refresh_token).to.equal(before.refresh_token);

    await ada.visits(`/oidc/back?logout=${encodeURIComponent(`${desk.app.origin}/bye`)}`);
    expect(await ada.reads()).to.equal('Good bye');
    expect(await ada.visits('/')).to.deep.equal(['password']);
  });

  it('hears of a sign-out elsewhere', async () => {
    const ada = await desk.ada();
    await ada.visits('/');
    await ada.page.goto(`${desk.house.issuer}/session/end`);
    await ada.answersAll();
    await desk.house.waits();
    expect(await ada.visits('/')).to.deep.equal(['password']);
  });
});

async function openApache(house: House) {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  await house.registers('apache', {
    client_secret: SECRET,
    redirect_uris: [`${origin}/oidc/back`],
    post_logout_redirect_uris: [`${origin}/bye`],
    backchannel_logout_uri: `${origin}/oidc/back?logout=backchannel`,
    backchannel_logout_session_required: true,
    grant_types: ['authorization_code', 'refresh_token'],
    first_party: true,
  });
  const folder = await ownFolder();
  await chmod(folder, 0o777);
  const pages = { 'index.html': 'The page', 'vault.html': 'The vault', 'bye.html': 'Good bye' };
  for (const [name, text] of Object.entries(pages)) await writeFile(join(folder, name), text);
  const file = join(folder, 'apache.conf');
  await writeFile(file, configuration({ house, folder, port }));
  // -X: one process, with threads. Started as root it becomes somebody else, whom the end of
  // its parent would not end; so it is the child of one who stays.
  const command = [
    ...(process.getuid?.() === 0 ? within : []),
    ...apache.command,
    '-X',
    '-f',
    file,
  ];
  return { origin, ...(await openProgram({ command, readyAt: `${origin}/bye`, folder })) };
}

const within = [
  ...['unshare', '--pid', '--fork', '--kill-child'],
  ...['sh', '-c', '"$@"; true', 'sh'],
];

interface Place {
  readonly house: House;
  readonly folder: string;
  readonly port: number;
}

const configuration = ({ house, folder, port }: Place): string => `
${['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'alias', 'headers', 'auth_openidc']
  .map((name) => `LoadModule ${name}_module ${apache.root}/usr/lib/apache2/modules/mod_${name}.so`)
  .join('\n')}
ServerName 127.0.0.1
ServerRoot ${folder}
DefaultRuntimeDir ${folder}
PidFile ${folder}/pid
Listen 127.0.0.1:${port}
ErrorLog ${folder}/log
User nobody
Group nogroup
DocumentRoot ${folder}
# Otherwise a browser may show a page without asking for it.
Header set Cache-Control no-store

OIDCProviderMetadataURL ${house.issuer}/.well-known/openid-configuration
OIDCClientID apache
OIDCClientSecret ${SECRET}
OIDCRedirectURI http://127.0.0.1:${port}/oidc/back
OIDCCryptoPassphrase a-passphrase-of-this-test
OIDCScope "openid profile email"
OIDCPKCEMethod S256
OIDCRefreshAccessTokenBeforeExpiry 3600
OIDCInfoHook access_token refresh_token id_token

<Location />
  AuthType openid-connect
  Require valid-user
</Location>
<Location /vault/>
  Require claim acr:${MFA}
  Require claim acr:phr
  Require claim acr:phrh
  OIDCUnAutzAction auth
  OIDCPathAuthRequestParams acr_values=${MFA}
</Location>
<Location /bye>
  AuthType None
  Require all granted
</Location>
AliasMatch ^/vault/$ ${folder}/vault.html
AliasMatch ^/bye$ ${folder}/bye.html
AliasMatch ^/$ ${folder}/index.html
`;
