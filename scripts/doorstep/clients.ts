/**
 * doorstep clients: apps that people sign in to.
 */
import type { ClientMetadata } from 'oidc-provider';

import type { ClientWishes } from '../../src/administration/clients.ts';
import { defineCommand, type Group, onlyOne } from './command.ts';
import { columns, jsonLine, named } from './print.ts';
import { reasonHelp, reasonIn, reasonOption } from './reason.ts';

const wished = {
  name: { type: 'string' },
  'redirect-uri': { type: 'string', multiple: true },
  'sign-out-uri': { type: 'string', multiple: true },
  'first-party': { type: 'boolean' },
  'no-pkce': { type: 'boolean' },
  'logout-notice-uri': { type: 'string' },
  acr: { type: 'string' },
  scope: { type: 'string', multiple: true },
  'id-token-claims': { type: 'boolean' },
  ...reasonOption,
} as const;

const wishedHelp = `
  --redirect-uri <address>   where people come back to; may be given several times
  --name "The Shop"          as pages call it; otherwise its id
  --sign-out-uri <address>   where people go after signing out; may be given several times
  --first-party              ours: nobody is asked for consent
  --no-pkce                  an app with a secret that knows no PKCE; the list says so
  --logout-notice-uri <address>   told of every sign-out (back-channel logout)
  --acr <level>              never let in below this level
  --scope groups|roles       may ask for them; may be given several times
  --id-token-claims          says in the ID token what userinfo would, for apps that never ask
  --reason <why>             kept in the audit`;

interface Values {
  readonly name?: string;
  readonly 'redirect-uri'?: readonly string[];
  readonly 'sign-out-uri'?: readonly string[];
  readonly 'first-party'?: boolean;
  readonly 'no-pkce'?: boolean;
  readonly 'logout-notice-uri'?: string;
  readonly acr?: string;
  readonly scope?: readonly string[];
  readonly 'id-token-claims'?: boolean;
}

const wishesFrom = (values: Values): ClientWishes => ({
  ...(values.name !== undefined && { name: values.name }),
  ...(values['redirect-uri'] && { redirectUris: values['redirect-uri'] }),
  ...(values['sign-out-uri'] && { signOutUris: values['sign-out-uri'] }),
  ...(values['first-party'] !== undefined && { firstParty: values['first-party'] }),
  ...(values['no-pkce'] && { isPkceLeftOut: true }),
  ...(values['logout-notice-uri'] !== undefined && {
    logoutNoticeUri: values['logout-notice-uri'],
  }),
  ...(values.acr !== undefined && { acr: values.acr }),
  ...(values.scope && { scopes: values.scope }),
  ...(values['id-token-claims'] && { idTokenClaims: true }),
});

const create = defineCommand({
  takes: '<id> --redirect-uri <address> [options]',
  about: `Registers an app and shows its secret, once.
${wishedHelp}
  --public                   an app that cannot keep a secret`,
  options: { ...wished, public: { type: 'boolean' } },
  async run({ administration, settings }, { names, values }) {
    const wishes = { ...wishesFrom(values), isPublic: values.public ?? false };
    const wanted = onlyOne(names, 'client id');
    const client = await administration.clients.create(wanted, wishes, reasonIn(values));
    const { client_id: id, client_secret: secret } = client;
    const shown = secret === undefined ? '' : `Client secret (shown this once): ${secret}\n`;
    const hint = settings.environment === 'development' ? ', or as npm start printed it' : '';
    return `Client ${named(id)} is made. Issuer: ${settings.issuer}${hint}\n${shown}`;
  },
});

const list = defineCommand({
  takes: '[--json]',
  about: 'All apps, with where people come back to.',
  options: { json: { type: 'boolean' } },
  async run({ administration }, { values }) {
    const all = await administration.clients.list();
    if (values.json) return all.map((client) => jsonLine(shown(client))).join('');
    return columns(['id', 'name', '', '', 'redirect addresses'], all, (client) => [
      client.client_id,
      client.client_name ?? '',
      client.first_party === true ? 'first party' : 'third party',
      client.require_pkce === false ? 'without PKCE' : '',
      (client.redirect_uris ?? []).join(' '),
    ]);
  },
});

const show = defineCommand({
  takes: '<id>',
  about: 'What is registered of an app, as JSON; without its secret.',
  options: {},
  async run({ administration }, { names }) {
    return jsonLine(shown(await administration.clients.find(onlyOne(names, 'client id'))), 2);
  },
});

const update = defineCommand({
  takes: '<id> [options]',
  about: `Replaces what is named and keeps the rest; addresses are replaced all together.
${wishedHelp}
                             (--acr "" takes the limit away, --scope "" all that were allowed)
  --no-id-token-claims       says it in userinfo only
  --no-first-party           somebody else's: people are asked for consent`,
  options: {
    ...wished,
    'no-first-party': { type: 'boolean' },
    'no-id-token-claims': { type: 'boolean' },
  },
  async run({ administration }, { names, values }) {
    const { 'no-first-party': isForeign, 'no-id-token-claims': isBare, ...rest } = values;
    const wishes = {
      ...wishesFrom(rest),
      ...(isForeign && { firstParty: false }),
      ...(isBare && { idTokenClaims: false }),
    };
    const id = onlyOne(names, 'client id');
    const client = await administration.clients.update(id, wishes, reasonIn(values));
    return `Client ${named(client.client_id)} is changed; ${NOTICED}.\n`;
  },
});

const rotateSecret = defineCommand({
  takes: '<id> [--reason <why>]',
  about: `Makes a new secret and shows it, once. The old one is void at once.
${reasonHelp}`,
  options: reasonOption,
  async run({ administration }, { names, values }) {
    const id = onlyOne(names, 'client id');
    const secret = await administration.clients.rotateSecret(id, reasonIn(values));
    return `The old secret of ${named(id)} is void; ${NOTICED}.
Client secret (shown this once): ${secret}\n`;
  },
});

const remove = defineCommand({
  takes: '<id> [--reason <why>]',
  about: `Forgets an app.
${reasonHelp}`,
  options: reasonOption,
  async run({ administration }, { names, values }) {
    const id = onlyOne(names, 'client id');
    await administration.clients.remove(id, reasonIn(values));
    return `Client ${named(id)} is gone; ${NOTICED}.\n`;
  },
});

export const clients: Group = {
  about: 'Apps that people sign in to.',
  commands: { create, list, show, update, 'rotate-secret': rotateSecret, remove },
};

const NOTICED = 'running services notice within five seconds';

const shown = ({ client_secret: _, ...rest }: ClientMetadata): object => rest;
