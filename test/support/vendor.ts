/**
 * A vendor's API on loopback: it keeps what it was asked, and answers as it is told to.
 */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
  readonly form: Readonly<Record<string, string>>;
}

/** What it answers: a status with a body, or whatever else can be done to a connection. */
export type Answer = readonly [status: number, body: string] | ((to: ServerResponse) => void);

export type Vendor = Awaited<ReturnType<typeof openVendor>>;

/** The ways in which any of them may be out of order, and which a second try may mend. */
export const outOfOrder: Readonly<Record<string, Answer>> = {
  'says nothing': () => undefined,
  'begins and does not end': (to) => void to.writeHead(500).write('{'),
  'cuts the connection': (to) => void to.socket?.destroy(),
  'cuts the answer': (to) => {
    to.writeHead(200, { 'content-length': 100 }).write('{');
    setImmediate(() => to.socket?.destroy());
  },
  'takes it in words of its own': [200, 'no answer that anybody can read'],
  'refuses it in words of its own': [503, '<h1>123456 to +14255550134</h1>'],
};

export async function openVendor(usual: Answer) {
  const asked: Asked[] = [];
  let answer = usual;
  const server = createServer((request, response) => {
    void (async () => {
      const body = (await request.toArray()).join('');
      const { method = '', url: path = '', headers } = request;
      const form = Object.fromEntries(new URLSearchParams(body));
      asked.push({ method, path, authorization: headers.authorization ?? '', form });
      if (typeof answer === 'function') answer(response);
      else response.writeHead(answer[0]).end(answer[1]);
    })();
  });
  server.unref().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    /** From now on; without one, what it answers usually. */
    answers(next: Answer = usual): void {
      answer = next;
      asked.splice(0);
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
