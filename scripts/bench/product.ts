/**
 * The product as it is installed: real processes on loopback, with production's settings,
 * behind the bench as their TLS proxy. Everything lives in one folder that is removed at
 * the end.
 */
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { stringify } from 'yaml';

import { loadSettings } from '../../src/config/load.ts';
import { makeSecrets } from '../../src/config/own-secrets.ts';
import type { Settings } from '../../src/config/schema.ts';
import { openAgent } from './agent.ts';
import { type Program, startProgram } from './program.ts';

export interface Wanted {
  readonly processes: number;
  /** Whether the embedded database runs in the first process or in one of its own. */
  readonly database: 'inside' | 'beside';
  /** A hash as production demands it, or one of about a millisecond, to see all the rest. */
  readonly hash: 'real' | 'cheap';
  /** Whether /metrics is on. */
  readonly metrics: boolean;
  /** What its settings say besides, by section. */
  readonly settings?: Readonly<Record<string, object>>;
  /** For the IdP processes, such as --cpu-prof. */
  readonly nodeOptions?: readonly string[];
}

export interface Idp extends Program {
  readonly port: number;
  readonly metricsPort: number;
  /** From its start to the first good answer of discovery. */
  readonly startedInMs: number;
}

export type Product = Awaited<ReturnType<typeof openProduct>>;

export const ISSUER = 'https://id.doorstep.internal';
export const HOST = new URL(ISSUER).host;

const root = resolve(import.meta.dirname, '../..');
/** What start:production gives to Node. */
const asInstalled = ['--max-semi-space-size=16', '--import', join(root, 'src/need-node-24.js')];
const DISCOVERY = '/.well-known/openid-configuration';
/** Patient, because a start is measured, not judged. */
const START_WITHIN_MS = 300_000;
const LOOK_EVERY_MS = 5;
const CHEAP = { memoryKiB: 64, passes: 1 };

export async function openProduct(wanted: Wanted) {
  const directory = await mkdtemp(join(tmpdir(), 'doorstep-bench-'));
  const base = await environmentIn(directory, wanted);
  const database = wanted.database === 'beside' ? await startDatabase(directory) : undefined;
  const environment = database
    ? { ...base, MONGODB_URI: database.uri }
    : { ...base, EMBEDDED_DATABASE: 'true' };
  const idps: Idp[] = [];
  await addIdps();

  return {
    idps,
    database: database?.program,
    /** Commands so far that looked at every document: their names and namespaces. */
    scans: database?.scans ?? [],
    settings: await settingsOf(environment),
    directory,
    /** Stops all IdP processes and starts as many anew, on the same data. */
    async restart(): Promise<void> {
      await stopIdps();
      await addIdps();
    },
    stop,
  };

  /** One after the other: the first owns an embedded database, the second uses its socket. */
  async function addIdps(): Promise<void> {
    try {
      while (idps.length < wanted.processes) idps.push(await startIdp(environment, wanted));
    } catch (error) {
      await stop();
      throw error;
    }
  }

  async function stop(): Promise<void> {
    await stopIdps();
    await database?.program.stop();
    await rm(directory, { recursive: true, force: true });
  }

  /** The owner of the database last. */
  async function stopIdps(): Promise<void> {
    for (const idp of idps.splice(0).reverse()) await idp.stop();
  }
}

const settingsOf = (environment: Readonly<Record<string, string>>): Promise<Settings> =>
  loadSettings({ environment });

/** Settings in files, as an installation has them. */
async function environmentIn(directory: string, { hash, metrics, settings }: Wanted) {
  const secrets = await makeSecrets();
  const config = join(directory, 'doorstep.yaml');
  const jwks = join(directory, 'jwks.json');
  await writeFile(jwks, JSON.stringify(secrets.jwks));
  await writeFile(
    config,
    stringify({
      ...settings,
      server: { hosts: ['127.0.0.1'], ...settings?.server },
      ...(hash === 'cheap' && { passwords: CHEAP }),
    }),
  );
  return {
    // Production refuses a hash that is cheap; nothing else depends on the environment but
    // what test.yaml says, and that is said again here.
    NODE_ENV: hash === 'cheap' ? 'test' : 'production',
    DOORSTEP_CONFIG: config,
    DATA_DIRECTORY: join(directory, 'data'),
    ISSUER,
    LOG_LEVEL: 'info',
    COOKIE_KEYS: secrets.cookieKeys.join(','),
    ENCRYPTION_KEYS: secrets.encryptionKeys.join(','),
    JWKS_FILE: jwks,
    ...(metrics && { METRICS_PORT: '0' }),
  };
}

async function startDatabase(directory: string) {
  const program = startProgram({
    name: 'the database',
    command: [join(root, 'scripts/database.ts'), '--data', join(directory, 'data'), '--tell-scans'],
    environment: {},
  });
  const scans: string[] = [];
  program.onLine((line) => {
    if (line.startsWith('scan ')) scans.push(line.slice('scan '.length));
  });
  const [uri] = await program.line(/^mongodb:\S+/);
  return { program, uri, scans };
}

async function startIdp(
  environment: Readonly<Record<string, string>>,
  { nodeOptions = [], metrics }: Wanted,
): Promise<Idp> {
  const port = await freePort();
  const metricsPort = metrics ? await freePort() : 0;
  const begun = performance.now();
  const program = startProgram({
    name: 'an IdP process',
    command: [...asInstalled, ...nodeOptions, join(root, 'src/main.ts')],
    environment: {
      ...environment,
      PORT: String(port),
      ...(metrics && { METRICS_PORT: String(metricsPort) }),
    },
  });
  try {
    await untilDiscovery(port);
  } catch (error) {
    await program.stop();
    throw error;
  }
  return { ...program, port, metricsPort, startedInMs: performance.now() - begun };
}

async function untilDiscovery(port: number): Promise<void> {
  const agent = openAgent({ ports: [port], host: HOST });
  const deadline = performance.now() + START_WITHIN_MS;
  try {
    while ((await agent.ask({ path: DISCOVERY }).catch(() => undefined))?.status !== 200) {
      if (performance.now() > deadline) throw new Error('an IdP process did not start');
      await pause(LOOK_EVERY_MS);
    }
  } finally {
    agent.close();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
