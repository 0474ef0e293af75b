/**
 * The OpenID Foundation's conformance suite in small: its clients, which know no PKCE, the
 * requests that it sends, and a robot that fills in whatever form it is shown.
 */
import type { ClientMetadata } from 'oidc-provider';
import * as client from 'openid-client';

import type { House } from './house.ts';
import { people } from './people.ts';
import type { Visitor } from './visitor.ts';

type Params = Readonly<Record<string, string>>;
type ClientId = 'client' | 'client2' | 'client_secret_post';

const base = 'http://127.0.0.1:4999/test/a/doorstep';
export const callback = `${base}/callback`;
export const afterLogout = `${base}/post_logout_redirect`;

const secretOf = (id: ClientId): string => `${id}-with-a-secret-of-more-than-32-bytes`;

const registration = (id: ClientId): ClientMetadata => ({
  client_id: id,
  client_name: 'Conformance',
  client_secret: secretOf(id),
  redirect_uris: [callback],
  post_logout_redirect_uris: [afterLogout],
  grant_types: ['authorization_code', 'refresh_token'],
  require_pkce: false,
  first_party: true,
});

export type Suite = Awaited<ReturnType<typeof openSuite>>;

export async function openSuite(house: House, more: Partial<ClientMetadata> = {}) {
  for (const id of ['client', 'client2', 'client_secret_post'] as const) {
    await house.registers(id, { ...registration(id), ...more });
  }
  const discovered = new Map<ClientId, Promise<client.Configuration>>();

  async function configuration(id: ClientId = 'client'): Promise<client.Configuration> {
    const known = discovered.get(id);
    if (known) return known;
    const auth = id === 'client_secret_post' ? client.ClientSecretPost : client.ClientSecretBasic;
    const discovery = client.discovery(new URL(house.issuer), id, {}, auth(secretOf(id)), {
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- plain http, loopback only
      execute: [client.allowInsecureRequests],
    });
    discovered.set(id, discovery);
    return discovery;
  }

  /** An authorization request, with random state and nonce; an empty value leaves one out. */
  function request(more: Params = {}, id: ClientId = 'client'): URL {
    const url = new URL('/auth', house.issuer);
    const params = {
      client_id: id,
      redirect_uri: callback,
      scope: 'openid',
      response_type: 'code',
      state: client.randomState(),
      nonce: client.randomNonce(),
      ...more,
    };
    for (const [name, value] of Object.entries(params)) {
      if (value !== '') url.searchParams.set(name, value);
    }
    return url;
  }

  return {
    configuration,
    request,
    signsIn,

    /** The whole way of a fresh browser, or of the one that is given. */
    async authorizes(more: Params = {}, { by = house.visitor('cleo'), id = 'client' }: Who = {}) {
      const url = request(more, id);
      await by.opens(url);
      await signsIn(by);
      const landed = by.landed();
      return { by, landed, error: landed.searchParams.get('error'), tokens: () => tokens() };

      async function tokens() {
        return client.authorizationCodeGrant(await configuration(id), landed, {
          expectedState: url.searchParams.get('state') ?? '',
          expectedNonce: url.searchParams.get('nonce') ?? '',
          idTokenExpected: true,
        });
      }
    },

    /** A token request by hand. */
    async posts(path: string, fields: Params, id: ClientId = 'client') {
      const authorization = `Basic ${btoa(`${id}:${secretOf(id)}`)}`;
      const body = new URLSearchParams(fields);
      const response = await fetch(new URL(path, house.issuer), {
        method: 'POST',
        body,
        headers: { authorization },
      });
      return { status: response.status, body: (await response.json()) as Params };
    },

    /** What userinfo says to this token, asked as `init` says. */
    async userinfo(init: RequestInit) {
      const response = await fetch(new URL('/me', house.issuer), init);
      const text = await response.text();
      return { status: response.status, claims: JSON.parse(text) as Record<string, unknown> };
    },
  };
}

interface Who {
  readonly by?: Visitor;
  readonly id?: ClientId;
}

/** Cleo, because she has nothing but a password. */
const { username, password } = people.cleo;
const answers: Readonly<Record<string, Params>> = {
  'sign-in/identify': { identifier: username },
  'methods/password/answer': { password },
  'sign-in/consent': {},
};

/** Fills in forms until the browser has left; says which pages there were. */
async function signsIn(visitor: Visitor): Promise<string[]> {
  const pages: string[] = [];
  for (let answer = answers[visitor.sees()]; answer; answer = answers[visitor.sees()]) {
    pages.push(visitor.sees());
    await visitor.says(answer);
  }
  return pages;
}
