/**
 * A third app, of ours, which lives in the browser and so has no secret: a public client.
 */
import * as client from 'openid-client';

import type { House } from './house.ts';
import type { PersonName } from './people.ts';

const redirectUri = 'http://127.0.0.1:4999/leaflet/back';

export type Leaflet = Awaited<ReturnType<typeof openLeaflet>>;

export async function openLeaflet(house: House) {
  await house.registers('leaflet', {
    token_endpoint_auth_method: 'none',
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token'],
    first_party: true,
  });
  const shop = await house.shop.configuration();
  const configuration = new client.Configuration(
    shop.serverMetadata(),
    'leaflet',
    undefined,
    client.None(),
  );
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- plain http, loopback only
  client.allowInsecureRequests(configuration);

  return {
    configuration,

    /** Who signs in, by the steps that the story takes once the password was given, and gets tokens. */
    async tokensOf(
      name: PersonName,
      goOn: (visitor: ReturnType<House['visitor']>) => Promise<void> = async () => undefined,
    ) {
      const pkceCodeVerifier = client.randomPKCECodeVerifier();
      const expectedNonce = client.randomNonce();
      const visitor = await house.atSecondStep(name, {
        client_id: 'leaflet',
        redirect_uri: redirectUri,
        code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
        nonce: expectedNonce,
      });
      await goOn(visitor);
      const landed = visitor.landed();
      const expectedState = landed.searchParams.get('state') ?? '';
      const checks = { pkceCodeVerifier, expectedState, expectedNonce };
      return client.authorizationCodeGrant(configuration, landed, checks);
    },
  };
}
