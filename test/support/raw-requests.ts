/**
 * Requests as they are on the wire, byte by byte: nothing is made tidy on the way, and what
 * comes back is only taken apart.
 */
import { connect, type Socket } from 'node:net';

/** All parts are ready for the wire: whatever must be escaped is, or is meant not to be. */
export interface Draft {
  readonly method: string;
  readonly path: string;
  readonly query: Pairs;
  readonly headers: Pairs;
  readonly cookies: Pairs;
  /** A form by its fields, or anything else as it is. */
  readonly body?: Pairs | string | Buffer;
}

export type Pairs = readonly (readonly [name: string, value: string])[];

export interface WireAnswer {
  /** 0 where the connection was closed without a word. */
  readonly status: number;
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly text: string;
}

const URLENCODED = 'application/x-www-form-urlencoded';
/** Whoever announces more than they say would wait for the server's own limit … */
const SILENT_MS = 1_000;
/** … and whoever lost their "close" on the way, for the next request. */
const ANSWERED_MS = 200;

export const formText = (fields: Pairs): string =>
  fields.map(([name, value]) => `${name}=${value}`).join('&');

export function bytesOf({ method, path, query, headers, cookies, body }: Draft): Buffer {
  const target = query.length > 0 ? `${path}?${formText(query)}` : path;
  const said = new Set(headers.map(([name]) => name.toLowerCase()));
  const content = Array.isArray(body) ? formText(body) : ((body ?? '') as string | Buffer);
  const payload = Buffer.from(content);
  const own: Pairs = [
    ...(body !== undefined && !said.has('content-type')
      ? [['content-type', URLENCODED] as const]
      : []),
    ...(body !== undefined && !said.has('content-length') && !said.has('transfer-encoding')
      ? [['content-length', String(payload.length)] as const]
      : []),
    ...(cookies.length > 0
      ? [['cookie', cookies.map(([name, value]) => `${name}=${value}`).join('; ')] as const]
      : []),
    ['connection', 'close'],
  ];
  const lines = [...headers, ...own].map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`;
  return Buffer.concat([Buffer.from(head), payload]);
}

/** Throws when nothing comes within ten seconds. */
export async function send(port: number, bytes: Buffer): Promise<WireAnswer> {
  const socket = connect({ port, host: '127.0.0.1' });
  const chunks: Buffer[] = [];
  const timer = setTimeout(() => socket.end(), SILENT_MS);
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    clearTimeout(timer);
    setTimeout(() => socket.end(), ANSWERED_MS).unref();
  });
  // A server that has heard enough resets the connection.
  socket.on('error', () => undefined);
  socket.write(bytes);
  await closed(socket);
  clearTimeout(timer);
  return answerIn(Buffer.concat(chunks).toString('latin1'));
}

async function closed(socket: Socket): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  socket.setTimeout(10_000, () => {
    socket.destroy();
    reject(new Error('no answer came'));
  });
  socket.on('close', () => resolve(undefined));
  await promise;
}

function answerIn(received: string): WireAnswer {
  const [head = '', ...rest] = received.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const text = rest.join('\r\n\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1] ?? 0);
  if (status >= 100 && status < 200) return answerIn(text);
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const [, name = '', value = ''] = /^([^:]+): ?(.*)$/.exec(line) ?? [];
    headers.set(name.toLowerCase(), [...(headers.get(name.toLowerCase()) ?? []), value]);
  }
  return { status, headers, text };
}
