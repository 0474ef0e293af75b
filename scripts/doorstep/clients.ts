/**
 * doorstep clients: apps that people sign in to.
 */
import type { ShownClient } from '../../src/administration/clients.ts';
import { proofFrom, wished, wishedHelp, wishesFrom } from './client-options.ts';
import { defineCommand, type Group } from './command.ts';
import { columns, isSoAlready, jsonLine, named } from './print.ts';
import { reasonHelp, reasonIn, reasonOption } from './reason.ts';
import { Misuse, type Terminal } from './run.ts';
import { typedLine } from './typed-line.ts';

const secretOption = { 'secret-stdin': { type: 'boolean' } } as const;
const secretHelp = `
  --secret-stdin             a secret that it knows already, from the input: 32 to 512 letters,
                             digits and signs`;

const create = defineCommand({
  names: ['<id>'],
  takes: '--redirect-uri <address> [options]',
  about: `Registers an app and shows its secret, once.
${wishedHelp}
  --native                   on a phone or a desktop, and so without a secret. It comes back to
                             http://127.0.0.1/... or http://[::1]/... on any port, to
                             com.example.app:/..., or to an https address that it claimed
  --public                   in a browser, which cannot keep a secret either; keys of such apps
                             sign their requests only
  --with-secret              has a secret although it has keys, which then sign its requests only
                             (RFC 9101); otherwise keys take its place (private_key_jwt)${secretHelp}`,
  options: {
    ...{ ...wished, ...secretOption },
    native: { type: 'boolean' },
    public: { type: 'boolean' },
    'with-secret': { type: 'boolean' },
  },
  async run({ administration, settings }, { names: [wanted], values }, terminal) {
    if (!values['redirect-uri']) throw new Misuse('At least one --redirect-uri is needed.');
    const secret = await secretFrom(values, terminal);
    const wishes = {
      ...(await wishesFrom(values)),
      ...(secret !== undefined && { secret }),
      kind: values.native ? ('native' as const) : ('web' as const),
      proof: proofFrom(values),
    };
    const made = await administration.clients.create(wanted, wishes, reasonIn(values));
    const hint = settings.environment === 'development' ? ', or as npm start printed it' : '';
    const { client_id: id, client_secret: own } = made;
    return `Client ${named(id)} is made. Issuer: ${settings.issuer}${hint}\n${shownOnce(own, secret)}`;
  },
});

const list = defineCommand({
  takes: '[--json]',
  about: 'All apps, with where people come back to.',
  options: { json: { type: 'boolean' } },
  async run({ administration }, { values }) {
    const all = await administration.clients.list();
    if (values.json) return all.map((client) => jsonLine(client)).join('');
    return columns(['id', 'name', 'proof', '', '', 'redirect addresses'], all, (client) => [
      client.client_id ?? '',
      client.client_name ?? '',
      howProven(client),
      client.first_party === true ? 'first party' : 'third party',
      client.require_pkce === false ? 'without PKCE' : '',
      (client.redirect_uris ?? []).join(' '),
    ]);
  },
});

function howProven(client: ShownClient): string {
  if (client.application_type === 'native') return 'none, native';
  const { token_endpoint_auth_method: method } = client;
  return { none: 'none, public', private_key_jwt: 'keys' }[String(method)] ?? 'secret';
}

const show = defineCommand({
  names: ['<id>'],
  about: 'What is registered of an app, as JSON; without its secret.',
  options: {},
  async run({ administration }, { names: [id] }) {
    return jsonLine(await administration.clients.find(id), 2);
  },
});

const update = defineCommand({
  names: ['<id>'],
  takes: '[options]',
  about: `Replaces what is named and keeps the rest; addresses are replaced all together.
--acr, --scope, --sign-out-uri and --client-uri with an empty text take away what there was.
${wishedHelp}
  --no-id-token-claims       says it in userinfo only
  --no-first-party           somebody else's: people are asked for consent
  --pkce                     must use PKCE, as apps do otherwise
  --no-secret                proves itself by its keys from now on; its secret is forgotten
  --with-secret              proves itself by a new secret, which is shown once; its keys then
                             sign its requests only
  --no-jwks                  has no keys any more`,
  options: {
    ...wished,
    'no-first-party': { type: 'boolean' },
    'no-id-token-claims': { type: 'boolean' },
    pkce: { type: 'boolean' },
    'no-secret': { type: 'boolean' },
    'with-secret': { type: 'boolean' },
    'no-jwks': { type: 'boolean' },
  },
  async run({ administration }, { names: [id], values }) {
    const { 'no-first-party': isForeign, 'no-id-token-claims': isBare, ...rest } = values;
    refuseOpposites(values);
    const { 'no-secret': byKeys, 'with-secret': bySecret } = rest;
    const wishes = {
      ...(await wishesFrom(rest)),
      ...(isForeign && { firstParty: false }),
      ...(isBare && { idTokenClaims: false }),
      ...(rest.pkce && { isPkceLeftOut: false }),
      ...(rest['no-jwks'] && { areKeysLeftOut: true }),
      ...(byKeys && { proof: 'keys' as const }),
      ...(bySecret && { proof: 'secret' as const }),
    };
    const { what, secret } = await administration.clients.update(id, wishes, reasonIn(values));
    if (what.length === 0) return isSoAlready(`client ${named(id)}`);
    return `Client ${named(id)} is changed; ${NOTICED}.\n${shownOnce(secret, undefined)}`;
  },
});

const opposites = [
  ['pkce', 'no-pkce'],
  ['first-party', 'no-first-party'],
  ['id-token-claims', 'no-id-token-claims'],
  ['with-secret', 'no-secret'],
  ['jwks', 'no-jwks'],
  ['jwks-uri', 'no-jwks'],
] as const;

function refuseOpposites(values: Readonly<Record<string, unknown>>): void {
  const both = opposites.find((pair) => pair.every((name) => values[name] !== undefined));
  if (both) throw new Misuse(`--${both[0]} and --${both[1]} are opposites.`);
}

const rotateSecret = defineCommand({
  names: ['<id>'],
  takes: '[--overlap-hours <number>] [--secret-stdin] [--reason <why>]',
  about: `Makes a new secret and shows it, once. The old one is void at once, unless it is to go on
for a while beside the new one, so that an app's servers can change over in turn. At a leak it
must not: rotate again without an overlap, and both old ones are void.

  --overlap-hours <number>   for so long, at most 720${secretHelp}
${reasonHelp}`,
  options: { 'overlap-hours': { type: 'string' }, ...secretOption, ...reasonOption },
  async run({ administration }, { names: [id], values }, terminal) {
    const overlapHours = hoursIn(values['overlap-hours']);
    const given = await secretFrom(values, terminal);
    const wishes = { overlapHours, ...(given !== undefined && { secret: given }) };
    const secret = await administration.clients.rotateSecret(id, wishes, reasonIn(values));
    const hours = overlapHours === 1 ? 'an hour' : `${overlapHours} hours`;
    const then = overlapHours > 0 ? `goes on for ${hours}; any before it is void` : 'is void';
    return `The old secret of ${named(id)} ${then}; ${NOTICED}.\n${shownOnce(secret, given)}`;
  },
});

function hoursIn(typed = '0'): number {
  if (/^\d{1,4}$/.test(typed)) return Number(typed);
  throw new Misuse('The overlap is a whole number of hours.');
}

const remove = defineCommand({
  names: ['<id>'],
  takes: '[--reason <why>]',
  about: `Forgets an app.
${reasonHelp}`,
  options: reasonOption,
  async run({ administration }, { names: [id], values }) {
    await administration.clients.remove(id, reasonIn(values));
    return `Client ${named(id)} is gone; ${NOTICED}.\n`;
  },
});

export const clients: Group = {
  about: 'Apps that people sign in to.',
  commands: { create, list, show, update, 'rotate-secret': rotateSecret, remove },
};

const NOTICED = 'running services notice within five seconds';

async function secretFrom(
  values: { readonly 'secret-stdin'?: boolean },
  { stdin }: Pick<Terminal, 'stdin'>,
): Promise<string | undefined> {
  return values['secret-stdin'] ? typedLine(stdin, 'secret') : undefined;
}

/** Nothing of one that was given: whoever typed the command has it. */
const shownOnce = (secret: string | undefined, given: string | undefined): string =>
  secret === undefined || given !== undefined ? '' : `Client secret (shown this once): ${secret}\n`;
