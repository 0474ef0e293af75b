/**
 * oidc-provider, put together. Everything that is decided is decided in the files around this
 * one; what is not used is switched off, so that it needs no thought.
 *
 * Why so: access tokens are opaque, because a JWT cannot be recalled; sign-out forgets tokens
 * but not consent.
 */
import Provider, { type Configuration, errors } from 'oidc-provider';

import { supportedAcrs } from '../assurance/levels.ts';
import type { Clock } from '../lib/clock.ts';
import type { Jwks } from '../lib/jwks.ts';
import { Problem } from '../lib/problem.ts';
import type { LogoutNotices } from '../models/logout-notice.ts';
import type { OidcRecords } from '../models/oidc-record.ts';
import { type AdapterDeps, createAdapter } from './adapter.ts';
import { claimsByScope, createFindAccount, type People } from './claims.ts';
import { createAssertionCheck } from './client-assertions.ts';
import {
  extraClientMetadata,
  homeOf,
  isOwnOrigin,
  mayRefresh,
  needsPkce,
} from './client-metadata.ts';
import { acceptPreviousSecrets } from './client-secrets.ts';
import type { Clients } from './clients.ts';
import { cookiesFor } from './cookies.ts';
import { tellReachableLevels } from './discovery.ts';
import { boundFetchedKeys, MOST_KEY_BYTES } from './fetched-keys.ts';
import type { Grants } from './grants.ts';
import { acceptHintsOfEveryKey, tellInIdToken } from './id-tokens.ts';
import { createInteractionPolicy } from './interaction-policy.ts';
import { askAnew, hasStayed, isLate, stay } from './late-sign-out.ts';
import { type Lifetimes, lifetimes } from './lifetimes.ts';
import { createOutgoing } from './outgoing.ts';
import { keepPushedRequestsApart } from './pushed-requests.ts';
import { createRefreshTokens, type RefreshTokensDeps } from './refresh-tokens.ts';
import { checkClaims, goalOf, type SignInPolicy } from './requested-assurance.ts';
import { keepToAllowedScopes } from './scopes.ts';
import type { Payloads } from './sealed-payloads.ts';
import { createSessionLimit } from './session-limit.ts';
import type { Sessions } from './session.ts';
import { clearCacheOnSignOut, signOutPages } from './sign-out.ts';
import { type FlowRequest, flowRequest } from './start-flow.ts';
import { speakAs } from './ui-locales.ts';

/** Never `none`, and never by a secret that two know. */
const signatures: ('RS256' | 'PS256' | 'ES256')[] = ['RS256', 'PS256', 'ES256'];

type Ctx = Parameters<NonNullable<Configuration['loadExistingGrant']>>[0];

export interface ProviderDeps {
  readonly issuer: string;
  readonly settings: Lifetimes & {
    readonly sessionsPerAccount: number;
    /** Hosts at private addresses that may be called nevertheless. */
    readonly privateHosts: readonly string[];
  };
  readonly jwks: Jwks;
  readonly cookieKeys: readonly string[];
  readonly records: OidcRecords;
  readonly clients: Clients;
  readonly sessions: Sessions;
  readonly grants: Grants;
  readonly payloads: Payloads;
  readonly logoutNotices: LogoutNotices;
  readonly people: People;
  readonly policy: () => SignInPolicy | Promise<SignInPolicy>;
  /** Hears of refresh tokens that were refused because they had been used. */
  readonly reused: RefreshTokensDeps['reused'];
  readonly whereFrom: AdapterDeps['whereFrom'];
  /** Keeps what a sign-in needs; its first page is `/sign-in/<uid>`. */
  readonly flows: { start(request: FlowRequest, ctx: Ctx): Promise<void> };
  readonly clock: Clock;
  /** The languages of the pages. */
  readonly uiLocales: readonly string[];
}

export function createProvider(deps: ProviderDeps): Provider {
  const { issuer, settings, sessions, grants, clock } = deps;
  const { prompts, isSignInPending } = createInteractionPolicy(deps);
  const sessionLimit = createSessionLimit(deps);
  const refreshTokens = createRefreshTokens(deps);
  const findAccount = createFindAccount(deps.people, sessions);

  const provider = new Provider(issuer, {
    adapter: createAdapter({ ...deps, sessionLimit, refreshTokens }),
    jwks: deps.jwks,
    cookies: cookiesFor(issuer, deps.cookieKeys),
    ttl: lifetimes(settings, { sessions, clock }),
    fetch: createOutgoing(settings.privateHosts),
    fetchResponseBodyLimits: { jwks_uri: MOST_KEY_BYTES },

    findAccount,
    claims: claimsByScope,
    conformIdTokenClaims: true,
    scopes: ['openid', 'offline_access'],
    acrValues: [...supportedAcrs],
    subjectTypes: ['public'],
    discovery: {
      ui_locales_supported: [...deps.uiLocales],
      claim_types_supported: ['normal'],
    },

    interactions: { policy: prompts, url: startFlow },
    loadExistingGrant: (ctx) => grants.forRequest(ctx, isSignInPending),

    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    clientDefaults: { grant_types: ['authorization_code'], response_types: ['code'] },
    extraClientMetadata,
    assertJwtClientAuthClaimsAndHeader: createAssertionCheck(clock),
    pkce: { required: needsPkce },
    clientBasedCORS: isOwnOrigin,
    allowOmittingSingleRegisteredRedirectUri: false,
    enabledJWA: {
      idTokenSigningAlgValues: signatures,
      clientAuthSigningAlgValues: signatures,
      // By an app's own key, never by its secret (RFC 9101 §10.1).
      requestObjectSigningAlgValues: signatures,
    },

    issueRefreshToken: mayRefresh,
    rotateRefreshToken: (ctx) => refreshTokens.mayRotate(ctx),
    revokeGrantPolicy: mayForgetConsent,
    extraTokenClaims: assuranceOf,

    features: {
      backchannelLogout: { enabled: true },
      claimsParameter: { enabled: true, assertClaimsParameter: checkClaims },
      introspection: {
        enabled: true,
        // The library looks no account up here, and would call a disabled one's token active.
        allowedPolicy: async (ctx, client, token) =>
          mayIntrospect(ctx, client, token) &&
          'accountId' in token &&
          (await findAccount(ctx, token.accountId, token)) !== undefined,
      },
      pushedAuthorizationRequests: { enabled: true },
      requestObjects: { enabled: true },
      revocation: { enabled: true, allowedPolicy: isTheirs },
      rpInitiatedLogout: signOutPages,
      userinfo: { enabled: true },

      ciba: { enabled: false },
      clientCredentials: { enabled: false },
      devInteractions: { enabled: false },
      deviceFlow: { enabled: false },
      dPoP: { enabled: false },
      encryption: { enabled: false },
      jwtIntrospection: { enabled: false },
      jwtResponseModes: { enabled: false },
      jwtUserinfo: { enabled: false },
      mTLS: { enabled: false },
      registration: { enabled: false },
      resourceIndicators: { enabled: false },
    },

    renderError,
  });

  clearCacheOnSignOut(provider);
  keepToAllowedScopes(provider);
  tellInIdToken(provider);
  acceptHintsOfEveryKey(provider);
  acceptPreviousSecrets(provider, clock);
  boundFetchedKeys(provider, clock);
  keepPushedRequestsApart(provider);
  tellReachableLevels(provider, deps.policy);
  return provider;

  async function startFlow(ctx: Ctx, interaction: Parameters<typeof flowRequest>[1]) {
    const now = clock.now();
    const goal = goalOf(ctx, await deps.policy(), now);
    const proofs = sessions.proofsOf(ctx);
    await deps.flows.start(flowRequest(ctx, interaction, { goal, proofs, now }), ctx);
    return `/sign-in/${interaction.uid}`;
  }
}

/** Ends up in web/errors.ts like every other problem; the library's message stays in the log. */
async function renderError(ctx: Ctx, { error }: { error: string }, cause: Error): Promise<void> {
  speakAs(ctx, ctx.oidc.params?.ui_locales ?? ctx.oidc.body?.ui_locales);
  if (isLate(ctx, cause)) {
    if (hasStayed(ctx.oidc)) await stay(ctx);
    else askAnew(ctx);
    return;
  }
  ctx.appHome ??= homeOf(ctx.oidc.client);
  if (cause instanceof errors.SessionNotFound) throw new Problem('flow-expired', { cause });
  if (error === 'server_error') throw cause;
  throw new Problem('request-refused', { details: { error }, cause });
}

/** Revoking an access token spares the rest; signing out spares what was consented to. */
const mayForgetConsent = ({ oidc }: Ctx): boolean =>
  oidc.route !== 'end_session_confirm' &&
  !(oidc.route === 'revocation' && oidc.entities.AccessToken !== undefined);

/** An app takes back its own tokens and nobody else's (RFC 7009 §2.1). */
const isTheirs = (
  _ctx: unknown,
  client: { clientId: string },
  token: { clientId?: string | undefined },
): boolean => token.clientId === client.clientId;

/** A public client proves nothing about itself, so it is told about its own tokens only. */
const mayIntrospect = (
  _ctx: unknown,
  client: { clientId: string; clientAuthMethod?: string | undefined },
  token: { clientId?: string | undefined },
): boolean => client.clientAuthMethod !== 'none' || isTheirs(_ctx, client, token);

/** How the person signed in, for resource servers that introspect (RFC 9470 §6.2). */
function assuranceOf({ oidc }: Ctx) {
  const source = oidc.entities.AuthorizationCode ?? oidc.entities.RefreshToken;
  return source && { acr: source.acr, amr: source.amr, auth_time: source.authTime };
}
