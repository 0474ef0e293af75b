/**
 * how slow this machine is now. 200 password hashes one after the other and 2,000 empty
 * requests, against what they took where the figures come from.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { createPasswordHasher } from '../../src/credentials/password-hasher.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { openAgent } from '../bench/agent.ts';

const HASHES = 200;
const REQUESTS = 2_000;
const HASH_MS = 25;
const REQUEST_MS = 2;
const MOST = 4;
/** As passwords are hashed by default. */
const PRICE = { memoryKiB: 19_456, passes: 2, parallelism: 1, atOnce: 1, mostWaiting: 1 };

export interface Calibration {
  readonly hashMs: number;
  readonly requestMs: number;
  /** The slower of the two, from 1 to 4. */
  readonly factor: number;
}

export async function calibrate(): Promise<Calibration> {
  const hasher = createPasswordHasher(PRICE, systemClock);
  const hashMs = await each(HASHES, () => hasher.hash('a password of no account'));

  const server = createServer((_request, response) => response.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const agent = openAgent({ ports: [port], host: 'localhost' });
  const requestMs = await each(REQUESTS, () => agent.ask({ path: '/' }));
  agent.close();
  server.close();

  const slower = Math.max(hashMs / HASH_MS, requestMs / REQUEST_MS);
  return { hashMs, requestMs, factor: Math.min(MOST, Math.max(1, slower)) };
}

async function each(times: number, task: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  for (let done = 0; done < times; done += 1) await task();
  return (performance.now() - begun) / times;
}
