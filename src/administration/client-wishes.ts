/**
 * What an administrator may ask for of an app, and how its registration says that. What it may
 * say beyond the standard is oidc/client-metadata.ts.
 */
import type { ClientMetadata } from 'oidc-provider';

import { ClientKeys } from '../oidc/client-keys.ts';
import { limitedScopes } from '../oidc/scopes.ts';
import { checkKeyAddress, checkNativeAddress, checkWebAddress } from './client-addresses.ts';
import { name as nameShape } from './person.ts';
import { Refusal } from './refusal.ts';

export interface ClientWishes {
  readonly name?: string;
  readonly redirectUris?: readonly string[];
  readonly signOutUris?: readonly string[];
  /** Where people open it; an empty text takes it away. */
  readonly clientUri?: string;
  /** Ours: nobody is asked for consent. */
  readonly firstParty?: boolean;
  /** For an app with a secret or keys that knows no PKCE. */
  readonly isPkceLeftOut?: boolean;
  /** Told of every sign-out (OIDC Back-Channel Logout). */
  readonly logoutNoticeUri?: string;
  /** Never let in below this level; an empty text takes the limit away. */
  readonly acr?: string;
  /** Of `groups` and `roles`, those that it may ask for. */
  readonly scopes?: readonly string[];
  /** Says in the ID token what userinfo would. */
  readonly idTokenClaims?: boolean;
  /** What its ID tokens are signed with; each library of apps knows RS256. */
  readonly idTokenAlg?: string;
  /** A JSON Web Key Set, as somebody wrote it. */
  readonly jwks?: unknown;
  /** Where the app keeps its keys instead. */
  readonly jwksUri?: string;
  /** Has none any more. */
  readonly areKeysLeftOut?: boolean;
}

export interface Circumstances {
  /** On a phone or a desktop: it has other addresses. */
  readonly isNative: boolean;
  /** What the keys of this house sign with. */
  readonly algorithms: readonly string[];
  /** The levels that the methods switched on can prove. */
  readonly reachable: readonly string[];
}

/** Throws Refusal for what cannot be. */
export function metadataFrom(
  wishes: ClientWishes,
  { isNative, algorithms, reachable }: Circumstances,
): Partial<ClientMetadata> {
  const { name, redirectUris, signOutUris, firstParty, logoutNoticeUri } = wishes;
  if (name !== undefined && !nameShape.safeParse(name).success) {
    throw new Refusal('client-name-unfit');
  }
  if (redirectUris?.length === 0) {
    throw new Refusal('redirect-uri-missing');
  }
  const checkAddress = isNative ? checkNativeAddress : checkWebAddress;
  [...(redirectUris ?? []), ...named(signOutUris ?? [])].forEach(checkAddress);
  if (logoutNoticeUri) checkWebAddress(logoutNoticeUri);
  if (wishes.clientUri) checkWebAddress(wishes.clientUri);
  return {
    ...(name !== undefined && { client_name: name }),
    ...(redirectUris && { redirect_uris: [...redirectUris] }),
    ...(signOutUris && { post_logout_redirect_uris: named(signOutUris) }),
    ...(wishes.clientUri !== undefined && { client_uri: wishes.clientUri || undefined }),
    ...(firstParty !== undefined && { first_party: firstParty }),
    ...(wishes.isPkceLeftOut !== undefined && { require_pkce: !wishes.isPkceLeftOut }),
    ...(logoutNoticeUri && {
      backchannel_logout_uri: logoutNoticeUri,
      backchannel_logout_session_required: true,
    }),
    ...level(wishes, reachable),
    ...signature(wishes, algorithms),
    ...(wishes.scopes && { allowed_scopes: allowed(wishes.scopes) }),
    ...(wishes.idTokenClaims !== undefined && { id_token_claims: wishes.idTokenClaims }),
    ...keys(wishes),
  };
}

/** An empty text takes it away. */
function level({ acr }: ClientWishes, reachable: readonly string[]): Partial<ClientMetadata> {
  if (acr === undefined) return {};
  if (acr === '' || reachable.includes(acr)) {
    return { required_acr: acr === '' ? undefined : acr };
  }
  throw new Refusal('acr-unreachable', { reachable });
}

function signature(
  { idTokenAlg }: ClientWishes,
  algorithms: readonly string[],
): Partial<ClientMetadata> {
  if (idTokenAlg === undefined) return {};
  if (algorithms.includes(idTokenAlg)) {
    return { id_token_signed_response_alg: idTokenAlg as 'RS256' };
  }
  throw new Refusal('id-token-alg-unfit', { algorithms });
}

/** An empty text takes all of them away. */
function allowed(scopes: readonly string[]): string[] {
  const wanted = named(scopes);
  if (wanted.every((scope) => limitedScopes.some((limited) => limited === scope))) return wanted;
  throw new Refusal('scope-unfit', { limited: limitedScopes });
}

/** The one takes the place of the other. */
function keys({ jwks, jwksUri, areKeysLeftOut }: ClientWishes): Partial<ClientMetadata> {
  const NONE = { jwks: undefined, jwks_uri: undefined };
  if (areKeysLeftOut) return NONE;
  if (jwks !== undefined && jwksUri !== undefined) {
    throw new Refusal('keys-twice');
  }
  if (jwksUri !== undefined) {
    checkKeyAddress(jwksUri);
    return { ...NONE, jwks_uri: jwksUri };
  }
  if (jwks === undefined) return {};
  const read = ClientKeys.safeParse(jwks);
  if (read.success) return { ...NONE, jwks: read.data };
  throw new Refusal('keys-unfit', { issues: read.error.issues });
}

/** An empty text stands for none. */
const named = (texts: readonly string[]): string[] => texts.filter((text) => text !== '');
