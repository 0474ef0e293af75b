/**
 * Two processes of the product behind a proxy, as somebody installs them: people, apps and policy
 * come by the command line, and all that is known of the processes is what they say of themselves.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { hash } from '@node-rs/argon2';

import { freePort, openProgram } from './clients.ts';
import { type CommandLine, openCommandLine } from './command-line.ts';
import { people } from './people.ts';
import { openProxy, type ProxyName, settingsBehind } from './proxies.ts';
import { createShop } from './shop.ts';

const main = join(import.meta.dirname, '../../src/main.ts');

export type BehindProxy = Awaited<ReturnType<typeof openBehind>>;

/** Whoever opened it closes it. */
export async function openBehind(name: ProxyName) {
  const port = await freePort();
  const issuer = `http://localhost:${port}`;
  const { directory, doorstep, close } = await openCommandLine({ ISSUER: issuer });
  const secret = await moveIn(directory, doorstep);
  const settings = join(directory, 'settings.yaml');
  await writeFile(settings, await settingsBehind());
  const environment = {
    NODE_ENV: 'test',
    ISSUER: issuer,
    DATA_DIRECTORY: directory,
    DOORSTEP_CONFIG: settings,
  };
  const places = [await freePlace(), await freePlace()] as const;
  // One after the other: the first owns the database, the second finds it.
  const first = await openProcess(places[0], environment);
  let second = await openProcess(places[1], environment);
  const ports = places.map((place) => place.port);
  const proxy = await openProxy(name, { directory, port, ports });

  return {
    issuer,
    doorstep,
    shop: createShop(issuer, 'shop', secret),
    /** What each was asked so far: the status, once for each route and method. */
    asked: () => Promise.all(places.map(askedAt)),
    killSecond: () => second.close(),
    /** Ends by itself. */
    stopSecond: () => second.stop(),
    async startSecond(): Promise<void> {
      second = await openProcess(places[1], environment);
    },
    async close(): Promise<void> {
      for (const each of [proxy, second, first]) await each.close();
      await close();
    },
  };
}

/** By the command line; returns the secret of the shop. */
async function moveIn(directory: string, doorstep: CommandLine['doorstep']): Promise<string> {
  const { ada, cleo } = people;
  const lines = await Promise.all(
    [
      { ...ada, totp: [{ secret: ada.seed }] },
      { ...cleo, totp: [] },
    ].map(async ({ username, name, email, password, totp }) =>
      JSON.stringify({ username, name, email, passwordHash: await hash(password), totp }),
    ),
  );
  const file = join(directory, 'people.jsonl');
  await writeFile(file, lines.map((line) => `${line}\n`).join(''));
  await doorstep('accounts', 'import', file);
  await doorstep('policy', 'set', 'twoSteps', 'when-asked', '--reason', 'a test of clients');
  const shop = 'http://127.0.0.1:4999/shop';
  const addresses = ['--redirect-uri', `${shop}/back`, '--sign-out-uri', `${shop}/bye`];
  const said = await doorstep('clients', 'create', 'shop', '--first-party', ...addresses);
  return /shown this once\): (\S+)/.exec(said)?.[1] ?? '';
}

interface Place {
  readonly port: number;
  readonly metricsPort: number;
}

const freePlace = async (): Promise<Place> => ({
  port: await freePort(),
  metricsPort: await freePort(),
});

const openProcess = ({ port, metricsPort }: Place, environment: Readonly<Record<string, string>>) =>
  openProgram({
    command: [process.execPath, main],
    environment: {
      ...environment,
      HOSTS: '127.0.0.1',
      PORT: String(port),
      METRICS_PORT: String(metricsPort),
    },
    readyAt: `http://127.0.0.1:${port}/readyz`,
  });

async function askedAt({ metricsPort }: Place): Promise<string[]> {
  const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const counts = metrics.match(/^doorstep_http_request_seconds_count\{.*$/gm) ?? [];
  return counts
    .filter((line) => !line.includes('route="/readyz"'))
    .map((line) => /status="(\d+)"/.exec(line)?.[1] ?? '');
}
