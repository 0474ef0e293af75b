/**
 * Whatever is good once is good once, however many use it at the same moment (S-030, S-172,
 * R-05, C-36, C-50, C-75). Each row makes one such thing, lets it be used by many at once, and
 * says how often that was a success; nobody meets a fault of ours. One code stands for all that
 * the door judges: test/unit/verification races each kind in every order.
 *
 * In full: npm run soak -- R-05
 */
import { expect } from 'chai';
import * as client from 'openid-client';

import { createCrypt } from '../../src/lib/crypt.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createOidcRecords } from '../../src/models/oidc-record.ts';
import { createClients } from '../../src/oidc/clients.ts';
import { atOnce, floods, sends, soak } from '../support/at-once.ts';
import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import { openLeaflet } from '../support/public-client.ts';
import { recordsOf, rememberRecords } from '../support/records.ts';
import { slowness } from '../support/soak.ts';
import type { Visitor } from '../support/visitor.ts';
import { flowOf, ways } from '../support/at-each-step.ts';

interface Used {
  readonly statuses: readonly number[];
  readonly successes: number;
}

type Use = (house: House, count: number) => Promise<Used>;

const SIGN_INS = 8;

const oneTimeThings: Readonly<Record<string, Use>> = {
  async 'a code of the app, over parallel sign-ins'(house, count) {
    // With consent to give, so that what was proved is still there to be counted.
    const adas: Visitor[] = [];
    // One after the other: of more right passwords at once than free tries, the surplus has to wait.
    while (adas.length < SIGN_INS) {
      adas.push(await house.atSecondStep('ada', { prompt: 'consent' }));
    }
    const code = adas[0]?.code() ?? '';
    return proved(house, adas, await floods(adas, count, () => ({ code })));
  },

  async 'the last form of a sign-in'(house, count) {
    const ada = await ways.consent(house);
    const finished = async (): Promise<number> =>
      (await house.logged()).split('"sign-in.finished"').length;
    const before = await finished();
    const statuses = await floods([ada], count, () => ({}));
    return { statuses, successes: (await finished()) - before };
  },

  async 'the way back to the app'(house, count) {
    const ada = await ways.consent(house);
    const form = ada.formFor('form[data-step="consent"]');
    const page = await (await sends(ada, form, {})).text();
    const back = /url=([^"]+)"/.exec(page)?.[1] ?? '';
    const cookie = await ada.jar.getCookieString(new URL(back, house.issuer).href);
    const answers = await atOnce(count, () => ada.raw(back, { headers: { cookie } }));
    const records = (await recordsOf(house.connection)).OidcRecord ?? [];
    const sessions = records.filter((record) => record.includes('"kind":"Session"'));
    expect(sessions).to.have.length(1);
    return counted(answers, hasCode);
  },

  async 'an authorization code'(house, count) {
    const { landed } = await signedIn(house);
    return redeemed(await atOnce(count, () => attempt(house.shop.welcome(landed))));
  },

  async 'a refresh token of an app without a secret'(house, count) {
    const leaflet = await openLeaflet(house);
    const { refresh_token: token = '' } = await leaflet.tokensOf('ada', (ada) =>
      ada.says({ code: ada.code() }),
    );
    const refresh = () => client.refreshTokenGrant(leaflet.configuration, token);
    return redeemed(await atOnce(count, () => attempt(refresh())));
  },

  async 'a pushed request'(house, count) {
    const { ada } = await signedIn(house);
    const url = await client.buildAuthorizationUrlWithPAR(
      await house.shop.configuration(),
      Object.fromEntries((await house.shop.signIn({ prompt: 'none' })).searchParams),
    );
    return counted(await atOnce(count, () => ada.raw(url)), hasCode);
  },

  async 'a signed assertion of an app'(house, count) {
    const assertion = await signedAssertion(house);
    const answers = await atOnce(count, () =>
      fetch(new URL('/token/introspection', house.issuer), {
        method: 'POST',
        body: new URLSearchParams({
          client_id: 'robot',
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: assertion,
          token: 'any',
        }),
      }),
    );
    return counted(answers, ({ status }) => status === 200);
  },
};

describe('What is good once', () => {
  let house: House;
  let moveBack: () => Promise<void>;
  before(async () => {
    house = await openHouse({ log: { level: 'info' } });
    moveBack = await rememberRecords(house);
  });
  after(() => house.close());

  for (const [name, use] of Object.entries(oneTimeThings)) {
    it(`succeeds once of ${soak.atOnce} at a time: ${name}`, async () => {
      for (let round = 1; round <= soak.rounds; round += 1) {
        clock.advance({ days: 2 });
        house.carrier.texts.length = 0;
        await moveBack();
        const { statuses, successes } = await use(house, soak.atOnce);
        expect(statuses, 'answers').to.have.length(soak.atOnce);
        expect(Math.max(...statuses), `round ${round}: ${statuses.join()}`).to.be.below(500);
        expect(successes, `round ${round}: ${statuses.join()}`).to.equal(1);
      }
    }).timeout((20_000 + soak.rounds * soak.atOnce * 250) * slowness);
  }
});

/** How often the second step of these sign-ins was proved. */
async function proved(
  house: House,
  visitors: readonly Visitor[],
  statuses: readonly number[],
): Promise<Used> {
  const flows = await Promise.all(visitors.map((visitor) => flowOf(house, visitor)));
  const proofs = flows.map((flow) => (JSON.parse(flow) as { proofs: object[] }).proofs.length - 1);
  return { statuses, successes: proofs.reduce((sum, count) => sum + count, 0) };
}

async function signedIn(house: House): Promise<{ ada: Visitor; landed: URL }> {
  const ada = await ways['answer, code'](house);
  await ada.says({ code: ada.code() });
  return { ada, landed: ada.landed() };
}

const counted = (answers: readonly Response[], isSuccess: (answer: Response) => boolean): Used => ({
  statuses: answers.map(({ status }) => status),
  successes: answers.filter(isSuccess).length,
});

const hasCode = ({ headers }: Response): boolean => /[?&]code=/.test(headers.get('location') ?? '');

/** The status of a token request; whatever else goes wrong is no answer. */
async function attempt(tokens: Promise<unknown>): Promise<number> {
  try {
    await tokens;
    return 200;
  } catch (error) {
    if (error instanceof client.ResponseBodyError) return error.status;
    throw error;
  }
}

const redeemed = (statuses: readonly number[]): Used => ({
  statuses,
  successes: statuses.filter((status) => status === 200).length,
});

/** Of an app that has a key instead of a secret. */
async function signedAssertion(house: House): Promise<string> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const clients = createClients({
    records: createOidcRecords(house.connection),
    crypt: createCrypt(house.settings.secrets.encryptionKeys),
    clock: systemClock,
  });
  await clients.save({
    client_id: 'robot',
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    redirect_uris: ['http://127.0.0.1:4999/robot/back'],
    jwks: { keys: [await crypto.subtle.exportKey('jwk', keys.publicKey)] },
  });
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: 'robot', sub: 'robot', aud: house.issuer, jti: `${now}`, exp: now + 60 };
  const parts = [{ alg: 'ES256' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const signed = Buffer.from(parts.join('.'));
  const signature = await crypto.subtle.sign(algorithm, keys.privateKey, signed);
  return [...parts, Buffer.from(signature).toString('base64url')].join('.');
}
