/**
 * Our own pages, seen as an app: when somebody has to sign in for them, or to prove more, their
 * browser is sent to `/auth` in the name of this client. What comes back is the session alone: no
 * code of it can be redeemed, because its secret is made anew in each process and leaves none.
 */
import type { ClientMetadata } from 'oidc-provider';

import type { Acr } from '../assurance/proof.ts';
import { randomToken } from '../lib/codes.ts';

export const ACCOUNT_CLIENT = 'doorstep-account';

/** Where `/auth` sends the browser back to. */
export const SIGNED_IN_PATH = '/account/signed-in';

export const accountClient = (issuer: string, name: string): ClientMetadata => ({
  client_id: ACCOUNT_CLIENT,
  client_name: name,
  redirect_uris: [`${issuer}${SIGNED_IN_PATH}`],
  grant_types: ['authorization_code'],
  response_types: ['code'],
  token_endpoint_auth_method: 'client_secret_basic',
  client_secret: randomToken(32),
  first_party: true,
});

export interface Wanted {
  /** Where they want to be then; comes back as it is. */
  readonly state: string;
  /** Policy's own level where this is absent. */
  readonly acr?: Acr | undefined;
  /** How old may be what that level is reached by, or what recovers for it. */
  readonly maxAgeSeconds?: number | undefined;
}

/** Where the browser is sent to sign in (OIDC Core §3.1.2.1). */
export function signInAddress(issuer: string, { state, acr, maxAgeSeconds }: Wanted): string {
  const query = new URLSearchParams({
    client_id: ACCOUNT_CLIENT,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: `${issuer}${SIGNED_IN_PATH}`,
    state,
    code_challenge: randomToken(32),
    code_challenge_method: 'S256',
    ...(acr !== undefined && { acr_values: acr }),
    ...(maxAgeSeconds !== undefined && { max_age: String(maxAgeSeconds) }),
  });
  return `/auth?${query.toString()}`;
}
