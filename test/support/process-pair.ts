/**
 * Two processes of the product itself, as they are started in production, behind a door that
 * sends every request to the other one than the last, as a load balancer does: it tries the next
 * where nobody listens. For what only whole processes can do: start, end, break.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, createServer, type IncomingMessage, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';

import { createApp } from '../../src/app.ts';
import { loadSettings } from '../../src/config/load.ts';
import { connectDatabase } from '../../src/database/connect.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createLog } from '../../src/lib/log.ts';
import { openCarrier } from './carrier.ts';
import { theCertificate } from './certificate.ts';
import { databaseOfItsOwn } from './database.ts';
import { moveIn } from './move-in.ts';
import { people, type PersonName } from './people.ts';
import { createShop } from './shop.ts';
import { createVisitor } from './visitor.ts';

const main = resolve(import.meta.dirname, '../../src/main.ts');

export interface Process {
  readonly child: ChildProcess;
  /** Events of its log, in order. */
  readonly events: readonly string[];
  /** Its port; throws when it ends before it listens. */
  untilListening(): Promise<number>;
  /** Asks it to end, and returns how it did. */
  end(): Promise<number | null>;
}

/** The product as a process of its own. */
export function startProcess(environment: Readonly<Record<string, string>>): Process {
  const child = spawn(process.execPath, [main], {
    env: {
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      NODE_EXTRA_CA_CERTS: theCertificate().file,
      ...environment,
      PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const events: string[] = [];
  const listening = Promise.withResolvers<number>();
  createInterface(child.stdout).on('line', (line) => {
    const { event = '', port } = JSON.parse(line) as { event?: string; port?: number };
    events.push(event);
    if (event === 'server.started') listening.resolve(port ?? 0);
  });
  // Not at its exit: what it said last may still be on its way.
  const ended = once(child, 'close').then(() => child.exitCode);
  return {
    child,
    events,
    untilListening: () =>
      Promise.race([
        listening.promise,
        ended.then((code) => {
          throw new Error(`ended with ${code} after ${events.join(', ')}`);
        }),
      ]),
    async end() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** `more` is what both find in their environment besides. */
export async function openPair(more: Readonly<Record<string, string>> = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'doorstep-pair-'));
  const carrier = await openCarrier();
  const agent = new Agent({ keepAlive: true });
  let ports: number[] = [];
  let turn = 0;
  const front = createServer((request, response) => {
    void buffer(request).then(async (body) => {
      const candidates = ports.map((_port, index) => ports[(turn + index) % ports.length] ?? 0);
      turn += 1;
      const answer = await pass(request, body, candidates);
      response.writeHead(answer?.statusCode ?? 502, answer?.headers);
      if (answer) answer.pipe(response);
      else response.end();
    });
  });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  const issuer = `http://localhost:${(front.address() as AddressInfo).port}`;

  const environment = {
    ...databaseOfItsOwn(),
    NODE_ENV: 'test',
    ISSUER: issuer,
    DATA_DIRECTORY: directory,
    SMS_PROVIDER_URL: carrier.url,
    LOG_LEVEL: 'info',
    ...more,
  };
  const settings = await loadSettings({ environment });
  const { log } = createLog({ level: 'silent' });
  const database = await connectDatabase({ ...settings.database, log });
  const { connection } = database;
  await createApp({ settings, connection, clock: systemClock, log });
  await moveIn(connection, settings);
  // Both at once: they make the same indexes, and neither minds the other.
  const processes = [startProcess(environment), startProcess(environment)];
  ports = await Promise.all(processes.map((one) => one.untilListening()));

  /**
   * Goes on to the next where nobody listens, for then nothing can have been done there; and, as
   * proxies do, with what only reads when a kept connection is closed under it (RFC 9110 §9.2.2).
   */
  async function pass(
    request: IncomingMessage,
    body: Buffer,
    [port, ...others]: readonly number[],
  ): Promise<IncomingMessage | undefined> {
    if (port === undefined) return undefined;
    const { method, url: path, headers } = request;
    const onward = forward({ host: '127.0.0.1', port, method, path, headers, agent });
    onward.end(body);
    try {
      const [answer] = (await once(onward, 'response')) as [IncomingMessage];
      return answer;
    } catch (error) {
      const isAbsent = (error as NodeJS.ErrnoException).code === 'ECONNREFUSED';
      return isAbsent || method === 'GET' ? pass(request, body, others) : undefined;
    }
  }

  return {
    carrier,
    connection,
    processes,
    shop: createShop(issuer, 'shop'),
    visitor: (name: PersonName) => createVisitor(issuer, people[name]),
    /** Ends one and starts another in its place, as an update does; returns how it ended. */
    async replace(index: 0 | 1): Promise<number | null> {
      const code = await processes[index]?.end();
      const next = startProcess(environment);
      processes[index] = next;
      ports[index] = await next.untilListening();
      return code ?? null;
    },
    /** Ends both, and returns how they ended. */
    async close(): Promise<(number | null)[]> {
      const codes = await Promise.all(processes.map((one) => one.end()));
      agent.destroy();
      front.closeAllConnections();
      front.close();
      await connection.dropDatabase();
      await database.close();
      await carrier.close();
      await rm(directory, { recursive: true, force: true });
      return codes;
    },
  };
}
