/**
 * The OpenID Connect part of the demo app, done by a stock client library: what is asked of
 * Doorstep, and what comes back. Nothing here is particular to Doorstep but the acr value.
 */
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  calculatePKCECodeChallenge,
  discovery,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  refreshTokenGrant,
  tokenIntrospection,
} from 'openid-client';

import type { DemoClient } from '../demo-people.ts';
import type { Introspected } from './guard.ts';
import type { Wishes } from './step-up.ts';

/** The ways to ask, each with the parameters that make the difference. */
export const asks = {
  plain: { scope: 'openid profile email' },
  'two-steps': { scope: 'openid profile email', acr_values: 'urn:doorstep:acr:mfa' },
  again: { scope: 'openid profile email', prompt: 'login' },
  payslips: { scope: 'openid profile email' },
  'bank-account': { scope: 'openid profile email' },
  partner: { scope: 'openid profile email offline_access', prompt: 'consent' },
} as const;

export type Ask = keyof typeof asks;

/** What must still be known when the browser comes back. */
export interface Begun {
  readonly ask: Ask;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** In milliseconds. */
  readonly begunAt: number;
}

export interface Tokens {
  readonly idToken: string;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly accessToken: string;
  readonly refreshToken?: string;
  readonly scope: string;
  readonly expiresAt: number;
}

export type SignIn = Awaited<ReturnType<typeof createSignIn>>;

/** Asks the issuer for its addresses; fails when it is not there. */
export async function createSignIn(issuer: string, client: DemoClient, redirectUri: string) {
  const metadata = {
    client_secret: client.secret,
    id_token_signed_response_alg: client.idTokenAlg,
  };
  const configuration = await discovery(new URL(issuer), client.id, metadata, undefined, {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so that nobody uses it; this is http on one's own machine
    execute: [allowInsecureRequests],
  });

  return {
    async begin(
      ask: Ask,
      wishes: Wishes = {},
    ): Promise<{ readonly begun: Begun; readonly address: URL }> {
      const begun = {
        ask,
        state: randomState(),
        nonce: randomNonce(),
        verifier: randomPKCECodeVerifier(),
        begunAt: Date.now(),
      };
      const address = buildAuthorizationUrl(configuration, {
        ...asks[ask],
        ...wishes,
        redirect_uri: redirectUri,
        state: begun.state,
        nonce: begun.nonce,
        code_challenge: await calculatePKCECodeChallenge(begun.verifier),
        code_challenge_method: 'S256',
      });
      return { begun, address };
    },

    /** Throws AuthorizationResponseError when Doorstep said no. */
    async finish(returnedTo: URL, { state, nonce, verifier }: Begun): Promise<Tokens> {
      const response = await authorizationCodeGrant(configuration, returnedTo, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      return tokensOf(response, response.claims() ?? {});
    },

    async refresh(tokens: Tokens): Promise<Tokens> {
      const response = await refreshTokenGrant(configuration, tokens.refreshToken ?? '');
      // A refresh need not bring a new ID token.
      return { ...tokens, ...tokensOf(response, response.claims() ?? tokens.claims, tokens) };
    },

    userinfo: ({ accessToken, claims }: Tokens) =>
      fetchUserInfo(configuration, accessToken, String(claims.sub)),

    /** What a resource server asks about a token that it was given. */
    introspect: (token: string): Promise<Introspected> => tokenIntrospection(configuration, token),

    signOut: ({ idToken }: Tokens, returnTo: string): URL =>
      buildEndSessionUrl(configuration, {
        id_token_hint: idToken,
        post_logout_redirect_uri: returnTo,
      }),
  };
}

type Response = Awaited<ReturnType<typeof authorizationCodeGrant>>;

function tokensOf(response: Response, claims: object, before?: Tokens): Tokens {
  const refreshToken = response.refresh_token ?? before?.refreshToken;
  return {
    idToken: response.id_token ?? before?.idToken ?? '',
    claims: { ...claims },
    accessToken: response.access_token,
    ...(refreshToken && { refreshToken }),
    scope: response.scope ?? before?.scope ?? '',
    expiresAt: Date.now() + (response.expiresIn() ?? 0) * 1000,
  };
}
