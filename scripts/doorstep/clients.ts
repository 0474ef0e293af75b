/**
 * doorstep clients: apps that people sign in to.
 */
import type { ClientMetadata } from 'oidc-provider';

import { supportedAcrs } from '../../src/assurance/levels.ts';
import { randomToken } from '../../src/lib/codes.ts';
import { defineCommand, type Group, Mistake, onlyOne } from './command.ts';
import { table } from './print.ts';

const SECRET_BYTES = 32;

const create = defineCommand({
  takes: '<id> --redirect-uri <address> [options]',
  about: `Registers an app and shows its secret, once.

  --redirect-uri <address>   where people come back to; may be given several times
  --name "The Shop"          as pages call it; otherwise its id
  --sign-out-uri <address>   where people go after signing out; may be given several times
  --first-party              ours: nobody is asked for consent
  --public                   an app that cannot keep a secret
  --no-pkce                  an app with a secret that knows no PKCE; the list says so
  --logout-notice-uri <address>   told of every sign-out (back-channel logout)
  --acr <level>              never let in below this level`,
  options: {
    name: { type: 'string' },
    'redirect-uri': { type: 'string', multiple: true },
    'sign-out-uri': { type: 'string', multiple: true },
    'first-party': { type: 'boolean' },
    public: { type: 'boolean' },
    'no-pkce': { type: 'boolean' },
    'logout-notice-uri': { type: 'string' },
    acr: { type: 'string' },
  },
  async run(house, { names, values }) {
    const metadata = metadataFrom(oneId(names), values);
    const id = metadata.client_id;
    if (await house.clients.find(id)) throw new Mistake(`There is a client "${id}" already.`);
    await house.clients.save(metadata);
    const secret = metadata.client_secret;
    const shown = secret ? `Client secret (shown this once): ${secret}\n` : '';
    const { issuer, environment } = house.settings;
    const hint = environment === 'development' ? ', or as npm start printed it' : '';
    return `Client "${id}" is made. Issuer: ${issuer}${hint}\n${shown}`;
  },
});

interface Wishes {
  readonly name?: string;
  readonly 'redirect-uri'?: string[];
  readonly 'sign-out-uri'?: string[];
  readonly 'first-party'?: boolean;
  readonly public?: boolean;
  readonly 'no-pkce'?: boolean;
  readonly 'logout-notice-uri'?: string;
  readonly acr?: string;
}

function metadataFrom(id: string, values: Wishes): ClientMetadata {
  const { name, 'redirect-uri': redirectUris = [], 'sign-out-uri': signOutUris = [] } = values;
  const { acr, public: isPublic = false, 'first-party': isFirstParty = false } = values;
  const { 'no-pkce': isPkceLeftOut = false, 'logout-notice-uri': noticeUri } = values;
  if (redirectUris.length === 0) throw new Mistake('At least one --redirect-uri is needed.');
  [...redirectUris, ...signOutUris, ...(noticeUri ? [noticeUri] : [])].forEach(checkAddress);
  if (isPublic && isPkceLeftOut) {
    // Without a secret, PKCE alone binds a code to the app that asked for it.
    throw new Mistake('--no-pkce is for apps with a secret, not for --public ones.');
  }
  if (acr !== undefined && !supportedAcrs.some((known) => known === acr)) {
    throw new Mistake(`--acr must be one of: ${supportedAcrs.join(', ')}`);
  }
  return {
    client_id: id,
    client_name: name ?? id,
    redirect_uris: redirectUris,
    post_logout_redirect_uris: signOutUris,
    grant_types: ['authorization_code', 'refresh_token'],
    first_party: isFirstParty,
    ...(acr && { required_acr: acr }),
    ...(isPkceLeftOut && { require_pkce: false }),
    ...(noticeUri && {
      backchannel_logout_uri: noticeUri,
      backchannel_logout_session_required: true,
    }),
    ...(isPublic
      ? { token_endpoint_auth_method: 'none' as const }
      : { client_secret: randomToken(SECRET_BYTES) }),
  };
}

/** The exact address is compared later, so it must be one that a browser would keep as it is. */
function checkAddress(address: string): void {
  if (!URL.canParse(address)) throw new Mistake(`"${address}" is not an address.`);
  const { protocol, hostname, hash } = new URL(address);
  const isOurs = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  if (hash) throw new Mistake(`"${address}" must not have a fragment (#).`);
  if (protocol !== 'https:' && !(protocol === 'http:' && isOurs)) {
    throw new Mistake(`"${address}" must begin with https:// (http:// is for localhost only).`);
  }
}

const list = defineCommand({
  takes: '',
  about: 'All apps, with where people come back to.',
  options: {},
  async run(house) {
    const rows = (await house.clients.list()).map((client) => [
      client.client_id,
      client.client_name ?? '',
      client.first_party === true ? 'first party' : 'third party',
      client.require_pkce === false ? 'without PKCE' : '',
      (client.redirect_uris ?? []).join(' '),
    ]);
    return table([['id', 'name', '', '', 'redirect addresses'], ...rows]);
  },
});

const remove = defineCommand({
  takes: '<id>',
  about: 'Forgets an app.',
  options: {},
  async run(house, { names }) {
    const id = oneId(names);
    if (!(await house.clients.find(id))) throw new Mistake(`There is no client "${id}".`);
    await house.clients.remove(id);
    return `Client "${id}" is gone; running services notice within five seconds.\n`;
  },
});

export const clients: Group = {
  about: 'Apps that people sign in to.',
  commands: { create, list, remove },
};

function oneId(names: readonly string[]): string {
  const id = onlyOne(names, 'client id');
  if (!/^[\w.-]{1,100}$/.test(id)) {
    throw new Mistake('A client id has up to 100 letters, digits, dots, hyphens and underscores.');
  }
  return id;
}
