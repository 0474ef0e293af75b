/**
 * As an installation is reached: https in front, an issuer that is an address and no name, and
 * a proxy that ends TLS and passes the Host header on.
 */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';

import { expect } from 'chai';
import * as client from 'openid-client';

import { askBy } from '../support/ask-by.ts';
import { type House, openHouse } from '../support/house.ts';
import { keysOn } from '../support/keys.ts';
import { people } from '../support/people.ts';
import { createVisitor } from '../support/visitor.ts';

const redirectUri = 'https://10.0.0.9:8443/test/a/doorstep/callback';

describe('Behind a proxy that ends TLS', () => {
  for (const issuer of ['https://10.0.0.5:8443', 'https://[fd00::5]', 'https://id.example.org']) {
    describe(`at ${issuer}`, () => {
      let house: House;
      before(async () => {
        house = await openHouse({
          issuer,
          policy: { twoSteps: 'when-asked', ...keysOn.policy },
          server: { trustedProxies: ['127.0.0.1'] },
        });
        await house.registers('shop', { redirect_uris: [redirectUri] });
      });
      after(() => house.close());

      /** What the proxy does; `house.issuer` is where the house really listens. */
      async function ask(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
        const asked = new Request(input, init);
        const { origin, host, pathname, search } = new URL(asked.url);
        expect(origin).to.equal(issuer);
        return askBy(asked, {
          to: new URL(`${pathname}${search}`, house.issuer),
          headers: { host, 'x-forwarded-for': '192.0.2.7' },
        });
      }

      it('has keys where the address is a name, and says why not where it is none', async () => {
        const secret = 'shop-secret-with-32-bytes-and-more';
        const config = await client.discovery(new URL(issuer), 'shop', secret, undefined, {
          [client.customFetch]: (url, init) => ask(url, init as RequestInit),
        });
        const challenge = await client.calculatePKCECodeChallenge(client.randomPKCECodeVerifier());
        const cleo = createVisitor(issuer, people.cleo, ask);
        await cleo.opens(
          client.buildAuthorizationUrl(config, {
            ...{ redirect_uri: redirectUri, scope: 'openid', code_challenge: challenge },
            ...{ code_challenge_method: 'S256', acr_values: 'urn:doorstep:acr:mfa' },
          }),
        );
        const isName = issuer.endsWith('.org');
        expect(cleo.html().querySelector('form.key') !== null).to.equal(isName);
        await cleo.identifies();
        await cleo.says({});
        const listed = cleo.html().querySelector('input[value="security-key"]') !== null;
        expect(listed).to.equal(isName);
        const why = 'Keys do not work at this address';
        expect(cleo.reads().includes(why)).to.equal(!isName);
      });

      it('signs a person in, with cookies that browsers defend, and out again', async () => {
        const secret = 'shop-secret-with-32-bytes-and-more';
        const config = await client.discovery(new URL(issuer), 'shop', secret, undefined, {
          [client.customFetch]: (url, init) => ask(url, init as RequestInit),
        });
        const verifier = client.randomPKCECodeVerifier();
        const cleo = createVisitor(issuer, people.cleo, ask);
        await cleo.opens(
          client.buildAuthorizationUrl(config, {
            redirect_uri: redirectUri,
            scope: 'openid',
            code_challenge: await client.calculatePKCECodeChallenge(verifier),
            code_challenge_method: 'S256',
          }),
        );
        expect(cleo.headers().get('content-security-policy')).to.match(/form-action 'self'(;|$)/);
        await cleo.identifies();
        const tokens = await client.authorizationCodeGrant(config, cleo.landed(), {
          pkceCodeVerifier: verifier,
        });
        expect(tokens.claims()).to.include({ iss: issuer, sub: 'id-cleo' });

        const cookies = await cleo.jar.getCookies(issuer);
        expect(cookies.map(({ key }) => key)).to.include.members([
          '__Host-session',
          '__Host-browser',
        ]);
        expect(cookies.every(({ secure, httpOnly }) => secure && httpOnly)).to.equal(true);

        await cleo.opens(client.buildEndSessionUrl(config));
        await cleo.says({ logout: 'yes' });
        expect(cleo.sees()).to.equal('sign-out/done');
      });

      it('answers under no other name', async () => {
        for (const host of ['localhost', '10.0.0.6:8443', `${new URL(issuer).hostname}:1`]) {
          const asked = request(house.issuer, { headers: { host } }).end();
          const [answer] = (await once(asked, 'response')) as [IncomingMessage];
          expect(answer.resume().statusCode, host).to.equal(400);
        }
      });
    });
  }
});
