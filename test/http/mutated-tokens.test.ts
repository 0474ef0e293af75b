/**
 * Signed things with one mistake in them: hints and client assertions of our own making,
 * changed in a sign, a part, an algorithm or a claim. None is taken, none is a fault of ours.
 */
import { generateKeyPairSync, randomInt, sign } from 'node:crypto';

import { expect } from 'chai';
import fc from 'fast-check';

import { createCrypt } from '../../src/lib/crypt.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createOidcRecords } from '../../src/models/oidc-record.ts';
import { createClients } from '../../src/oidc/clients.ts';
import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import { recordsOf } from '../support/records.ts';
import { isSoak, rounds, seed, slowness } from '../support/soak.ts';
import { ways } from '../support/at-each-step.ts';

const FEW = 150;
const LONG_MILLISECONDS = 20 * 60_000 * slowness;
const MOST_MILLISECONDS = 1_000 * slowness;
const redirectUri = 'http://127.0.0.1:4999/signer/back';
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

type Json = Readonly<Record<string, unknown>>;
const encode = (json: unknown): string => Buffer.from(JSON.stringify(json)).toString('base64url');
const decode = (part = ''): Json => JSON.parse(Buffer.from(part, 'base64url').toString()) as Json;

function signed(header: Json, claims: Json, key = privateKey): string {
  const input = `${encode(header)}.${encode(claims)}`;
  const options = { key, dsaEncoding: 'ieee-p1363' } as const;
  return `${input}.${sign('sha256', Buffer.from(input), options).toString('base64url')}`;
}

const odd = fc.oneof(
  fc.constantFrom<unknown>(0, -1, 1e308, '', 'none', 'HS256', true, [], {}, 'x'.repeat(5000)),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.jsonValue({ maxDepth: 3 }),
);
const part = fc.constantFrom(0, 1);
const member = fc.constantFrom(
  ...['alg', 'kid', 'typ', 'jwk', 'jku', 'x5u', 'crit', 'b64', 'zip', 'enc', 'iss', 'sub', 'aud'],
  ...['exp', 'nbf', 'iat', 'jti', 'nonce', 'acr', '__proto__', 'constructor'],
);
const base64url = Array.from('ABCDwxyz0189-_');

type Change = (token: string) => string;

/** Every one of them breaks the signature, or takes it away. */
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(fc.nat(), fc.constantFrom(...base64url, '.', '=', ' ', '%', '\0', 'é')).map(
    ([at, sign_]): Change =>
      (token) =>
        token.slice(0, at % token.length) + sign_ + token.slice((at % token.length) + 1),
  ),
  fc.nat().map(
    (at): Change =>
      (token) =>
        token.slice(0, at % token.length),
  ),
  fc.tuple(part, member, odd).map(([which, name, value]): Change => (token) => {
    const parts = token.split('.');
    const json = Object.entries(decode(parts[which]));
    return parts.with(which, encode(Object.fromEntries([...json, [name, value]]))).join('.');
  }),
  fc.tuple(part, odd).map(
    ([which, value]): Change =>
      (token) =>
        token.split('.').with(which, encode(value)).join('.'),
  ),
  fc.constantFrom('none', 'None', 'HS256', 'RS256', 'ES256K').map((alg): Change => (token) => {
    const [header, claims] = token.split('.');
    return `${encode({ ...decode(header), alg })}.${claims}.`;
  }),
  fc.constant<Change>((token) =>
    signed(decode(token.split('.')[0]), decode(token.split('.')[1]), stranger),
  ),
  fc.uint8Array({ maxLength: 200 }).map(
    (bytes): Change =>
      () =>
        Buffer.from(bytes).toString('latin1'),
  ),
);

/** A signature's last sign holds bits that decode to nothing: the same bytes are no mistake. */
const isSame = (one: string, other: string): boolean => {
  const bytes = (token: string): string =>
    token
      .split('.')
      .map((each) => Buffer.from(each, 'base64url').toString('hex'))
      .join('.');
  return one === other || (/^[\w.-]*$/.test(other) && bytes(one) === bytes(other));
};

describe(`Signed things with a mistake (SOAK_SEED=${seed})`, () => {
  let house: House;
  let idToken: string;
  before(async () => {
    house = await openHouse({ log: { level: 'info' } });
    const records = createOidcRecords(house.connection);
    const crypt = createCrypt(house.settings.secrets.encryptionKeys);
    await createClients({ records, crypt, clock: systemClock }).save({
      client_id: 'signer',
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
      jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k' }] },
      redirect_uris: [redirectUri],
    });
    const ada = await ways['answer, code'](house);
    await ada.says({ code: ada.code() });
    idToken = (await house.shop.welcome(ada.landed())).id_token ?? '';
  });
  after(() => house.close());

  const changes = fc.sample(change, { numRuns: rounds(FEW), seed });

  async function refuses(
    token: string,
    asks: (token: string) => Promise<Response>,
    isRefused: (answer: Response, text: string) => boolean,
  ): Promise<void> {
    const good = await asks(token);
    expect(isRefused(good, await good.text()), 'what has no mistake is taken').to.equal(false);
    const before = (await recordsOf(house.connection)).Account;
    for (const make of changes) {
      const wrong = make(token);
      if (wrong === '' || isSame(token, wrong)) continue;
      const begun = performance.now();
      const answer = await asks(wrong);
      const took = performance.now() - begun;
      expect(answer.status, wrong).to.be.below(500);
      const text = await answer.text();
      expect(isRefused(answer, text), `${wrong}: ${text.slice(0, 2000)}`).to.equal(true);
      if (isSoak) expect(took, wrong).to.be.below(MOST_MILLISECONDS);
    }
    expect((await recordsOf(house.connection)).Account).to.deep.equal(before);
    expect(await house.logged()).not.to.contain('request.failed');
  }

  const visits = (path: string, fields: Json): Promise<Response> => {
    const url = new URL(path, house.issuer);
    for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, String(value));
    return house.visitor().raw(url);
  };

  it('say nobody’s name to the authorization endpoint', async function () {
    this.timeout(LONG_MILLISECONDS);
    const wish = Object.fromEntries((await house.shop.signIn()).searchParams);
    await refuses(
      idToken,
      (id_token_hint) => visits('/auth', { ...wish, id_token_hint }),
      ({ headers }) => (headers.get('location') ?? '').includes('error=invalid_request'),
    );
  });

  it('sign nobody out', async function () {
    this.timeout(LONG_MILLISECONDS);
    await refuses(
      idToken,
      (id_token_hint) => visits('/session/end', { id_token_hint }),
      // Whoever hinted so often at apps that nobody knows must wait, and is refused for that alone.
      ({ status }) => status === 400 || status === 429,
    );
  });

  it('prove no client at the token, revocation and introspection endpoints', async function () {
    this.timeout(LONG_MILLISECONDS);
    for (const path of ['/token', '/token/revocation', '/token/introspection']) {
      // Here, too.
      clock.advance({ days: 1 });
      await refuses(
        assertion(),
        (client_assertion) =>
          house.visitor().raw(path, {
            method: 'POST',
            headers: { accept: 'application/json' },
            body: new URLSearchParams({
              ...{ client_assertion, client_id: 'signer', token: 'x', redirect_uri: redirectUri },
              client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
              ...{ grant_type: 'authorization_code', code: 'x', response_type: 'code' },
            }),
          }),
        (_answer, text) =>
          /"error":"(invalid_client|invalid_request|request-refused|too-many-tries)"/.test(text),
      );
    }
  });

  function assertion(): string {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: 'signer', sub: 'signer', aud: house.issuer, iat: now, exp: now + 3000 };
    return signed({ alg: 'ES256', kid: 'k' }, { ...claims, jti: String(randomInt(2 ** 40)) });
  }
});
