/**
 * A Doorstep for the demo app that answers at once, or says no: what the stock client library
 * would have brought.
 */
import { AuthorizationResponseError } from 'openid-client';

import type { SignIn } from '../../scripts/demo-app/sign-in.ts';

export const levels = { PWD: 'urn:doorstep:acr:pwd', MFA: 'urn:doorstep:acr:mfa' } as const;

/** Proved a moment after whatever was asked, unless a story says otherwise. */
const tokensWith = (claims: object) => ({
  ...{ idToken: 'i', accessToken: 'a', refreshToken: 'r', scope: 'openid', expiresAt: 0 },
  claims: {
    ...{ sub: 'a1', amr: ['pwd'], acr: levels.PWD },
    ...{ auth_time: Math.floor(Date.now() / 1000) + 5, ...claims },
  },
});

export function createFakeSignIn({
  authorize = 'https://id.example.org/auth',
  name = '<b>Ada</b>',
} = {}) {
  let tokens = tokensWith({});
  let introspected: object = { acr: levels.PWD, auth_time: 0 };
  let begun = 0;

  const signIn: SignIn = {
    begin: async (ask, wishes) => {
      begun += 1;
      const state = `s${begun}`;
      return {
        begun: { ask, state, nonce: 'n', verifier: 'v', begunAt: Date.now() },
        address: new URL(`${authorize}?${new URLSearchParams({ ask, ...wishes }).toString()}`),
      };
    },
    async finish({ searchParams }, { state }) {
      if (searchParams.get('state') !== state) throw new Error('not ours');
      if (searchParams.has('error')) {
        throw new AuthorizationResponseError('refused', { cause: searchParams });
      }
      return tokens;
    },
    refresh: async () => tokens,
    introspect: async () => ({ active: true, ...introspected }),
    userinfo: async () => ({ sub: 'a1', name }),
    signOut: (_tokens, returnTo) => new URL(`https://id.example.org/session/end?to=${returnTo}`),
  };

  return {
    signIn,
    /** How many sign-ins were begun; the last one's state is `s` and this. */
    begun: (): number => begun,
    /** What the next tokens say. */
    tells: (claims: object): void => void (tokens = tokensWith(claims)),
    introspects: (claims: object): void => void (introspected = claims),
  };
}
