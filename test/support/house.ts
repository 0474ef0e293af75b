/**
 * Opens a whole house for a story: the app twice on a database of its own, behind a door that
 * brings every request to the other one than the last; a carrier, the people of people.ts and
 * two apps. Everything is on loopback and gone when it is closed.
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
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
import { CALLBACK_SECRET, openCarrier } from './carrier.ts';
import { databaseOfItsOwn } from './database.ts';
import { moveIn } from './move-in.ts';
import { ownDirectory } from './own-directory.ts';
import { people, type PersonName } from './people.ts';
import { clients, createShop } from './shop.ts';
import { openTwoApps } from './two-apps.ts';
import { openTwoProcesses } from './two-processes.ts';
import { createVisitor } from './visitor.ts';

export type House = Awaited<ReturnType<typeof openHouse>>;

/** What a story wants to be different. */
export type Overrides = NonNullable<Parameters<typeof loadSettings>[0]['overrides']>;

export interface HouseOptions {
  /** Served by processes, not by apps in this one; with PROCESSES=1 every house is. */
  readonly inProcesses?: boolean;
  /** Where those who serve it find the database, such as over a line with faults. */
  readonly databaseBy?: (own: Connection) => Promise<string>;
}

const ALL_IN_PROCESSES = process.env.PROCESSES === '1';

export async function openHouse(
  overrides: Overrides = {},
  { inProcesses = ALL_IN_PROCESSES, databaseBy }: HouseOptions = {},
) {
  const directory = await ownDirectory();
  const carrier = await openCarrier();
  const wanted = { ...(overrides.channels as { sms?: object; voice?: object } | undefined) };
  const drafted = await loadSettings({
    environment: {
      ...databaseOfItsOwn(),
      NODE_ENV: 'test',
      DATA_DIRECTORY: directory,
      LOG_LEVEL: process.env.LOG_LEVEL,
    },
    overrides: {
      ...overrides,
      channels: {
        ...wanted,
        sms: { url: carrier.url, ...wanted.sms },
        voice: { url: carrier.callsUrl, callbackSecret: CALLBACK_SECRET, ...wanted.voice },
      },
    },
  });
  const servers = await (inProcesses ? openTwoProcesses(directory) : openTwoApps(drafted.server));
  const issuer = `http://localhost:${servers.port}`;
  // A story may say that proxies bring requests here from somewhere else.
  const settings: Settings = 'issuer' in overrides ? drafted : { ...drafted, issuer };
  const logFile = join(directory, 'log');
  await writeFile(logFile, '');
  let database = await openDatabase(settings);
  await moveIn(database.connection, settings);
  const uri = await databaseBy?.(database.connection);
  let theirs = uri === undefined ? settings : withDatabase(settings, uri);
  await servers.start(theirs, logFile);

  const shop = createShop(issuer, 'shop');

  async function stop(): Promise<void> {
    await servers.stop();
    await database.close();
  }

  return {
    issuer,
    carrier,
    settings,
    shop,
    partner: createShop(issuer, 'partner'),
    /** The story's own, beside those of the two that serve. */
    get connection() {
      return database.connection;
    },
    /** What each of the two tells Prometheus, where the story wants `metrics: { port: 0 }`. */
    metrics: () =>
      Promise.all(
        servers
          .metricsPorts()
          .map(async (port) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text()),
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
    /** Lets the clock of one of the two be off. */
    skew: (seconds: number): void => servers.skew(seconds),
    /** Waits for what requests left under way. */
    waits: (): Promise<void> => servers.tellAll('wait'),
    /** What runs beside requests, once in each of the two: events are moved on, and mails leave. */
    settles: (): Promise<void> => servers.tellAll('settle'),
    /** What the two only remember is lost, as when they are killed: no stop moves anything. */
    crashes: (): Promise<void> => servers.tellAll('forget'),
    /** As after a crash or an update: nothing survives but what the database keeps. */
    async restart(changes: Partial<Settings> = {}): Promise<void> {
      await stop();
      theirs = { ...theirs, ...changes };
      database = await openDatabase(settings);
      await servers.start(theirs, logFile);
    },
    async close(): Promise<void> {
      await database.connection.dropDatabase();
      await stop();
      await servers.close();
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
