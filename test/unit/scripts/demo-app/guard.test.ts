import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect } from 'chai';
import Koa from 'koa';

import { createGuard, type Introspected } from '../../../../scripts/demo-app/guard.ts';
import { stepUpWishes } from '../../../../scripts/demo-app/step-up.ts';

const demand = { acrValues: ['mfa', 'phr'], maxAge: 60 };
const insufficient =
  'Bearer error="insufficient_user_authentication", ' +
  'error_description="a stronger or more recent sign-in is needed", ' +
  'acr_values="mfa phr", max_age="60"';
const secondsAgo = (seconds: number) => Math.floor(Date.now() / 1000) - seconds;

describe('The guard of a resource server (RFC 9470, S-052)', () => {
  let server: Server;
  let said: Introspected = { active: true };
  const asked: string[] = [];
  before(async () => {
    const app = new Koa();
    app.use(
      createGuard(demand, async (token) => {
        asked.push(token);
        return said;
      }),
    );
    app.use((ctx) => {
      ctx.body = 'open';
    });
    server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const call = (authorization?: string) =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, {
      headers: authorization === undefined ? {} : { authorization },
    });

  // Asked for when it runs: a whole suite takes longer than a sign-in stays fresh.
  const rows: [string, () => Introspected, number, string | null][] = [
    [
      'a listed level, fresh',
      () => ({ active: true, acr: 'mfa', auth_time: secondsAgo(5) }),
      200,
      null,
    ],
    [
      'another listed level',
      () => ({ active: true, acr: 'phr', auth_time: secondsAgo(5) }),
      200,
      null,
    ],
    [
      'a level below',
      () => ({ active: true, acr: 'pwd', auth_time: secondsAgo(5) }),
      401,
      insufficient,
    ],
    [
      'an old sign-in',
      () => ({ active: true, acr: 'mfa', auth_time: secondsAgo(65) }),
      401,
      insufficient,
    ],
    ['no level', () => ({ active: true, auth_time: secondsAgo(5) }), 401, insufficient],
    ['no time', () => ({ active: true, acr: 'mfa' }), 401, insufficient],
    [
      'odd types',
      () => ({ active: true, acr: ['mfa'], auth_time: '9999999999' }),
      401,
      insufficient,
    ],
    ['a dead token', () => ({ active: false, acr: 'mfa' }), 401, 'Bearer error="invalid_token"'],
  ];
  for (const [title, answer, status, challenge] of rows) {
    it(`answers ${status} to ${title}`, async () => {
      said = answer();
      const response = await call('Bearer t');
      expect(response.status).to.equal(status);
      expect(response.headers.get('www-authenticate')).to.equal(challenge);
    });
  }

  it('asks nobody about what is no bearer token', async () => {
    asked.length = 0;
    for (const odd of [undefined, '', 'Bearer', 'Basic t', 'Bearer a b', 'Bearer "t"']) {
      const response = await call(odd);
      expect([response.status, response.headers.get('www-authenticate')]).to.deep.equal([
        401,
        'Bearer',
      ]);
    }
    expect(asked).to.deep.equal([]);
  });
});

describe('The step-up helper of a client (RFC 9470)', () => {
  const wishes = (challenge: string | undefined, status = 401) =>
    stepUpWishes({
      status,
      headers: new Headers(challenge === undefined ? {} : { 'www-authenticate': challenge }),
    });

  it('reads what the guard asks for', () => {
    expect(wishes(insufficient)).to.deep.equal({ acr_values: 'mfa phr', max_age: '60' });
  });

  it('asks for what is named and for nothing else', () => {
    const error = 'error="insufficient_user_authentication"';
    expect(wishes(`Bearer ${error}`)).to.deep.equal({});
    expect(wishes(`bearer realm="x", ${error}, max_age="0"`)).to.deep.equal({ max_age: '0' });
  });

  it('leaves every other answer alone', () => {
    expect(wishes('Bearer error="invalid_token"')).to.equal(undefined);
    expect(wishes('Bearer')).to.equal(undefined);
    expect(wishes(undefined)).to.equal(undefined);
    expect(wishes(insufficient.replace('Bearer', 'Basic'))).to.equal(undefined);
    expect(wishes(insufficient, 403)).to.equal(undefined);
  });
});
