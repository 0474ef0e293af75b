/**
 * Two processes of the product on one database, with a door in front that sends every request
 * to the other one than the last: whatever lived in one process's memory would be missed.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { loadSettings } from '../../src/config/load.ts';
import { connectDatabase } from '../../src/database/connect.ts';
import { createLog } from '../../src/lib/log.ts';
import { openCarrier } from './carrier.ts';
import { databaseOfItsOwn } from './database.ts';
import { moveIn } from './move-in.ts';
import { people, type PersonName } from './people.ts';
import { createShop } from './shop.ts';
import { createVisitor } from './visitor.ts';

const main = resolve(import.meta.dirname, '../../src/main.ts');

export async function openPair() {
  const directory = await mkdtemp(join(tmpdir(), 'doorstep-pair-'));
  const carrier = await openCarrier();
  const ports: number[] = [];
  let turn = 0;
  const front = createServer((request, response) => {
    const port = ports[(turn += 1) % ports.length];
    const { method, url: path, headers } = request;
    const onward = forward({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.writeHead(502).end());
    request.pipe(onward);
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
  };
  const settings = await loadSettings({ environment });
  // One after the other: the first owns the embedded database, the second uses its socket.
  const children = [await start(), await start()];
  const { log } = createLog({ level: 'silent' });
  const database = await connectDatabase({ ...settings.database, log });
  await moveIn(database.connection, settings);

  async function start(): Promise<ChildProcess> {
    const child = spawn(process.execPath, [main], {
      env: { ...environment, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const chunk of child.stdout) {
      const started = /"port":(\d+).*"server\.started"/.exec(String(chunk));
      if (started) ports.push(Number(started[1]));
      if (started) break;
    }
    // What it still says must not fill the pipe.
    child.stdout.resume();
    return child;
  }

  return {
    carrier,
    shop: createShop(issuer, 'shop'),
    visitor: (name: PersonName) => createVisitor(issuer, people[name]),
    /** Ends both, and returns how they ended. */
    async close(): Promise<(number | null)[]> {
      await database.connection.dropDatabase();
      await database.close();
      // The owner of the database last.
      const codes: (number | null)[] = [];
      for (const child of children.toReversed()) {
        child.kill('SIGTERM');
        if (child.exitCode === null) await once(child, 'exit');
        codes.push(child.exitCode);
      }
      front.closeAllConnections();
      front.close();
      await carrier.close();
      await rm(directory, { recursive: true, force: true });
      return codes;
    },
  };
}
