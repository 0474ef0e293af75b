import { expect } from 'chai';
import type { Middleware } from 'koa';
import { z } from 'zod';

import { isDiskFull } from '../../../src/lib/disk-full.ts';
import { Problem } from '../../../src/lib/problem.ts';
import { createErrors, isClientsFault } from '../../../src/web/errors.ts';
import { problemCodes, statusOf } from '../../../src/web/problems.ts';
import { giveRequestId } from '../../../src/web/request-id.ts';
import { pagesAsJson, smallApp } from './small-app.ts';

const clock = { now: () => new Date('2026-11-22T12:00:00Z') };

describe('errors', () => {
  let app: Awaited<ReturnType<typeof smallApp>>;
  const logged: Record<string, unknown>[] = [];
  const refused: string[] = [];
  const throws: Record<string, () => unknown> = {
    '/problem': () => new Problem('csrf'),
    '/later': () => new Problem('busy', { retryAt: new Date('2026-11-22T12:00:01.500Z') }),
    '/zod': () => z.string().safeParse(1).error,
    '/bug': () => new TypeError('secret detail'),
    '/cut': () => named('MongoNetworkTimeoutError'),
    '/cleared': () => named('PoolClearedOnNetworkError'),
    '/not-written-everywhere': () => named('MongoWriteConcernError'),
    '/stepped-down': () => Object.assign(named('MongoServerError'), { code: 10107 }),
    '/full': () => Object.assign(named('MongoServerError'), { code: 14031 }),
    '/refused': () => Object.assign(named('MongoServerError'), { code: 66 }),
    '/unknown-code': () => new Problem('no such code'),
  };
  const thrower: Middleware = async (ctx, next) => {
    const thrown = throws[ctx.path];
    if (thrown) throw thrown();
    if (ctx.path === '/too-large') ctx.throw(413);
    if (ctx.path === '/on-its-way') {
      ctx.redirect('https://app.example.org/?code=of-a-session-that-was-not-stored');
      throw named('MongoNetworkError');
    }
    if (ctx.path === '/to-an-app') {
      ctx.body = { error: 'server_error' };
      throw named('MongoNetworkError');
    }
    if (ctx.path === '/disk') ctx.throw(507, 'secret detail');
    await next();
  };

  before(async () => {
    const log = { error: (fields: Readonly<Record<string, unknown>>) => void logged.push(fields) };
    const disk = { isToBlame: isDiskFull };
    const handler = createErrors({
      ...{ log, disk, clock },
      refused: (_ctx, { code }) => refused.push(code),
    });
    app = await smallApp(() => [giveRequestId, pagesAsJson, handler, thrower]);
  });
  after(() => app.stop());
  beforeEach(() => {
    logged.length = 0;
    refused.length = 0;
  });
  it('lead to the same page again, where that may work soon', async () => {
    expect((await page('/cut?a=b')).props.back).to.deep.equal({ href: '/cut?a=b', words: 'again' });
    expect((await page('/problem')).props).not.to.have.property('back');
  });

  const page = async (path: string) => {
    const { status, headers, body } = await app.request(path, { headers: { accept: 'text/html' } });
    return { status, headers, props: JSON.parse(body) as Record<string, unknown> };
  };

  it('are told of as refusals, but for those that are ours', async () => {
    for (const path of ['/problem', '/nowhere', '/bug', '/cut', '/later']) await page(path);
    expect(refused).to.deep.equal(['csrf', 'not-found', 'busy']);
    expect(logged).to.have.lengthOf(2);
  });

  it('are refusals on a full disk, of which the log is told once and elsewhere', async () => {
    await page('/full');
    expect([refused, logged]).to.deep.equal([['unavailable'], []]);
  });

  const table: [string, number, string][] = [
    ['/problem', 403, 'csrf'],
    ['/zod', 400, 'form-invalid'],
    ['/nowhere', 404, 'not-found'],
    ['/too-large', 413, 'form-too-large'],
    ['/bug', 500, 'internal'],
    ['/disk', 500, 'internal'],
    ['/cut', 503, 'unavailable'],
    ['/cleared', 503, 'unavailable'],
    ['/not-written-everywhere', 503, 'unavailable'],
    ['/stepped-down', 503, 'unavailable'],
    ['/full', 503, 'unavailable'],
    ['/refused', 500, 'internal'],
  ];
  for (const [path, status, code] of table) {
    it(`answer ${path} with ${status} and the page of ${code}`, async () => {
      const answer = await page(path);
      expect(answer.status).to.equal(status);
      expect(answer.props).to.include({ name: 'problem', code });
      expect(answer.props.requestId).to.equal(answer.headers['x-request-id']);
    });
  }

  it('keep what is nobody’s business in the log, under the request’s id (S-197)', async () => {
    const { props } = await page('/bug');
    expect(JSON.stringify(props)).not.to.include('secret detail');
    expect(logged).to.have.lengthOf(1);
    expect(refused).to.deep.equal([]);
    expect(logged[0]).to.include({ requestId: props.requestId });
    expect(String(logged[0]?.err)).to.include('secret detail');
  });

  it('say when to try again, in whole seconds', async () => {
    const { status, headers, props } = await page('/later');
    expect(status).to.equal(503);
    expect(headers['retry-after']).to.equal('2');
    expect(props.retryInSeconds).to.equal(2);
  });

  it('speak JSON to whoever asks for it', async () => {
    const { body } = await app.request('/problem', { headers: { accept: 'application/json' } });
    expect(JSON.parse(body)).to.include({ error: 'csrf' });
  });

  it('stay JSON where that was about to be the answer, whatever else is accepted', async () => {
    const { status, headers, body } = await app.request('/to-an-app', {
      headers: { accept: '*/*' },
    });
    expect([status, headers['retry-after']]).to.deep.equal([503, '5']);
    expect(JSON.parse(body)).to.include({ error: 'unavailable' });
  });

  it('send nobody on, even where that was about to happen', async () => {
    const { status, headers } = await page('/on-its-way');
    expect(status).to.equal(503);
    expect(headers).not.to.have.property('location');
  });

  it('take no request id from outside', async () => {
    const { headers } = await app.request('/problem', { headers: { 'x-request-id': 'mine' } });
    expect(headers['x-request-id']).not.to.equal('mine');
  });

  it('count a code that has no status as a fault of ours', async () => {
    expect((await page('/unknown-code')).status).to.equal(500);
  });

  it('are the client’s where it broke off or said what is no HTTP, and ours otherwise', () => {
    const failing = (code: string): Error => Object.assign(new Error('x'), { code });
    for (const code of ['HPE_INVALID_METHOD', 'HPE_CLOSED_CONNECTION', 'ECONNRESET', 'EPIPE']) {
      expect(isClientsFault(failing(code)), code).to.equal(true);
    }
    for (const error of [failing('ENOSPC'), failing('ECONNREFUSED'), new Error('HPE_X'), 'EPIPE']) {
      expect(isClientsFault(error)).to.equal(false);
    }
  });

  it('have a status of 4xx or 5xx for every code', () => {
    for (const code of problemCodes) expect(statusOf(code), code).to.be.within(400, 599);
  });
});

const named = (name: string): Error => Object.assign(new Error('of the driver'), { name });
