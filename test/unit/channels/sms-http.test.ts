import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect } from 'chai';

import { ChannelError, type Sms } from '../../../src/channels/channel.ts';
import { createSms } from '../../../src/channels/sms/http.ts';

const message: Sms = {
  to: '+14255550134',
  text: '123456 is your code',
  purpose: 'sign-in',
  messageId: 'm1',
};

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

describe('sms http', () => {
  let carrier: Server;
  let seen: Seen[];
  let reply: (response: ServerResponse) => void;

  const url = (): string => `http://127.0.0.1:${(carrier.address() as AddressInfo).port}/messages`; // it listens on a port
  const open = (settings = {}) => createSms({ url: url(), timeoutSeconds: 5, ...settings });
  const failure = async (settings = {}): Promise<unknown> =>
    open(settings)
      .send(message)
      .catch((error: unknown) => error);

  beforeEach(async () => {
    seen = [];
    reply = (response) => void response.writeHead(202).end();
    carrier = createServer((request, response) => {
      void (async () => {
        const body = (await request.toArray()).join('');
        seen.push({ method: request.method, url: request.url, headers: request.headers, body });
        reply(response);
      })();
    });
    await new Promise<void>((resolve) => carrier.listen(0, '127.0.0.1', resolve));
  });

  afterEach(() => {
    carrier.closeAllConnections();
    carrier.close();
  });

  it('posts one JSON object with the four fields, and no more', async () => {
    const more: Sms = Object.assign({ secret: 'x' }, message);
    await open().send(more);
    expect(seen).to.have.lengthOf(1);
    expect(seen[0]).to.include({ method: 'POST', url: '/messages' });
    expect(seen[0]?.headers).to.include({ 'content-type': 'application/json' });
    expect(seen[0]?.headers).not.to.have.property('authorization');
    expect(JSON.parse(seen[0]?.body ?? '')).to.deep.equal(message);
  });

  it('proves itself with the token', async () => {
    await open({ token: 's3cret' }).send(message);
    expect(seen[0]?.headers).to.include({ authorization: 'Bearer s3cret' });
  });

  for (const status of [200, 201, 202, 204]) {
    it(`takes ${status} for done, whatever else is said`, async () => {
      reply = (response) => void response.writeHead(status).end(status === 204 ? '' : '{ not JSON');
      await open().send(message);
    });
  }

  for (const status of [429, 500, 502, 503, 504]) {
    it(`may try again after ${status}`, async () => {
      reply = (response) => void response.writeHead(status).end();
      expect(await failure())
        .to.be.instanceOf(ChannelError)
        .and.include({ isTemporary: true });
    });
  }

  for (const status of [400, 401, 403, 404, 413, 422, 304]) {
    it(`gives up after ${status}`, async () => {
      reply = (response) => void response.writeHead(status).end();
      expect(await failure())
        .to.be.instanceOf(ChannelError)
        .and.include({ isTemporary: false });
    });
  }

  it('tells who opted out, and whose account is refused, from all the others', async () => {
    const kinds = { 410: 'isOptedOut', 401: 'isAccountRefused', 403: 'isAccountRefused', 404: '' };
    for (const [status, kind] of Object.entries(kinds)) {
      reply = (response) => void response.writeHead(Number(status)).end();
      expect(await failure()).to.include({
        ...{ isOptedOut: false, isAccountRefused: false, code: status },
        ...(kind && { [kind]: true }),
      });
    }
  });

  for (const status of [301, 302, 303, 307, 308]) {
    it(`does not carry the message on after ${status}`, async () => {
      reply = (response) => void response.writeHead(status, { location: '/elsewhere' }).end();
      expect(await failure())
        .to.be.instanceOf(ChannelError)
        .and.include({ isTemporary: false });
      expect(seen.map((request) => request.url)).to.deep.equal(['/messages']);
    });
  }

  it('gives up waiting for an answer', async () => {
    reply = () => undefined;
    expect(await failure({ timeoutSeconds: 0.05 })).to.include({ isTemporary: true });
  });

  it('may try again when the connection is cut', async () => {
    reply = (response) => void response.socket?.destroy();
    expect(await failure())
      .to.be.instanceOf(ChannelError)
      .and.include({ isTemporary: true });
  });

  it('may try again when nobody listens', async () => {
    const closed = { url: url() };
    await new Promise((resolve) => carrier.close(resolve));
    const thrown = await createSms({ ...closed, timeoutSeconds: 5 })
      .send(message)
      .catch((error: unknown) => error);
    expect(thrown).to.include({ isTemporary: true });
  });

  it('waits for no end of an endless answer', async () => {
    reply = (response) => void response.writeHead(200).write('x'.repeat(100_000));
    await open().send(message);
  });

  it('says nothing about the message in an error', async () => {
    reply = (response) => void response.writeHead(500).end(message.text);
    expect(String(await failure())).not.to.match(/123456|0134/);
  });

  it('counts every answer but a failure as reachable', async () => {
    for (const status of [200, 204, 401, 405]) {
      reply = (response) => void response.writeHead(status).end();
      await open().check();
    }
    expect(seen[0]).to.include({ method: 'HEAD', body: '' });
    reply = (response) => void response.writeHead(503).end();
    const thrown = await open()
      .check()
      .catch((error: unknown) => error);
    expect(thrown).to.be.instanceOf(ChannelError);
  });
});
