/**
 * What a flow inherits from the kit, shown on one that is not sign-in: nothing of it is said in
 * second-flow.ts.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect } from 'chai';
import Koa from 'koa';

import { secondsAfter } from '../../../src/lib/clock.ts';
import { type Meter, noMeter } from '../../../src/lib/meter.ts';
import { createCsrf } from '../../../src/web/csrf.ts';
import { createErrors } from '../../../src/web/errors.ts';
import { crypt, here } from '../verification/rate-limits/counting.ts';
import { openWorld, type World } from '../verification/memory-door.ts';
import { ada, code, formOf, from, noon, signIn } from '../verification/memory-people.ts';
import { secondFlow } from './second-flow.ts';

const ISSUER = 'http://localhost';
const uid = 'second-1';
const quiet = { log: console, refused: () => undefined, disk: { isToBlame: () => false } };
const mine = { cookie: 'mine=yes', accept: 'application/json' };

describe('A second flow', () => {
  let world: World;
  let server: Server;
  let origin: string;
  let counted: string[];

  beforeEach(async () => {
    world = await openWorld(ada, {
      ...signIn(),
      _id: uid,
      request: { errand: 'An errand' },
      proofs: [],
    });
    counted = [];
    const count: Meter['count'] = (_, { act, outcome } = {}) =>
      void counted.push(`${act ?? ''}: ${outcome ?? ''}`);
    const app = new Koa();
    app.use(async (ctx, next) => {
      // As much of the pages as is looked at: which step is shown.
      ctx.page = (_page, props) => void (ctx.body = { step: (props as Shown).client?.name });
      await next();
    });
    app.use(createErrors({ ...quiet, clock: world.clock }));
    const door = world.door();
    const routes = secondFlow(world, {
      ...{ clock: world.clock, flows: world.flows, listeners: door.listeners },
      csrf: createCsrf({ crypt, issuer: ISSUER }),
      visitOf: () => ({
        browser: { id: 'b', accounts: [] },
        place: here,
        locale: 'en',
        from,
        session: async () => undefined,
        keepBrowser: () => undefined,
      }),
      readPolicy: async () => undefined,
      meter: { ...noMeter, count },
      failures: { count: async () => ({ _id: '', count: 1, expiresAt: secondsAfter(noon, 1) }) },
    });
    app.use(routes);
    const handle = app.callback();
    server = createServer((request, response) => void handle(request, response)).listen(0);
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}/second/${uid}`;
  });
  afterEach(() => server.close());

  const token = createCsrf({ crypt, issuer: ISSUER }).token(uid);

  async function posts(act: string, fields: Readonly<Record<string, string>> = {}) {
    const body = new URLSearchParams({ _csrf: token, ...fields });
    const init = { method: 'POST', body, headers: mine, redirect: 'manual' } as const;
    return fetch(`${origin}/${act}`, init);
  }
  const statusOf = async (...posted: Parameters<typeof posts>): Promise<number> =>
    (await posts(...posted)).status;
  async function shows(): Promise<unknown> {
    const answer = await fetch(origin, { headers: mine });
    const text = await answer.text();
    return text.startsWith('{') ? (JSON.parse(text) as Shown).step : text;
  }
  const answers = async (typed: string) => posts('answer', formOf(await world.flow(uid), typed));

  it('leads through its steps to its end', async () => {
    expect(await shows()).to.equal('begin');
    expect(await statusOf('begin')).to.equal(303);
    expect(await shows()).to.equal('answer');
    expect((await answers(code)).status).to.equal(303);
    expect(await shows()).to.equal('agree');
    expect(await (await posts('agree')).text()).to.equal('done');
    expect(await shows(), 'whoever comes back').to.equal('done');
    expect(counted).to.deep.equal(['begin: recorded', 'answer: recorded', 'agree: recorded']);
  });

  it('takes a wrong answer for one, and a second click for none', async () => {
    await posts('begin');
    const form = formOf(await world.flow(uid), '000000');
    const statuses = await Promise.all([posts('answer', form), posts('answer', form)]);
    expect(statuses.map(({ status }) => status)).to.deep.equal([303, 303]);
    const { challenge } = await world.flow(uid);
    expect([challenge?.attemptsLeft, challenge?.failure]).to.deep.equal([4, 'wrong-answer']);
  });

  it('changes nothing by what another tab posts at the wrong step', async () => {
    expect(await statusOf('agree')).to.equal(303);
    expect(await shows()).to.equal('begin');
    await posts('begin');
    await answers(code);
    await Promise.all([posts('agree'), posts('agree')]);
    expect(await shows()).to.equal('done');
  });

  it('is over when its time is', async () => {
    world.advance(600);
    expect(await shows()).to.equal('expired');
    expect(await statusOf('begin')).to.equal(303);
    expect(await shows(), 'after an act').to.equal('expired');
  });

  it('is nobody else’s, takes no forged form, and no act that it has not', async () => {
    const foreign = await fetch(origin, { headers: { accept: 'application/json' } });
    expect(await foreign.json()).to.include({ error: 'flow-not-here' });
    expect(await statusOf('begin', { _csrf: 'forged' })).to.equal(403);
    expect(counted).to.deep.equal(['begin: csrf']);
    expect(await statusOf('consent')).to.equal(404);
    const gone = await fetch(`${origin}x`, { headers: mine });
    expect(await gone.json()).to.include({ error: 'flow-expired' });
  });

  it('tells a page that waits when there is something new', async () => {
    const asks = async (since: number): Promise<unknown> =>
      (await fetch(`${origin}/waiting?since=${since}`, { headers: mine })).json();
    expect(await asks(0)).to.deep.equal({ state: 'waiting' });
    await posts('begin');
    expect(await asks(0)).to.deep.equal({ state: 'changed' });
    const stranger = await fetch(`${origin}/waiting?since=0`, { headers: { accept: '*/*' } });
    expect(stranger.status).to.equal(404);
  });
});

interface Shown {
  readonly step?: string;
  readonly client?: { readonly name: string };
}
