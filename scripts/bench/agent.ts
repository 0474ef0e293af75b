/**
 * The bench's own small HTTP client: keep-alive, no parsing beyond what a sign-in needs, and
 * every request to the next process in turn, as a balancer without sticky routing does.
 */
import { Agent, type IncomingHttpHeaders, request } from 'node:http';

export interface Ask {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
  /** Which process; the next one where nobody cares. */
  readonly port?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Until its last byte. */
  readonly ms: number;
}

export type HttpAgent = ReturnType<typeof openAgent>;

const PATIENCE_MS = 30_000;
/** On a busy machine a connection used in its last second is often closed under the request. */
const BEFORE_SERVER_CLOSES_MS = 3_000;

/** `host` is what the product is called; it is reached at `ports` of loopback. */
export function openAgent({ ports, host }: { ports: readonly number[]; host: string }) {
  const agent = new Agent({
    ...{ keepAlive: true, maxSockets: Infinity },
    agentKeepAliveTimeoutBuffer: BEFORE_SERVER_CLOSES_MS,
  });
  let turn = 0;

  return { ask, close: () => agent.destroy() };

  /** Rejects when nothing answers. */
  async function ask(wanted: Ask): Promise<Answer> {
    const { method = 'GET', path, headers, form, port } = wanted;
    const body = form && new URLSearchParams(form).toString();
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const begun = performance.now();
    const asked = request(
      {
        ...{ agent, method, path, host: '127.0.0.1', timeout: PATIENCE_MS },
        port: port ?? ports[(turn += 1) % ports.length],
        headers: { host, ...headers, ...(body !== undefined && formHeaders(body)) },
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            text: Buffer.concat(chunks).toString(),
            ms: performance.now() - begun,
          }),
        );
      },
    );
    asked.on('timeout', () => asked.destroy(new Error(`no answer from ${path}`)));
    asked.on('error', (error: NodeJS.ErrnoException) => {
      // Closed as idle while we were sending: browsers ask again, too, on another connection.
      if (asked.reusedSocket && error.code === 'ECONNRESET') resolve(ask(wanted));
      else reject(error);
    });
    asked.end(body);
    return promise;
  }
}

const formHeaders = (body: string) => ({
  'content-type': 'application/x-www-form-urlencoded',
  'content-length': String(Buffer.byteLength(body)),
});
