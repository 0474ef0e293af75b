/**
 * Apps that people sign in to: registered, changed and forgotten. What an app may say beyond
 * the standard is oidc/client-metadata.ts; here is what an administrator may ask for.
 */
import { isDeepStrictEqual } from 'node:util';

import type { ClientMetadata } from 'oidc-provider';

import { supportedAcrs } from '../assurance/levels.ts';
import { randomToken } from '../lib/codes.ts';
import type { Clients } from '../oidc/clients.ts';
import { limitedScopes } from '../oidc/scopes.ts';
import { name as nameShape } from './person.ts';
import { Refusal } from './refusal.ts';
import type { Telling } from './telling.ts';

export interface ClientWishes {
  readonly name?: string;
  readonly redirectUris?: readonly string[];
  readonly signOutUris?: readonly string[];
  /** Ours: nobody is asked for consent. */
  readonly firstParty?: boolean;
  /** For an app with a secret that knows no PKCE (S-173). */
  readonly isPkceLeftOut?: boolean;
  /** Told of every sign-out (OIDC Back-Channel Logout). */
  readonly logoutNoticeUri?: string;
  /** Never let in below this level; an empty text takes the limit away. */
  readonly acr?: string;
  /** Of `groups` and `roles`, those that it may ask for. */
  readonly scopes?: readonly string[];
  /** Says in the ID token what userinfo would. */
  readonly idTokenClaims?: boolean;
}

/** 256 bits (S-181). */
const SECRET_BYTES = 32;

export type ClientAdministration = ReturnType<typeof createClientAdministration>;

export interface ClientAdministrationDeps {
  readonly clients: Clients;
  readonly telling: Telling;
}

export function createClientAdministration({ clients, telling }: ClientAdministrationDeps) {
  async function find(id: string): Promise<ClientMetadata> {
    const client = await clients.find(id);
    if (!client) throw new Refusal('not-found', `There is no client "${id}".`);
    return client;
  }

  return {
    /** With its secret, which is not for showing. */
    find,
    list: (): Promise<ClientMetadata[]> => clients.list(),

    /** Returns it with its secret, to be shown this once; a public client has none. */
    async create(
      id: string,
      wishes: ClientWishes & { readonly isPublic: boolean },
      reason?: string,
    ): Promise<ClientMetadata> {
      if (!/^[\w.-]{1,100}$/.test(id)) {
        const what = 'letters, digits, dots, hyphens and underscores';
        throw new Refusal('invalid', `A client id has up to 100 ${what}.`);
      }
      if (wishes.isPublic && wishes.isPkceLeftOut) {
        // Without a secret, PKCE alone binds a code to the app that asked for it.
        throw new Refusal('invalid', 'PKCE may be left out only by an app with a secret.');
      }
      const metadata: ClientMetadata = {
        client_id: id,
        client_name: id,
        post_logout_redirect_uris: [],
        grant_types: ['authorization_code', 'refresh_token'],
        first_party: false,
        ...metadataFrom(wishes),
        ...(wishes.isPublic
          ? { token_endpoint_auth_method: 'none' as const }
          : { client_secret: randomToken(SECRET_BYTES) }),
      };
      if (!metadata.redirect_uris?.length) {
        throw new Refusal('invalid', 'At least one redirect address is needed.');
      }
      if (!(await clients.find(id))) {
        await telling.before([telling.event('client.created', { client: id }, { reason })]);
        // Of two who come at once both are told of, and one is refused.
        if (await clients.create(metadata)) return metadata;
      }
      throw new Refusal('taken', `There is a client "${id}" already.`);
    },

    /** Replaces what is named and keeps the rest. */
    async update(id: string, wishes: ClientWishes, reason?: string): Promise<ClientMetadata> {
      const read = await find(id);
      const { required_acr: known, ...rest } = read;
      const next = metadataFrom(wishes);
      if (next.redirect_uris?.length === 0) {
        throw new Refusal('invalid', 'At least one redirect address is needed.');
      }
      const required = wishes.acr ?? known;
      const changed = { ...rest, ...next, ...(required ? { required_acr: required } : {}) };
      const what = Object.keys({ ...read, ...changed }).filter(
        (key) => !isDeepStrictEqual(read[key], changed[key as keyof typeof changed]),
      );
      if (what.length > 0) await save(changed, what, reason);
      return changed;
    },

    /** The old secret is void within five seconds; returns the new one, to be shown this once. */
    async rotateSecret(id: string, reason?: string): Promise<string> {
      const client = await find(id);
      if (client.client_secret === undefined) {
        throw new Refusal('invalid', `"${id}" is public and has no secret.`);
      }
      const secret = randomToken(SECRET_BYTES);
      await save({ ...client, client_secret: secret }, ['client_secret'], reason);
      return secret;
    },

    async remove(id: string, reason?: string): Promise<void> {
      await find(id);
      await telling.before([telling.event('client.removed', { client: id }, { reason })]);
      await clients.remove(id);
    },
  };

  async function save(metadata: ClientMetadata, what: readonly string[], reason?: string) {
    const details = { client: metadata.client_id, what };
    await telling.before([telling.event('client.changed', details, { reason })]);
    await clients.save(metadata);
  }
}

function metadataFrom(wishes: ClientWishes): Partial<ClientMetadata> {
  const { name, redirectUris, signOutUris, firstParty, acr, logoutNoticeUri } = wishes;
  if (name !== undefined && !nameShape.safeParse(name).success) {
    throw new Refusal('invalid', 'That cannot be the name of an app.');
  }
  const notice = logoutNoticeUri ? [logoutNoticeUri] : [];
  [...(redirectUris ?? []), ...(signOutUris ?? []), ...notice].forEach(checkAddress);
  if (acr && !supportedAcrs.some((known) => known === acr)) {
    throw new Refusal('invalid', `The level must be one of: ${supportedAcrs.join(', ')}`);
  }
  return {
    ...(name !== undefined && { client_name: name }),
    ...(redirectUris && { redirect_uris: [...redirectUris] }),
    ...(signOutUris && { post_logout_redirect_uris: [...signOutUris] }),
    ...(firstParty !== undefined && { first_party: firstParty }),
    ...(wishes.isPkceLeftOut && { require_pkce: false }),
    ...(logoutNoticeUri && {
      backchannel_logout_uri: logoutNoticeUri,
      backchannel_logout_session_required: true,
    }),
    ...(acr && { required_acr: acr }),
    ...(wishes.scopes && { allowed_scopes: allowed(wishes.scopes) }),
    ...(wishes.idTokenClaims !== undefined && { id_token_claims: wishes.idTokenClaims }),
  };
}

/** An empty text takes all of them away. */
function allowed(scopes: readonly string[]): string[] {
  const named = scopes.filter((scope) => scope !== '');
  if (named.every((scope) => limitedScopes.some((limited) => limited === scope))) return named;
  const which = limitedScopes.join(' and ');
  throw new Refusal('invalid', `Only ${which} are allowed one by one; other scopes need nothing.`);
}

/** The exact address is compared later, so it must be one that a browser would keep as it is. */
function checkAddress(address: string): void {
  const refuse = (why: string): never => {
    throw new Refusal('invalid', `"${address}" ${why}.`);
  };
  if (!URL.canParse(address)) refuse('is not an address');
  const { protocol, hostname, hash, username, password } = new URL(address);
  const isOurs = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  if (hash || address.includes('#')) refuse('must not have a fragment (#)');
  if (username || password) refuse('must not name a user');
  if (address.includes('*')) refuse('must be complete: there are no wildcards');
  if (/[\s\p{Cc}\\]/u.test(address)) refuse('has signs that a browser would change');
  if (protocol !== 'https:' && !(protocol === 'http:' && isOurs)) {
    refuse('must begin with https:// (http:// is for localhost only)');
  }
}
