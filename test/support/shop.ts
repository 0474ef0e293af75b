/**
 * Two apps, each a stock OpenID Connect client (openid-client): the outside oracle for what
 * the provider says. "shop" is ours, "partner" is somebody else's and needs consent.
 */
import type { ClientMetadata } from 'oidc-provider';
import * as client from 'openid-client';

const redirectUri = (id: string): string => `http://127.0.0.1:4999/${id}/back`;

export const clients: readonly ClientMetadata[] = ['shop', 'partner'].map((id) => ({
  client_id: id,
  client_name: id === 'shop' ? 'The Shop' : 'A Partner',
  client_secret: `${id}-secret-with-32-bytes-and-more`,
  redirect_uris: [redirectUri(id)],
  post_logout_redirect_uris: [`http://127.0.0.1:4999/${id}/bye`],
  grant_types: ['authorization_code', 'refresh_token'],
  first_party: id === 'shop',
}));

export type Shop = ReturnType<typeof createShop>;

/** What one sign-in must remember until it comes back. */
interface Begun {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
}

export function createShop(
  issuer: string,
  id: 'shop' | 'partner',
  secret = `${id}-secret-with-32-bytes-and-more`,
) {
  const begun = new Map<string, Begun>();
  let discovered: Promise<client.Configuration> | undefined;
  const configuration = (): Promise<client.Configuration> =>
    (discovered ??= client.discovery(
      new URL(issuer),
      id,
      secret,
      undefined,
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- plain http, loopback only
      { execute: [client.allowInsecureRequests] },
    ));

  return {
    id,
    redirectUri: redirectUri(id),
    configuration,

    /** The address that this app sends people to. */
    async signIn(more: Readonly<Record<string, string>> = {}): Promise<URL> {
      const verifier = client.randomPKCECodeVerifier();
      const state = client.randomState();
      const nonce = client.randomNonce();
      begun.set(state, { verifier, state, nonce });
      return client.buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirectUri(id),
        scope: 'openid profile email',
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
        ...more,
      });
    },

    /** Takes the person who came back and fetches the tokens; `as` another configuration of it. */
    async welcome(landed: URL, as?: client.Configuration) {
      const expected = begun.get(landed.searchParams.get('state') ?? '');
      if (!expected) throw new Error(`nobody was sent for ${landed.href}`);
      return client.authorizationCodeGrant(as ?? (await configuration()), landed, {
        pkceCodeVerifier: expected.verifier,
        expectedState: expected.state,
        expectedNonce: expected.nonce,
      });
    },

    async claims(landed: URL): Promise<client.IDToken> {
      const claims = (await this.welcome(landed)).claims();
      if (!claims) throw new Error('no ID token came');
      return claims;
    },
  };
}
