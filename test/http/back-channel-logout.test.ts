import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

import { expect } from 'chai';
import * as client from 'openid-client';

import { createLogoutNotices } from '../../src/models/logout-notice.ts';
import { administrationOf } from '../support/administration.ts';
import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';

/** The part of an app that is told of sign-outs; `answers` says how. */
async function openReceiver() {
  const told: { type: string | undefined; body: URLSearchParams }[] = [];
  const open = new Set<() => void>();
  let answer: number | 'nothing' = 200;
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const type = request.headers['content-type'];
      told.push({ type, body: new URLSearchParams(body) });
      if (answer === 'nothing') open.add(() => response.end());
      else response.writeHead(answer).end('what an app says is of no interest');
    });
  });
  server.unref().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/signed-out`,
    told,
    answers(next: number | 'nothing'): void {
      answer = next;
    },
    async hears(count: number): Promise<void> {
      for (let tries = 0; told.length < count && tries < 500; tries += 1) await pause(10);
      expect(told, 'notices that arrived').to.have.length(count);
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const partOf = (jwt: string, part: 0 | 1): Record<string, unknown> =>
  JSON.parse(Buffer.from(jwt.split('.')[part] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >;

describe('Back-channel logout', () => {
  let house: House;
  let receiver: Awaited<ReturnType<typeof openReceiver>>;

  beforeEach(async () => {
    receiver = await openReceiver();
    house = await openHouse({ policy: { twoSteps: 'when-asked' } });
    await house.registers('shop', {
      backchannel_logout_uri: receiver.url,
      backchannel_logout_session_required: true,
    });
  });
  afterEach(async () => {
    await receiver.close();
    await house.close();
  });

  async function signedIn() {
    const ada = await house.atSecondStep('ada');
    return { ada, tokens: await house.shop.welcome(ada.landed()) };
  }

  async function signsOut({ ada }: Awaited<ReturnType<typeof signedIn>>): Promise<void> {
    await ada.opens('/session/end');
    await ada.says({ logout: 'yes' });
    expect(ada.sees()).to.equal('sign-out/done');
  }

  const waiting = () => createLogoutNotices(house.connection).model.find().lean().exec();

  it('sends a token that says which session ended, and nothing else (S-179)', async () => {
    const visit = await signedIn();
    await signsOut(visit);
    await receiver.hears(1);
    const [{ type, body } = { type: '', body: new URLSearchParams() }] = receiver.told;
    expect(type).to.match(/^application\/x-www-form-urlencoded/);
    expect([...body.keys()]).to.deep.equal(['logout_token']);

    const token = body.get('logout_token') ?? '';
    expect(partOf(token, 0)).to.include({ typ: 'logout+jwt', alg: 'RS256' });
    const claims = partOf(token, 1);
    expect(claims).to.have.all.keys('iss', 'aud', 'iat', 'exp', 'jti', 'sub', 'sid', 'events');
    expect(claims).to.include({ iss: house.issuer, aud: 'shop', sub: 'id-ada' });
    expect(claims.sid).to.equal(visit.tokens.claims()?.sid);
    expect(claims.events).to.deep.equal({
      'http://schemas.openid.net/event/backchannel-logout': {},
    });
    expect(Number(claims.exp) - Number(claims.iat)).to.be.at.most(120);
  });

  it('does not keep the person waiting for an app that hangs, and asks it three times (R-42)', async () => {
    receiver.answers('nothing');
    await signsOut(await signedIn());
    await receiver.hears(1);
    for (const [seconds, count] of [
      [20, 2],
      [60, 3],
      [600, 3],
    ] as const) {
      await house.waits();
      clock.advance({ seconds });
      await house.settles();
      await receiver.hears(count);
    }
    expect(await waiting()).to.have.length(0);
  }).timeout(30_000);

  it('is tried again after a refusal, and forgotten when the app has heard', async () => {
    receiver.answers(503);
    await signsOut(await signedIn());
    await receiver.hears(1);
    await house.waits();
    await house.settles();
    expect(receiver.told, 'not at once').to.have.length(1);
    receiver.answers(204);
    clock.advance({ seconds: 6 });
    await house.settles();
    expect(receiver.told).to.have.length(2);
    expect(await waiting()).to.have.length(0);
    const [first, second] = receiver.told.map(({ body }) =>
      partOf(body.get('logout_token') ?? '', 1),
    );
    expect(second?.jti, 'of the same notice').to.equal(first?.jti);
  });

  it('survives a crash between the sign-out and the sending', async () => {
    const visit = await signedIn();
    receiver.answers(503);
    await signsOut(visit);
    await house.waits();
    await house.restart();
    receiver.answers(200);
    clock.advance({ minutes: 5 });
    await house.settles();
    await receiver.hears(2);
    const claims = partOf(receiver.told[1]?.body.get('logout_token') ?? '', 1);
    expect(claims.exp, 'signed when it is sent').to.be.greaterThan(Date.now() / 1000);
  });

  it('reaches nobody at a private address that is not named', async () => {
    await house.restart({ oidc: { ...house.settings.oidc, privateHosts: [] } });
    await signsOut(await signedIn());
    await house.waits();
    expect(receiver.told).to.have.length(0);
    expect(await waiting()).to.have.length(1);
  });

  it('tells only the apps of this session, and of its end by the limit too (S-166)', async () => {
    await house.restart({ oidc: { ...house.settings.oidc, sessionsPerAccount: 2 } });
    const first = await signedIn();
    clock.advance({ seconds: 1 });
    const second = await signedIn();
    clock.advance({ seconds: 1 });
    const third = await signedIn();
    await house.settles();
    await receiver.hears(1);
    const claims = partOf(receiver.told[0]?.body.get('logout_token') ?? '', 1);
    expect(claims.sid).to.equal(first.tokens.claims()?.sid);

    const config = await house.shop.configuration();
    const isActive = async ({ tokens }: typeof first) =>
      (await client.tokenIntrospection(config, tokens.access_token)).active;
    expect(await Promise.all([first, second, third].map(isActive))).to.deep.equal([
      false,
      true,
      true,
    ]);
  });

  it('tells apps of what administrators end, each session once (S-147)', async () => {
    const office = administrationOf(house);
    const visits = [await signedIn(), await signedIn()];
    // Sessions know whole seconds.
    clock.advance({ seconds: 1 });
    await office.accounts.endSessions('ada', 'a lost laptop');
    expect(await waiting()).to.have.length(2);
    await house.settles();
    await receiver.hears(2);
    await office.accounts.disable('ada');
    await house.settles();
    const told = receiver.told.map(({ body }) => partOf(body.get('logout_token') ?? '', 1));
    expect(told.map(({ sid }) => sid)).to.have.members(
      visits.map(({ tokens }) => tokens.claims()?.sid),
    );
    expect(new Set(told.map(({ jti }) => jti)).size, 'each with an id of its own').to.equal(2);
  });
});
