/**
 * DocumentDB on PostgreSQL behind FerretDB, on free ports of the loopback interface. Each
 * start begins with an empty database, and nothing of it is left when it has ended.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';

import type { Installed } from './install.ts';
import { startServer } from './server.ts';

export interface Engine {
  readonly uri: string;
  /** Settles when one of its servers has ended, with why. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

const script = join(import.meta.dirname, 'postgresql.sh');
/** Mounts, processes and shared memory of its own, all of which die with the first process. */
const namespaces = ['unshare', '--mount', '--pid', '--ipc', '--fork', '--kill-child'];

export async function startEngine({ debian, ferretdb }: Installed): Promise<Engine> {
  const port = await freePort();
  const postgresql = await startServer([...namespaces, script, debian, String(port)], /^ready$/);
  const gateway = await startServer(
    [
      ferretdb,
      `--postgresql-url=postgres://postgres@127.0.0.1:${port}/postgres`,
      '--listen-addr=127.0.0.1:0',
      '--no-auth',
      '--telemetry=disable',
      '--debug-addr=-',
      `--state-dir=${dirname(ferretdb)}`,
    ],
    /Listening on TCP (127\.0\.0\.1:\d+)/,
  ).catch(async (error: unknown) => {
    await postgresql.stop();
    throw error;
  });
  return {
    uri: `mongodb://${gateway.ready}/`,
    ended: Promise.race([gateway.ended, postgresql.ended]),
    async stop() {
      await gateway.stop();
      await postgresql.stop();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
