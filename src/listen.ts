/**
 * The HTTP side of starting and stopping: addresses, patience with slow clients, and a stop
 * that no request notices. What is answered is the app's business.
 */
import { createServer, type RequestListener, type Server } from 'node:http';
import { isIPv6, type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import type { Settings } from './config/schema.ts';

export interface Listening {
  readonly port: number;
  /** Keeps no connection beyond its next answer, so that none is in use when it stops. */
  letGo(): void;
  /** Takes no new connections, lets what has begun finish, and ends the rest. */
  stop(): Promise<void>;
}

const MAX_HEADER_BYTES = 16 * 1024;
const SWEEP_MS = 50;
/**
 * Longer than proxies keep theirs (nginx a minute, Caddy two): whoever closes first must be the
 * one who sends the next request, or that one finds a closed door.
 */
const KEEP_ALIVE_MS = 125_000;

/** Throws when not one of the addresses can be had. */
export async function listen(
  callback: RequestListener,
  settings: Settings['server'],
): Promise<Listening> {
  let isLeaving = false;
  const answer: RequestListener = (request, response) => {
    // Otherwise the client would keep the connection and find it closed at its next request.
    if (isLeaving) response.setHeader('Connection', 'close');
    callback(request, response);
  };

  const servers: Server[] = [];
  let { port } = settings;
  for (const host of settings.hosts) {
    // What Node answers by itself, it answers as often as it is asked, past whoever counts.
    const server = createServer({ ...patience(settings), requireHostHeader: false }, answer);
    server.on('checkExpectation', answer);
    if (!(await open(server, host, port))) continue;
    servers.push(server);
    // Of several addresses, all get the port that the first one was given.
    port = (server.address() as AddressInfo).port;
  }
  if (servers.length === 0) throw new Error('none of server.hosts is an address of this machine');

  return {
    port,
    letGo() {
      isLeaving = true;
    },
    async stop() {
      isLeaving = true;
      await Promise.all(servers.map((server) => close(server, settings.stopWithinSeconds)));
    },
  };
}

const patience = ({ headersTimeoutSeconds, requestTimeoutSeconds }: Settings['server']) => ({
  headersTimeout: headersTimeoutSeconds * 1000,
  requestTimeout: requestTimeoutSeconds * 1000,
  keepAliveTimeout: KEEP_ALIVE_MS,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: MAX_HEADER_BYTES,
});

/** False where this machine does not have such an address. */
async function open(server: Server, host: string, port: number): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  server.once('error', (error: NodeJS.ErrnoException) => {
    const isAbsent = error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT';
    if (isAbsent) resolve(false);
    else reject(error);
  });
  server.listen({ host, port, ipv6Only: isIPv6(host) }, () => resolve(true));
  return promise;
}

async function close(server: Server, withinSeconds: number): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  // A connection whose last answer has just left is idle only now, and would stay open.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  const patience = new AbortController();
  const late = pause(withinSeconds * 1000, 'late', { signal: patience.signal }).catch(() => '');
  await Promise.race([closed, late]);
  patience.abort();
  clearInterval(sweep);
  server.closeAllConnections();
  await closed;
}
