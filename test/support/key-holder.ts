/**
 * An app that holds keys instead of a secret, or beside one: openid-client signs what it says,
 * and it serves its public keys at an address of its own.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import * as client from 'openid-client';

import type { House } from './house.ts';

export type Algorithm = 'RS256' | 'PS256' | 'ES256';

const parameters = {
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  PS256: { name: 'RSA-PSS', hash: 'SHA-256' },
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
} as const;

const rsa = { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };

/** A key pair of the app: the half that signs, and the half that is registered. */
export async function makeKeys(kid: string, algorithm: Algorithm = 'ES256') {
  const wanted = { ...rsa, ...parameters[algorithm] };
  const pair = await crypto.subtle.generateKey(wanted, true, ['sign', 'verify']);
  const { kty, n, e, crv, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  const jwk = JSON.parse(JSON.stringify({ kty, n, e, crv, x, y, kid, alg: algorithm })) as object;
  return { jwk, signer: { key: pair.privateKey, kid } };
}

export type Keys = Awaited<ReturnType<typeof makeKeys>>;

export const redirectUri = 'http://127.0.0.1:4999/robot/back';

/** A client of the product that says everything in its own name by these keys, or `claims`. */
export async function asKeyHolder(house: House, { signer }: Keys, claims: object = {}) {
  const shop = await house.shop.configuration();
  const auth = client.PrivateKeyJwt(signer, {
    [client.modifyAssertion]: (_head, payload) => void Object.assign(payload, claims),
  });
  const configuration = new client.Configuration(shop.serverMetadata(), 'robot', undefined, auth);
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- plain http, loopback only
  client.allowInsecureRequests(configuration);
  return configuration;
}

/** How introspection, which asks who is asking, answers it: 200 where it is who it says. */
export async function knocks(configuration: client.Configuration): Promise<number> {
  try {
    await client.tokenIntrospection(configuration, 'whatever');
    return 200;
  } catch (error) {
    if (error instanceof client.ResponseBodyError) return error.status;
    if (error instanceof client.WWWAuthenticateChallengeError) return error.status;
    throw error;
  }
}

/** An address that answers with whatever `answer` says at the time. */
export async function openKeyAddress() {
  const state = { body: '{"keys":[]}', status: 200, headers: {}, asked: 0 };
  const server = createServer((_request, response) => {
    state.asked += 1;
    response.writeHead(state.status, { ...state.headers }).end(state.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    state,
    url: `http://127.0.0.1:${port}/keys`,
    publishes(...keys: readonly Keys[]): void {
      state.body = JSON.stringify({ keys: keys.map(({ jwk }) => jwk) });
    },
    close(): void {
      server.close();
    },
  };
}
