import { get, type IncomingMessage, type OutgoingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect } from 'chai';
import Koa from 'koa';

import { createAssets } from '../../../src/web/assets.ts';

const assets = createAssets({
  directory: 'views/assets',
  accent: '#1f5fbf',
  others: { 'approver/qr/decode.js': 'node_modules/qr/decode.js' },
});

describe('assets', () => {
  let server: Server;
  let address: string;

  before((done) => {
    const app = new Koa();
    // As in the app: pages are not to be kept, and assets say otherwise for themselves.
    app.use(async (ctx, next) => {
      ctx.set('Cache-Control', 'no-store');
      await next();
    });
    server = app.use(assets.middleware).listen(0, '127.0.0.1', () => {
      address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      done();
    });
  });
  after((done) => {
    server.close(done);
  });

  /** As fetch does it, but with any path and without cache headers of its own. */
  const ask = (path: string, headers: OutgoingHttpHeaders = {}): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      get(address, { path, headers }, (answer) => resolve(answer.resume())).on('error', reject);
    });

  it('may be kept for ever at the address that names their content', async () => {
    const answer = await fetch(address + assets.href('style.css'));
    expect(answer.status).to.equal(200);
    expect(answer.headers.get('Content-Type')).to.equal('text/css; charset=utf-8');
    expect(answer.headers.get('Cache-Control')).to.equal('public, max-age=31536000, immutable');
    expect(answer.headers.get('X-Content-Type-Options')).to.equal('nosniff');
  });

  it('are asked for again at any other address', async () => {
    for (const query of ['', '?v=old', '?v=a&v=b']) {
      const answer = await fetch(`${address}/assets/style.css${query}`);
      expect(answer.headers.get('Cache-Control'), query).to.equal('no-cache');
    }
  });

  it('are not sent twice', async () => {
    const etag = (await fetch(`${address}/assets/style.css`)).headers.get('ETag') ?? '';
    expect(etag).to.match(/^".{16}"$/);
    const again = await ask('/assets/style.css', { 'If-None-Match': etag });
    expect(again.statusCode).to.equal(304);
    const changed = await ask('/assets/style.css', { 'If-None-Match': '"another"' });
    expect(changed.statusCode).to.equal(200);
  });

  it('answer HEAD, and nothing that would change them', async () => {
    const head = await fetch(`${address}/assets/favicon.svg`, { method: 'HEAD' });
    expect(head.status).to.equal(200);
    expect(head.headers.get('Content-Type')).to.equal('image/svg+xml');
    expect((await fetch(`${address}/assets/favicon.svg`, { method: 'POST' })).status).to.equal(404);
  });

  for (const path of [
    '/assets/../words/en.json',
    '/assets/..%2fwords%2fen.json',
    '/assets/%2e%2e/words/en.json',
    '/assets//style.css',
    '/assets/style.css/',
    '/assets/',
    '/assets/approver',
    '/assets/approver/',
    '/assets/approver/../style.css',
    '/assets/approver/qr/../../../../package.json',
    '/assets/node_modules/qr/decode.js',
    '/assets/__proto__',
    '/assets/constructor',
    '/assets/%00',
    '/ASSETS/style.css',
  ]) {
    it(`know nothing of ${path}`, async () => {
      expect((await ask(path)).statusCode).to.equal(404);
    });
  }

  it('may lie in folders, and be imported from there by name', async () => {
    for (const name of ['approver/rolling-code.js', 'approver/qr/decode.js']) {
      const answer = await fetch(`${address}/assets/${name}`);
      expect(answer.status, name).to.equal(200);
      expect(answer.headers.get('Content-Type')).to.equal('text/javascript; charset=utf-8');
      expect(answer.headers.get('Cache-Control')).to.equal('no-cache');
    }
  });

  it('carry the colour of the organisation', async () => {
    const answer = await fetch(address + assets.href('brand.css'));
    expect(await answer.text()).to.contain('--accent:#1f5fbf');
  });

  it('have no address for a file that does not exist', () => {
    expect(() => assets.href('missing.css')).to.throw('missing.css');
  });
});
