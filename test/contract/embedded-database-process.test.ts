import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { expect } from 'chai';
import mongoose from 'mongoose';

import { startEmbeddedDatabase } from '../../src/database/embedded/index.ts';

describe('the embedded database as a process of its own', () => {
  let directory: string;
  let child: ChildProcess | undefined;

  async function start(): Promise<string> {
    child = spawn(process.execPath, ['scripts/database.ts', '--data', directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const { stdout } = child;
    if (stdout === null) throw new Error('no output');
    for await (const line of createInterface(stdout)) return line;
    throw new Error('it did not start');
  }

  async function end(signal: NodeJS.Signals): Promise<unknown> {
    if (child?.exitCode !== null || child.signalCode !== null) return undefined;
    const ended = once(child, 'exit');
    child.kill(signal);
    return (await ended)[0];
  }

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'embedded-'));
  });
  afterEach(async () => {
    await end('SIGKILL');
    await rm(directory, { recursive: true });
  });

  it('can be shared, and ends cleanly when asked to', async () => {
    const uri = await start();
    const guest = await startEmbeddedDatabase({ directory });
    expect(guest).to.include({ owner: false, uri });
    const connection = await mongoose.createConnection(guest.uri).asPromise();
    await connection.collection('things').insertOne({ a: 1 });
    await connection.close();
    expect(await end('SIGTERM')).to.equal(0);
    const next = await startEmbeddedDatabase({ directory });
    expect(next.owner).to.equal(true);
    await next.stop();
  });

  it('loses nothing that it acknowledged when it is killed', async () => {
    const connection = await mongoose
      .createConnection(await start(), { serverSelectionTimeoutMS: 100 })
      .asPromise();
    const things = connection.collection('things');
    await things.createIndexes([{ key: { n: 1 }, unique: true }], {});
    const acknowledged: number[] = [];
    let next = 0;
    const writer = async (): Promise<void> => {
      for (;;) {
        const n = next++;
        try {
          await things.insertOne({ n, text: 'x'.repeat(200) });
        } catch {
          return;
        }
        acknowledged.push(n);
        // Killed in the midst of it: other writers' inserts are under way.
        if (acknowledged.length === 300) void end('SIGKILL');
      }
    };
    await Promise.all(Array.from({ length: 8 }, writer));
    await connection.close();
    expect(acknowledged.length).to.be.at.least(300);

    const database = await startEmbeddedDatabase({ directory });
    expect(database.owner).to.equal(true);
    const again = await mongoose.createConnection(database.uri).asPromise();
    const kept = await again.collection('things').distinct('n');
    const inIndex = await again.collection('things').countDocuments({ n: { $gte: 0 } });
    await again.close();
    await database.stop();
    expect(acknowledged.filter((n) => !kept.includes(n))).to.deep.equal([]);
    expect(inIndex).to.equal(kept.length);
  });
});
