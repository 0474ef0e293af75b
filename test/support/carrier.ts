/**
 * A carrier on loopback: takes texts as a real one would, and lets stories read them. It can
 * be told to fail in the ways that carriers do.
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

export type Carrier = Awaited<ReturnType<typeof openCarrier>>;

export async function openCarrier() {
  const texts: Text[] = [];
  const refused: Text[] = [];
  let status = 202;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      // As the product sends it; a test that depends on it would fail on anything else.
      const text = JSON.parse(Buffer.concat(chunks).toString()) as Text;
      (status < 300 ? texts : refused).push(text);
      response.writeHead(status).end();
    });
  });
  server.unref().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}/texts`,
    texts,
    /** What it was told while it failed. */
    refused,
    /** What it answers from now on. */
    answers(next: number): void {
      status = next;
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
