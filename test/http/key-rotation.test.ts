/**
 * All keys change under load, in the documented order, in two processes of which one is always
 * a step behind.
 */
import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';
import * as client from 'openid-client';

import { reseal } from '../../scripts/rotate-keys/reseal.ts';
import { nextStep, ofJwks, ofSecrets } from '../../scripts/rotate-keys/steps.ts';
import { openServices } from '../../scripts/services.ts';
import { type App, createApp } from '../../src/app.ts';
import { loadSettings } from '../../src/config/load.ts';
import type { Settings } from '../../src/config/schema.ts';
import { connectDatabase, createIndexes, type Database } from '../../src/database/connect.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createLog } from '../../src/lib/log.ts';
import { createOidcRecords } from '../../src/models/oidc-record.ts';
import { moveIn } from '../support/move-in.ts';
import { people } from '../support/people.ts';
import { clients, createShop } from '../support/shop.ts';
import { createVisitor } from '../support/visitor.ts';

type Secrets = Settings['secrets'];
type Keys = readonly JsonWebKey[];

describe('A rotation of all keys under load', () => {
  const { log } = createLog({ level: 'silent' });
  const handlers: RequestListener[] = [];
  const apps: App[] = [];
  let turn = 0;
  const front = createServer((request, response) => {
    handlers[(turn += 1) % handlers.length]?.(request, response);
  });
  let directory: string;
  let database: Database;
  let settings: Settings;
  let issuer: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'doorstep-keys-'));
    front.unref().listen(0, '127.0.0.1');
    await once(front, 'listening');
    issuer = `http://localhost:${(front.address() as AddressInfo).port}`;
    settings = await loadSettings({
      environment: { NODE_ENV: 'test', DATA_DIRECTORY: directory },
      overrides: { issuer, policy: { twoSteps: 'when-asked' } },
    });
    database = await connectDatabase({ directory, log });
    await restart(0, settings.secrets);
    await restart(1, settings.secrets);
    await createIndexes(database.connection);
    await moveIn(database.connection, settings);
  });
  after(async () => {
    front.closeAllConnections();
    front.close();
    await Promise.all(apps.map((app) => app.stop()));
    await database.close();
    await rm(directory, { recursive: true });
  });

  async function restart(index: number, secrets: Secrets): Promise<void> {
    const { connection } = database;
    const changed = { ...settings, secrets };
    const app = await createApp({ settings: changed, connection, clock: systemClock, log });
    apps.push(app);
    handlers[index] = app.callback;
  }

  const published = async (): Promise<Keys> =>
    ((await (await fetch(`${issuer}/jwks`)).json()) as { keys: Keys }).keys;

  /** As an app that fetched the keys some time ago, and does not ask again. */
  function isVerified(token: string, keys: Keys): boolean {
    const [head = '', body = '', signature = ''] = token.split('.');
    const { kid } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { kid: string };
    const key = keys.find((candidate) => candidate.kid === kid);
    if (!key) return false;
    const publicKey = createPublicKey({ key, format: 'jwk' });
    const signed = Buffer.from(`${head}.${body}`);
    return verify('sha256', signed, publicKey, Buffer.from(signature, 'base64url'));
  }

  it('breaks no sign-in, no session, no token and no form', async () => {
    const seen = { rounds: 0, signIns: 0 };
    const faults: string[] = [];
    let isOver = false;
    let known = await published();

    /** One person who stays signed in, and one who comes anew, round after round. */
    async function works(): Promise<void> {
      const shop = createShop(issuer, 'shop');
      const config = await shop.configuration();
      const cleo = createVisitor(issuer, people.cleo);
      await cleo.opens(await shop.signIn());
      await cleo.identifies(undefined, { stay: true });
      let { refresh_token: refresh = '' } = await shop.welcome(cleo.landed());
      while (!isOver) {
        await cleo.opens(await shop.signIn({ prompt: 'none' }));
        const tokens = await shop.welcome(cleo.landed());
        await client.fetchUserInfo(config, tokens.access_token, 'id-cleo');
        const refreshed = await client.refreshTokenGrant(config, refresh);
        refresh = refreshed.refresh_token ?? '';
        for (const { id_token: token = '' } of [tokens, refreshed]) {
          if (!isVerified(token, known)) faults.push('a token that a cached key set cannot verify');
        }
        const bob = createVisitor(issuer, people.bob);
        await bob.opens(await shop.signIn());
        await bob.identifies();
        await shop.welcome(bob.landed());
        seen.signIns += 1;
        seen.rounds += 1;
      }
    }

    const people3 = Array.from({ length: 3 }, () =>
      works().catch((error: unknown) => void faults.push(String(error))),
    );
    const someRounds = async (): Promise<void> => {
      const until = seen.rounds + 4;
      while (seen.rounds < until && faults.length === 0)
        await new Promise((resolve) => setTimeout(resolve, 20));
    };

    const [first] = settings.secrets.jwks.keys;
    let { secrets } = settings;
    let now = 0;
    const waits = { beforePromote: 10, beforeDrop: 10 };
    const histories = { jwks: {}, cookieKeys: {}, encryptionKeys: {} };
    for (const step of ['add', 'promote', 'drop']) {
      now += 10;
      const of = { waits, now };
      const { jwks, cookieKeys, encryptionKeys } = secrets;
      const signing = await nextStep(
        step,
        { keys: jwks, history: histories.jwks },
        { ...of, rotation: ofJwks },
      );
      const cookies = await nextStep(
        step,
        { keys: cookieKeys, history: histories.cookieKeys },
        { ...of, rotation: ofSecrets },
      );
      // Old encryption keys stay, for the digests that they made.
      const sealing =
        step === 'drop'
          ? { keys: encryptionKeys, history: {} }
          : await nextStep(
              step,
              { keys: encryptionKeys, history: histories.encryptionKeys },
              { ...of, rotation: ofSecrets },
            );
      Object.assign(histories, {
        jwks: signing.history,
        cookieKeys: cookies.history,
        encryptionKeys: sealing.history,
      });
      secrets = { jwks: signing.keys, cookieKeys: cookies.keys, encryptionKeys: sealing.keys };
      await restart(0, secrets);
      await someRounds();
      await restart(1, secrets);
      await someRounds();
      // By now, an app that caches for ten minutes has asked again.
      known = step === 'add' ? await published() : known;
    }
    isOver = true;
    await Promise.all(people3);
    expect(faults).to.deep.equal([]);
    expect(seen.rounds).to.be.at.least(24);
    expect((await published()).map(({ kid }) => kid)).not.to.include(first?.kid);
    settings = { ...settings, secrets };
  }).timeout(120_000);

  it('ends with everything sealed by the newest key, however often that is asked (S-211)', async () => {
    const house = await openServices({ ...settings, database: { directory } });
    try {
      expect(await reseal(house)).to.be.greaterThan(clients.length);
      expect(await reseal(house)).to.equal(0);
      const newest = {
        ...settings.secrets,
        encryptionKeys: settings.secrets.encryptionKeys.slice(0, 1),
      };
      await restart(0, newest);
      await restart(1, newest);
      const shop = createShop(issuer, 'shop');
      const ada = createVisitor(issuer, people.ada);
      await ada.opens(await shop.signIn({ acr_values: 'urn:doorstep:acr:mfa' }));
      await ada.identifies();
      await ada.says({ code: ada.code() });
      expect((await shop.claims(ada.landed())).acr).to.equal('urn:doorstep:acr:mfa');
      const records = createOidcRecords(database.connection);
      expect(await records.model.countDocuments()).to.be.greaterThan(0);
    } finally {
      await house.close();
    }
  });
});
