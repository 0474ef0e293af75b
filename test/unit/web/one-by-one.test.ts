import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

import { expect } from 'chai';

import { oneByOne } from '../../../src/web/one-by-one.ts';

const MIB = 1024 * 1024;
const get = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nhost: a\r\n${more}\r\n`;
const gets = (count: number): string =>
  Array.from({ length: count }, (_, n) => get(`/${n}`)).join('');

describe('the requests of a connection', () => {
  const ends: (() => void)[] = [];
  afterEach(() => {
    for (const end of ends.splice(0)) end();
  });

  /** What is begun stays so until the test answers it. */
  async function serves(untakenMs = 10_000) {
    const begun: { readonly path: string; readonly response: ServerResponse }[] = [];
    const logged: object[] = [];
    let heard = 0;
    const log = { info: (fields: object) => void logged.push(fields) };
    const listener = oneByOne(
      ({ url: path = '' }, response) => void begun.push({ path, response }),
      { log, untakenMs },
    );
    const server = createServer((request, response) => {
      heard += 1;
      listener(request, response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    ends.push(() => {
      server.close();
      server.closeAllConnections();
    });

    return {
      begun,
      logged,
      heard: () => heard,
      sends(bytes: string): Socket {
        const socket = connect(port, '127.0.0.1').on('error', () => undefined);
        socket.write(bytes);
        return socket;
      },
      async untilBegun(count: number): Promise<ServerResponse> {
        for (;;) {
          const last = begun.length >= count && begun.at(-1);
          if (last) return last.response;
          await pause(1);
        }
      },
      /** As an app does that answers at once. */
      answers: (own: RequestListener) =>
        void server.removeAllListeners('request').on('request', oneByOne(own, { log, untakenMs })),
    };
  }

  it('are begun one after the other, and answered in order', async () => {
    const server = await serves();
    const answers = text(server.sends(gets(3) + get('/last', 'connection: close\r\n')));
    for (const count of [1, 2, 3, 4]) {
      const response = await server.untilBegun(count);
      await pause(5);
      expect(server.begun).to.have.length(count);
      response.end(`<${server.begun.at(-1)?.path}>`);
    }
    expect((await answers).match(/<[^>]+>/g)).to.deep.equal(['</0>', '</1>', '</2>', '</last>']);
  });

  it('may be eleven at once', async () => {
    const server = await serves();
    server.answers(({ url }, response) => response.end(`<${url}>`));
    const answers = text(server.sends(gets(10) + get('/last', 'connection: close\r\n')));
    expect((await answers).match(/<[^>]+>/g)).to.have.length(11);
    expect(server.logged).to.deep.equal([]);
  });

  it('end with a word when they are more, and Node hears no more of them', async () => {
    const server = await serves();
    const answers = await text(server.sends(gets(1_500)));
    expect(answers).to.match(/^HTTP\/1\.1 429 .*\r\nConnection: close\r\n/);
    expect(server.begun).to.have.length(1);
    expect(server.heard()).to.equal(12);
    expect(server.logged).to.deep.equal([{ peer: '127.0.0.1', error: 'too-many-at-once' }]);
  });

  it('end without a word in the midst of an answer', async () => {
    const server = await serves();
    const socket = server.sends(get('/'));
    const answers = text(socket);
    (await server.untilBegun(1)).write('half');
    socket.write(gets(12));
    expect(await answers)
      .to.match(/half\r\n$/)
      .and.not.to.contain('429');
  });

  it('are not begun once their connection has gone, or an answer was the last', async () => {
    const server = await serves();
    const gone = server.sends(gets(3));
    const first = await server.untilBegun(1);
    gone.destroy();
    await once(first, 'close');

    const answers = text(server.sends(gets(3)));
    (await server.untilBegun(2)).setHeader('connection', 'close').end('last');
    expect(await answers).to.match(/last$/);
    expect(server.begun).to.have.length(2);
  });

  it('may have bodies, and wait with them', async () => {
    const server = await serves();
    server.answers((request, response) => {
      void text(request).then((body) => response.end(`<${body.length}>`));
    });
    const post = (length: number): string =>
      `POST / HTTP/1.1\r\nhost: a\r\ncontent-length: ${length}\r\n\r\n${'a'.repeat(length)}`;
    const all = post(5) + post(MIB) + post(7) + get('/', 'connection: close\r\n');
    const answers = await text(server.sends(all));
    expect(answers.match(/<\d+>/g)).to.deep.equal(['<5>', `<${MIB}>`, '<7>', '<0>']);
  });

  it('are cut off when nobody takes the answer', async () => {
    const server = await serves(20);
    const socket = server.sends(get('/')).pause();
    const response = await server.untilBegun(1);
    response.end(Buffer.alloc(32 * MIB));
    await once(response, 'close');
    expect(response.writableFinished).to.equal(false);
    socket.destroy();
  });

  it('are not cut off while they wait for the answer, or for more of it', async () => {
    const server = await serves(10);
    const answers = text(server.sends(get('/', 'connection: close\r\n')));
    const response = await server.untilBegun(1);
    await pause(40);
    response.write('now ');
    await pause(40);
    response.end('and then');
    expect(await answers).to.match(/now \r\n8\r\nand then/);
  });
});
