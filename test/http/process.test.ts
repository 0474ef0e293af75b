/**
 * How a process of the product starts and ends when its surroundings are not as they should be:
 * the database comes late, holds an index that is not ours, or was another's.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { expect } from 'chai';

import { connectDatabase, type Database } from '../../src/database/connect.ts';
import { createLog } from '../../src/lib/log.ts';
import { type Line, openLine } from '../support/faulty-connection.ts';
import { startProcess } from '../support/process-pair.ts';

describe('A process of the product', () => {
  let directory: string;
  let database: Database;
  let line: Line;
  const environment = () => ({
    NODE_ENV: 'test',
    ISSUER: 'http://localhost:3000',
    DATA_DIRECTORY: directory,
    MONGODB_URI: line.uri,
    LOG_LEVEL: 'info',
  });

  /** Without a database beside it: the embedded one, in the directory. */
  const inside = () => {
    const { MONGODB_URI: _, ...rest } = environment();
    return rest;
  };

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'doorstep-process-'));
    const { log } = createLog({ level: 'silent' });
    database = await connectDatabase({ directory, log });
    line = await openLine(database.connection);
  });
  afterEach(async () => {
    line.close();
    await database.close();
    await rm(directory, { recursive: true, force: true });
  });

  it('waits for a database that comes late, and then starts (R-17)', async function () {
    this.timeout(60_000);
    await line.goAway();
    const started = startProcess(environment());
    while (started.events.filter((event) => event === 'database.missed').length < 2) {
      await pause(50);
    }
    expect(started.child.exitCode).to.equal(null);
    await line.comeBack();
    await started.untilListening();
    expect(await started.end()).to.equal(0);
  });

  it('takes the embedded database over from another one that is gone, and serves', async function () {
    this.timeout(60_000);
    await database.close();
    const first = startProcess(inside());
    await first.untilListening();
    const left = startProcess(inside());
    const port = await left.untilListening();
    const ready = async (): Promise<number> =>
      (await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined))?.status ?? 0;
    expect(await ready()).to.equal(200);
    first.child.kill('SIGKILL');
    const until = performance.now() + 5000;
    while (!left.events.includes('database.taken-over') || (await ready()) !== 200) {
      if (performance.now() > until) expect.fail('nobody took over within five seconds');
      await pause(50);
    }
    const third = startProcess(inside());
    await third.untilListening();
    expect(await left.end(), 'in an orderly way, too').to.equal(0);
    while (!third.events.includes('database.taken-over')) {
      if (performance.now() > until + 5000) expect.fail('nobody took over from that one');
      await pause(50);
    }
    expect(await third.end()).to.equal(0);
  });

  it('refuses to start on an index that is not as declared, and says so (R-48)', async function () {
    this.timeout(60_000);
    await database.connection.collection('accounts').createIndexes([{ key: { identifiers: 1 } }]);
    const started = startProcess(environment());
    const refused = await started.untilListening().catch(String);
    expect(refused).to.match(/ended with 1 after .*process\.failed$/);
  });
});
