/**
 * Clients that take their time or send far ahead, and bodies that never end, on the
 * real server with its own limits: they are cut off, and everybody else is served meanwhile.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

import { expect } from 'chai';

import { createApp } from '../../src/app.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createLog } from '../../src/lib/log.ts';
import { listen, type Listening } from '../../src/listen.ts';
import { type House, openHouse } from '../support/house.ts';
import { isSoak, slowness } from '../support/soak.ts';
import { bytesOf, type Draft, send } from '../support/raw-requests.ts';

const LONG_MILLISECONDS = 120_000 * slowness;
const [SLOW_HEADERS, SLOW_BODIES] = isSoak ? [500, 200] : [20, 20];
const HASTY = isSoak ? 200 : 20;
const MIB = 1024 * 1024;
const form = ['content-type', 'application/x-www-form-urlencoded'] as const;

describe('The real server', () => {
  let house: House;
  let listening: Listening;
  const logged: string[] = [];
  before(async () => {
    house = await openHouse();
    const patience = { headersTimeoutSeconds: 1, requestTimeoutSeconds: 2 };
    const settings = { ...house.settings.server, ...patience, hosts: ['127.0.0.1'], port: 0 };
    const stream = new PassThrough().on('data', (line: Buffer) => logged.push(String(line)));
    const { log } = createLog({ level: 'info' }, stream as never);
    const { connection } = house;
    const app = await createApp({ settings: house.settings, connection, clock: systemClock, log });
    listening = await listen(app.callback, settings);
  });
  after(async () => {
    await listening.stop();
    await house.close();
  });

  const host = (): string => new URL(house.issuer).host;
  const draft = (path: string, more: Partial<Draft> = {}): Draft => ({
    ...{ method: 'GET', path, query: [], cookies: [] },
    ...more,
    headers: [['host', host()], ...(more.headers ?? [])],
  });
  const asks = (path: string, more: Partial<Draft> = {}) =>
    send(listening.port, bytesOf(draft(path, more)));

  async function crawls(count: number, said: string): Promise<Socket[]> {
    return Promise.all(
      Array.from({ length: count }, async () => {
        const socket = connect(listening.port, '127.0.0.1')
          .on('error', () => undefined)
          .resume();
        await once(socket, 'connect');
        socket.write(said);
        return socket;
      }),
    );
  }

  it('cuts slow headers and slow bodies off, and serves all others meanwhile (R-33)', async function () {
    this.timeout(LONG_MILLISECONDS);
    const post = `POST /token HTTP/1.1\r\nhost: ${host()}\r\n${form.join(': ')}\r\n`;
    const slow = [
      ...(await crawls(SLOW_HEADERS, `GET / HTTP/1.1\r\nhost: ${host()}\r\n`)),
      ...(await crawls(SLOW_BODIES, `${post}content-length: 1000\r\n\r\na=`)),
    ];
    const drip = setInterval(() => {
      for (const socket of slow) if (socket.writable) socket.write('x');
    }, 500);
    const before = process.memoryUsage().rss;
    const all = Promise.all(slow.map((socket) => once(socket, 'close')));
    const statuses = new Set<number>();
    while (slow.some(({ closed }) => !closed)) {
      statuses.add((await asks('/help')).status);
      await Promise.race([all, pause(20)]);
    }
    clearInterval(drip);
    expect([...statuses]).to.deep.equal([200]);
    expect(logged.join('')).not.to.contain('request.broke').and.not.to.contain('request.failed');
    if (isSoak) expect((process.memoryUsage().rss - before) / MIB).to.be.below(50);
  });

  it('turns away who sends far ahead, and serves all others meanwhile', async function () {
    this.timeout(LONG_MILLISECONDS);
    const before = process.memoryUsage().rss;
    const hasty = await crawls(HASTY, `GET / HTTP/1.1\r\nhost: ${host()}\r\n\r\n`.repeat(1_000));
    const all = Promise.all(hasty.map((socket) => once(socket, 'close')));
    expect((await asks('/healthz')).status).to.equal(200);
    await all;
    expect(logged.join('').match(/"too-many-at-once"/g)).to.have.length(HASTY);
    if (isSoak) expect((process.memoryUsage().rss - before) / MIB).to.be.below(50);
  });

  it('answers who sends a little ahead in order, and browsers side by side', async () => {
    const ahead = (method: string, path: string, more = ''): string =>
      `${method} ${path} HTTP/1.1\r\nhost: ${host()}\r\n${more}\r\n`;
    const post = ahead('POST', '/token', `${form.join(': ')}\r\ncontent-length: 3\r\n`);
    const socket = connect(listening.port, '127.0.0.1');
    socket.write(
      `${ahead('GET', '/help')}${ahead('HEAD', '/help')}${ahead('OPTIONS', '/help')}${post}a=b`,
    );
    socket.write(ahead('GET', '/healthz', 'expect: wonders\r\nconnection: close\r\n'));
    const statuses = (await text(socket)).match(/(?<=HTTP\/1\.1 )\d+/g);
    expect(statuses).to.deep.equal(['200', '200', '200', '400', '200']);

    const healthz = `http://127.0.0.1:${listening.port}/healthz`;
    for (let round = 0; round < 2; round += 1) {
      const answers = await Promise.all(Array.from({ length: 6 }, () => fetch(healthz)));
      expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([200]));
      await Promise.all(answers.map((answer) => answer.text()));
    }
  });

  it('answers no request without a Host (RFC 9112 §3.2)', async () => {
    const answer = await send(listening.port, Buffer.from('GET /healthz HTTP/1.1\r\n\r\n'));
    expect(answer.status).to.equal(400);
  });

  /** Everything that reads a body, in its own way: our forms, forwarded forms, the library. */
  const readers = ['/sign-in/abcdefghijklmnopqrstu/answer', '/auth', '/session/end', '/token'];
  readers.push(
    '/request',
    '/token/introspection',
    '/token/revocation',
    '/me',
    '/session/end/confirm',
  );

  for (const path of readers) {
    it(`hears no more of a large body than it must at ${path} (R-34)`, async function () {
      this.timeout(LONG_MILLISECONDS);
      const ten = Buffer.alloc(10 * MIB, 'a');
      const bodies: Readonly<Record<string, Partial<Draft>>> = {
        'ten megabytes': { body: ten },
        'ten megabytes in one chunk': {
          body: Buffer.concat([Buffer.from(`${ten.length.toString(16)}\r\n`), ten]),
          headers: [['transfer-encoding', 'chunked']],
        },
        'a bomb': { body: gzipSync(ten), headers: [['content-encoding', 'gzip']] },
        'ten thousand parameters': {
          body: Array.from({ length: 10_000 }, (_, n) => [`a${n}`, '']),
        },
        'deep JSON': {
          body: `${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`,
          headers: [['content-type', 'application/json']],
        },
      };
      for (const [what, more] of Object.entries(bodies)) {
        const before = process.memoryUsage().rss;
        const begun = performance.now();
        const headers = [form, ...(more.headers ?? [])];
        const last = new Map(headers.map(([name, value]) => [name, value] as const));
        const { status } = await asks(path, { ...more, method: 'POST', headers: [...last] });
        // A connection that is cut off is an answer too, where nobody listened any more.
        expect(status === 0 || (status >= 400 && status < 500), `${what}: ${status}`).to.equal(
          true,
        );
        if (isSoak) {
          expect(performance.now() - begun, what).to.be.below(1_000 * slowness);
          expect((process.memoryUsage().rss - before) / MIB, what).to.be.below(50);
        }
        expect((await asks('/help')).status, `after ${what}`).to.equal(200);
      }
    });
  }

  /** Otherwise a proxy that closes after each request finds a broken connection, and no answer. */
  for (const path of readers) {
    it(`answers whoever sends too much once they have said it all, at ${path}`, async () => {
      for (const type of [form[1], 'application/json']) {
        const headers = [['content-type', type]] as const;
        const bytes = bytesOf(draft(path, { method: 'POST', headers, body: 'a'.repeat(900_000) }));
        const socket = connect({ port: listening.port, host: '127.0.0.1', allowHalfOpen: true });
        const half = bytes.length / 2;
        socket.write(bytes.subarray(0, half));
        await asks('/help');
        expect(socket.bytesRead, type).to.equal(0);
        socket.write(bytes.subarray(half));
        expect(await text(socket), type).to.match(/^HTTP\/1\.1 4\d\d /);
        socket.end();
      }
    });
  }

  it('says of a body for the library that it was too large, as page and as JSON', async () => {
    const body = 'a'.repeat(100_000);
    for (const accept of ['text/html', 'application/json']) {
      const headers = [form, ['accept', accept]] as const;
      const { status } = await asks('/token', { method: 'POST', headers, body });
      expect(status, accept).to.equal(413);
    }
  });

  it('takes no header of 64 KiB and no address of 100 KiB (R-34)', async () => {
    const large = await asks('/', { headers: [['x-large', 'a'.repeat(64 * 1024)]] });
    expect(large.status).to.be.oneOf([0, 431]);
    const long = await asks(`/${'a'.repeat(100 * 1024)}`);
    expect(long.status).to.be.oneOf([0, 414, 431]);
    expect((await asks('/help')).status).to.equal(200);
  });
});
