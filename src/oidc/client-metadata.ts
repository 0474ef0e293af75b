/**
 * What an app's registration may say beyond the standard, and what follows from it.
 */
import { type Client, type ClientMetadata, errors } from 'oidc-provider';

import { supportedAcrs } from '../assurance/levels.ts';
import type { AppHome } from '../web/page.ts';
import { isLimited, limitedScopes } from './scopes.ts';

/**
 * `first_party`: ours, never asked for consent. `required_acr`: never let in below this level.
 * `allowed_scopes`: of those that need it. `id_token_claims`: it never asks userinfo.
 * `previous_client_secret`: passes until its time is over (client-secrets.ts).
 */
const properties = [
  ...['first_party', 'require_pkce', 'required_acr'],
  ...['allowed_scopes', 'id_token_claims'],
  ...['previous_client_secret', 'previous_client_secret_until'],
];

export const extraClientMetadata = {
  properties,
  validator(_ctx: unknown, key: string, value: unknown, metadata: ClientMetadata): void {
    if (key === 'required_acr') checkAcr(value);
    if (key === 'allowed_scopes') checkScopes(value);
    if (key === 'first_party' || key === 'id_token_claims') metadata[key] = flag(key, value, false);
    if (key === 'require_pkce') {
      metadata[key] = flag(key, value, true);
      // Without a secret, PKCE is all that binds a code to the app that asked for it.
      if (metadata[key] === false && metadata.token_endpoint_auth_method === 'none') {
        throw new errors.InvalidClientMetadata('require_pkce must be true for public clients');
      }
    }
  },
};

export const isFirstParty = (client: Client): boolean => client.first_party === true;

/** Where its pages lead back to it, if it says so (RFC 7591 §2, `client_uri`). */
export const homeOf = (client: Client | undefined): AppHome | undefined =>
  client?.clientUri === undefined
    ? undefined
    : { name: client.clientName ?? client.clientId, home: client.clientUri };

export const needsPkce = (_ctx: unknown, client: Client): boolean => client.require_pkce !== false;

/** First-party apps get refresh tokens unasked, bound to the session; others by `offline_access`. */
export const mayRefresh = (
  _ctx: unknown,
  client: Client,
  source: { readonly scopes: ReadonlySet<string> },
): boolean =>
  client.grantTypeAllowed('refresh_token') &&
  (isFirstParty(client) || source.scopes.has('offline_access'));

/** Only public clients live in browsers; their origins are those they are redirected to. */
export const isOwnOrigin = (_ctx: unknown, origin: string, client: Client): boolean =>
  client.clientAuthMethod === 'none' &&
  origin !== 'null' &&
  (client.redirectUris ?? []).some((uri) => new URL(uri).origin === origin);

function flag(key: string, value: unknown, absent: boolean): boolean {
  if (value === undefined) return absent;
  if (typeof value === 'boolean') return value;
  throw new errors.InvalidClientMetadata(`${key} must be a boolean`);
}

function checkScopes(value: unknown): void {
  if (value === undefined) return;
  const isList = Array.isArray(value) && value.every(isLimited);
  if (isList) return;
  throw new errors.InvalidClientMetadata(
    `allowed_scopes must be a list of ${limitedScopes.join(', ')}`,
  );
}

function checkAcr(value: unknown): void {
  if (value === undefined || supportedAcrs.some((acr) => acr === value)) return;
  throw new errors.InvalidClientMetadata(`required_acr must be one of ${supportedAcrs.join(', ')}`);
}
