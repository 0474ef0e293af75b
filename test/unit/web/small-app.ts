/**
 * A Koa app of the given middleware on loopback, and a client that may send any header.
 */
import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as send,
  type RequestOptions,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import Koa, { type Middleware } from 'koa';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export async function smallApp(build: (issuer: string) => readonly Middleware[]) {
  const app = new Koa();
  app.silent = true;
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  for (const middleware of build(`http://127.0.0.1:${port}`)) app.use(middleware);
  const handle = app.callback();
  server.on('request', (req, res) => void handle(req, res));

  return {
    app,
    port,
    async request(
      path: string,
      options: RequestOptions & { body?: string | Buffer } = {},
    ): Promise<Answer> {
      const { body, ...rest } = options;
      const request = send({ host: '127.0.0.1', port, path, ...rest }).end(body);
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      const { statusCode = 0, headers } = response;
      return { status: statusCode, headers, body: await text(response) };
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export const form = (body: string) => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body,
});

/** Draws pages as JSON. */
export const pagesAsJson: Middleware = async (ctx, next) => {
  ctx.page = (name, props) => {
    ctx.type = 'html';
    ctx.body = JSON.stringify({ name, ...props });
  };
  await next();
};
