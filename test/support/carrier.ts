/**
 * A carrier on loopback: takes texts and calls as a real one would, and lets stories read and
 * answer them. It can be told to fail in the ways that carriers do.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Text {
  readonly to: string;
  readonly purpose: string;
  readonly text: string;
  readonly messageId: string;
}

export interface Call extends Text {
  readonly language: string;
  /** Absent where a code is read aloud. */
  readonly answerAt?: string;
}

/** Signs what this provider tells of calls. */
export const CALLBACK_SECRET = `whsec_${Buffer.alloc(32, 'c').toString('base64')}`;

export type Carrier = Awaited<ReturnType<typeof openCarrier>>;

export async function openCarrier() {
  const texts: Text[] = [];
  const calls: Call[] = [];
  const refused: Text[] = [];
  let status = 202;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      // As the product sends it; a test that depends on it would fail on anything else.
      const message = JSON.parse(Buffer.concat(chunks).toString()) as Call;
      const taken = request.url === '/calls' ? calls : texts;
      (status < 300 ? taken : refused).push(message);
      response.writeHead(status).end();
    });
  });
  server.unref().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}/texts`,
    callsUrl: `http://127.0.0.1:${port}/calls`,
    texts,
    calls,
    /** What it was told while it failed. */
    refused,
    /** What it answers from now on. */
    answers(next: number): void {
      status = next;
    },
    /** The last call to a number. */
    callTo(number: string): Call {
      const call = calls.findLast(({ to }) => to === number);
      if (!call) throw new Error(`${number} was not called`);
      return call;
    },
    textsTo: (number: string): Text[] => texts.filter(({ to }) => to === number),
    lastCode(number: string, among: readonly Text[] = texts): string {
      const code = among.findLast(({ to }) => to === number)?.text.match(/#(\d+)$/)?.[1];
      if (code === undefined) throw new Error(`no text was sent to ${number}`);
      return code;
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
