/**
 * Opens a whole house for a story: the app in two processes on a database of its own, behind a
 * door that brings every request to the other one than the last; a carrier, the people of
 * people.ts and two apps. Everything is on loopback and gone when it is closed.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Connection } from 'mongoose';

import { createApp } from '../../src/app.ts';
import { loadSettings } from '../../src/config/load.ts';
import type { Settings } from '../../src/config/schema.ts';
import { connectDatabase, createIndexes, type Database } from '../../src/database/connect.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createLog } from '../../src/lib/log.ts';
import { createCrypt } from '../../src/lib/crypt.ts';
import { createAccounts } from '../../src/models/account.ts';
import { createOidcRecords } from '../../src/models/oidc-record.ts';
import type { Profile } from '../../src/models/profile.ts';
import { createClients } from '../../src/oidc/clients.ts';
import { clock } from './clock.ts';
import { openCarrier } from './carrier.ts';
import { databaseOfItsOwn } from './database.ts';
import { openFront } from './front.ts';
import { moveIn } from './move-in.ts';
import { people, type PersonName } from './people.ts';
import { clients, createShop } from './shop.ts';
import { createVisitor } from './visitor.ts';
import type { Opened, Order } from './worker.ts';
import { theWorkers } from './workers.ts';

export type House = Awaited<ReturnType<typeof openHouse>>;

/** What a story wants to be different. */
export type Overrides = NonNullable<Parameters<typeof loadSettings>[0]['overrides']>;

/** `databaseBy` says where the two processes find the database, such as over a line with faults. */
export async function openHouse(
  overrides: Overrides = {},
  databaseBy?: (own: Connection) => Promise<string>,
) {
  const directory = await mkdtemp(join(tmpdir(), 'doorstep-test-'));
  const carrier = await openCarrier();
  const nowhere: Opened = { port: 0 };
  const workers = theWorkers().map((worker) => ({ worker, at: nowhere, skewMilliseconds: 0 }));
  let turn = 0;
  const front = await openFront(async () => {
    const { worker, at, skewMilliseconds } = workerAt((turn += 1) % workers.length);
    await worker.tellTime(skewMilliseconds);
    return at.port;
  });
  const issuer = `http://localhost:${front.port}`;

  const settings = await loadSettings({
    environment: {
      ...databaseOfItsOwn(),
      NODE_ENV: 'test',
      DATA_DIRECTORY: directory,
      LOG_LEVEL: process.env.LOG_LEVEL,
    },
    overrides: {
      issuer,
      ...overrides,
      channels: { sms: { url: carrier.url }, ...(overrides.channels as object | undefined) },
    },
  });
  const logFile = join(directory, 'log');
  await writeFile(logFile, '');
  let database = await openDatabase(settings);
  await moveIn(database.connection, settings);
  const uri = await databaseBy?.(database.connection);
  let theirs = uri === undefined ? settings : withDatabase(settings, uri);
  await start();

  const shop = createShop(issuer, 'shop');

  function workerAt(index: number) {
    const found = workers[index];
    if (!found) throw new Error(`there is no process ${index}`);
    return found;
  }

  async function start(): Promise<void> {
    const order = { act: 'open', house: directory, settings: theirs, logFile } as const;
    await Promise.all(
      workers.map(async (one) => {
        await one.worker.tellTime(one.skewMilliseconds);
        one.at = (await one.worker.obey(order)) ?? one.at;
      }),
    );
  }

  async function tellAll(order: Order): Promise<void> {
    await Promise.all(
      workers.map(async ({ worker, skewMilliseconds }) => {
        await worker.tellTime(skewMilliseconds);
        await worker.obey(order);
      }),
    );
  }

  async function stop(): Promise<void> {
    front.cutAll();
    await tellAll({ act: 'close', house: directory });
    await database.close();
  }

  return {
    issuer,
    carrier,
    settings,
    shop,
    partner: createShop(issuer, 'partner'),
    /** The story's own, beside those of the two processes. */
    get connection() {
      return database.connection;
    },
    /** What each process tells Prometheus, where the story wants `metrics: { port: 0 }`. */
    metrics: () =>
      Promise.all(
        workers.flatMap(async ({ at: { metricsPort: port } }) =>
          port === undefined ? '' : (await fetch(`http://127.0.0.1:${port}/metrics`)).text(),
        ),
      ),
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
    /** Registers an app of the stories anew, with something more. */
    async registers(id: string, more: Readonly<Record<string, unknown>>): Promise<void> {
      const { connection } = database;
      const crypt = createCrypt(settings.secrets.encryptionKeys);
      const records = createOidcRecords(connection);
      const known = clients.find(({ client_id }) => client_id === id);
      const store = createClients({ records, crypt, clock: systemClock });
      await store.save({ ...known, client_id: id, ...more });
    },
    /** Adds to what is known about a person. */
    async describes(name: PersonName, more: Profile): Promise<void> {
      const accounts = createAccounts(database.connection);
      const _id = `id-${name}`;
      const profile = { ...(await accounts.findById(_id))?.profile, ...more };
      await accounts.model.updateOne({ _id }, { $set: { profile } });
    },
    /** As the command line does. */
    disable: (name: PersonName, isDisabled: boolean) =>
      createAccounts(database.connection).setDisabled(
        `id-${name}`,
        isDisabled ? new Date() : undefined,
      ),
    /** Lets the clock of one of the two processes be off. */
    skew(seconds: number): void {
      workerAt(1).skewMilliseconds = seconds * 1000;
    },
    /** Waits for what requests left under way. */
    waits: (): Promise<void> => tellAll({ act: 'wait', house: directory }),
    /** What runs beside requests, once in each process: events are moved on, and mails leave. */
    async settles(): Promise<void> {
      await tellAll({ act: 'settle', house: directory });
    },
    /** What the processes only remember is lost, as when they are killed: no stop moves anything. */
    async crashes(): Promise<void> {
      await tellAll({ act: 'forget', house: directory });
    },
    /** As after a crash or an update: nothing survives but what the database keeps. */
    async restart(changes: Partial<Settings> = {}): Promise<void> {
      await stop();
      theirs = { ...theirs, ...changes };
      database = await openDatabase(settings);
      await start();
    },
    async close(): Promise<void> {
      await database.connection.dropDatabase();
      await stop();
      front.close();
      await carrier.close();
      await rm(directory, { recursive: true, force: true });
      clock.reset();
    },
  };
}

const withDatabase = (settings: Settings, uri: string): Settings => ({
  ...settings,
  database: { ...settings.database, uri },
});

/** With every model and index of the app, which itself serves nobody here. */
async function openDatabase(settings: Settings): Promise<Database> {
  const { log } = createLog({ level: 'silent' });
  const database = await connectDatabase({ ...settings.database, log });
  const { connection } = database;
  await createApp({ settings, connection, clock: systemClock, log });
  await createIndexes(connection);
  return database;
}
