/**
 * Opens a whole house for a story: the app over HTTP on a database of its own, a carrier, the
 * people of people.ts and two apps. Everything is on loopback and gone when it is closed.
 */
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { destination } from 'pino';

import { type App, createApp } from '../../src/app.ts';
import { loadSettings } from '../../src/config/load.ts';
import type { Settings } from '../../src/config/schema.ts';
import { connectDatabase, createIndexes, type Database } from '../../src/database/connect.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createLog } from '../../src/lib/log.ts';
import { type Metrics, openMetrics } from '../../src/metrics/metrics.ts';
import { createAccounts } from '../../src/models/account.ts';
import { clock } from './clock.ts';
import { openCarrier } from './carrier.ts';
import { databaseOfItsOwn } from './database.ts';
import { moveIn } from './move-in.ts';
import { people, type PersonName } from './people.ts';
import { createShop } from './shop.ts';
import { createVisitor } from './visitor.ts';

export type House = Awaited<ReturnType<typeof openHouse>>;

/** What a story wants to be different. */
export type Overrides = NonNullable<Parameters<typeof loadSettings>[0]['overrides']>;

interface Running {
  readonly app: App;
  readonly database: Database;
  readonly metrics?: Metrics;
}

export async function openHouse(overrides: Overrides = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'doorstep-test-'));
  const carrier = await openCarrier();
  let handler: RequestListener = (_request, response) => response.writeHead(503).end();
  const server = createServer((request, response) => {
    handler(request, response);
  });
  server.unref().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;

  const settings = await loadSettings({
    environment: {
      ...databaseOfItsOwn(),
      NODE_ENV: 'test',
      DATA_DIRECTORY: directory,
      LOG_LEVEL: process.env.LOG_LEVEL,
    },
    overrides: { issuer, channels: { sms: { url: carrier.url } }, ...overrides },
  });
  const logFile = join(directory, 'log');
  const { log } = createLog(settings.log, destination({ dest: logFile, sync: true }));
  let running = await start(settings);
  await moveIn(running.database.connection, settings);

  const shop = createShop(issuer, 'shop');

  async function start(current: Settings): Promise<Running> {
    const { host, port } = current.metrics;
    const metrics = port === undefined ? undefined : await openMetrics({ host, port });
    const measured = { log, ...(metrics && { meter: metrics.meter }) };
    const database = await connectDatabase({ ...current.database, ...measured });
    const { connection } = database;
    const app = await createApp({
      ...{ settings: current, connection, clock: systemClock },
      ...measured,
    });
    await createIndexes(connection);
    handler = app.callback;
    return { app, database, ...(metrics && { metrics }) };
  }

  async function stop(): Promise<void> {
    await running.app.stop();
    await running.database.close();
    await running.metrics?.close();
  }

  return {
    issuer,
    carrier,
    settings,
    shop,
    partner: createShop(issuer, 'partner'),
    get connection() {
      return running.database.connection;
    },
    /** There where the story wants `metrics: { port: 0 }`. */
    metrics: () => running.metrics,
    visitor: (name?: PersonName) => createVisitor(issuer, name && people[name]),
    /** Somebody who gave user name and password and is asked for the second step. */
    async atSecondStep(name: PersonName, more: Readonly<Record<string, string>> = {}) {
      const visitor = createVisitor(issuer, people[name]);
      await visitor.opens(await shop.signIn(more));
      await visitor.identifies();
      return visitor;
    },
    /** What the log says so far: nothing, unless the story wants `log: { level: 'info' }`. */
    logged: (): Promise<string> => readFile(logFile, 'utf8'),
    /** As the command line does. */
    disable: (name: PersonName, isDisabled: boolean) =>
      createAccounts(running.database.connection).setDisabled(
        `id-${name}`,
        isDisabled ? new Date() : undefined,
      ),
    /** As after a crash or an update: nothing survives but what the database keeps. */
    async restart(): Promise<void> {
      await stop();
      running = await start(settings);
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await running.database.connection.dropDatabase();
      await stop();
      await carrier.close();
      await rm(directory, { recursive: true, force: true });
      clock.reset();
    },
  };
}
