import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { expect } from 'chai';
import mongoose from 'mongoose';
import type { Connection } from 'mongoose';

import { startEmbeddedDatabase } from '../../src/database/embedded/index.ts';

/** In full, 200 of them: `npm run soak -- kills`. */
const rounds = Number(process.env.KILL_ROUNDS ?? 5);

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
    await guest.stop();
    expect(await end('SIGTERM')).to.equal(0);
    const next = await startEmbeddedDatabase({ directory });
    expect(next.owner).to.equal(true);
    await next.stop();
  });

  describe('gone, however it went,', () => {
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      it(`leaves it to one of those that are left, at the same address (${signal})`, async () => {
        const uri = await start();
        const tookOver: number[] = [];
        const guests = await Promise.all(
          [0, 1, 2].map((index) =>
            startEmbeddedDatabase({ directory, onTakeover: () => tookOver.push(index) }),
          ),
        );
        const connections = await Promise.all(guests.map((guest) => open(guest.uri)));
        const [first = expect.fail()] = connections;
        const told = await write(uri, 100, () => void end(signal));
        await untilWritten(first);
        expect(tookOver).to.have.length(1);
        expect(guests.filter(({ owner }) => owner)).to.have.length(1);
        await check(first, told);

        const [index = 0] = tookOver;
        await guests[index]?.stop();
        for (const connection of connections) await untilWritten(connection);
        expect(tookOver, 'and so on').to.have.length(2);
        await Promise.all(connections.map((connection) => connection.close()));
        await Promise.all(guests.map((guest) => guest.stop()));
        const next = await startEmbeddedDatabase({ directory });
        expect(next).to.include({ owner: true, uri });
        await next.stop();
      });
    }
  });

  describe('killed in the midst of writing', () => {
    let acknowledged = 0;

    for (let round = 1; round <= rounds; round++) {
      it(`has lost nothing that it acknowledged (round ${round})`, async () => {
        const killer = () => void end('SIGKILL');
        const before = await write(await start(), 50 + ((round * 37) % 300), killer);
        acknowledged += before.inserted.length;
        // The lock went with its process; the note and the socket that it left mislead nobody.
        const connection = await open(await start());
        await check(connection, before);
        await connection.close();
      });
    }

    after(() => expect(acknowledged).to.be.above(rounds * 50));
  });
});

/** What clients were told. */
interface Told {
  readonly inserted: number[];
  /** By counter, how far it was moved on. */
  readonly counted: Map<string, number>;
}

const open = (uri: string): Promise<Connection> =>
  mongoose.createConnection(uri, { serverSelectionTimeoutMS: 500 }).asPromise();

/** Drivers look for a server that is gone all the time: as soon as there is one again, they write. */
async function untilWritten(connection: Connection): Promise<void> {
  const until = performance.now() + 5000;
  for (;;) {
    try {
      await connection.collection('marks').insertOne({});
      return;
    } catch (error) {
      if (performance.now() > until) throw error;
    }
  }
}

/** Eight writers, each in a loop of its own; ends when the database has gone, or somewhat later. */
async function write(uri: string, killAfter: number, kill: () => void): Promise<Told> {
  const connection = await open(uri);
  const [things, counters] = [connection.collection('things'), connection.collection('counters')];
  await things.createIndexes([{ key: { n: 1 }, unique: true }], {});
  const told: Told = { inserted: [], counted: new Map() };
  let next = 0;
  const writer = async (name: string): Promise<void> => {
    await counters.updateOne({ name }, { $set: { count: 0 } }, { upsert: true });
    for (let count = 0; next < killAfter + 1000; count++) {
      const n = next++;
      await things.insertOne({ n, text: 'x'.repeat(200) });
      // The other writers' commands are under way, and some of them in the same transaction.
      if (told.inserted.push(n) === killAfter) kill();
      await counters.findOneAndUpdate({ name, count }, { $inc: { count: 1 } });
      told.counted.set(name, count + 1);
    }
  };
  await Promise.allSettled(Array.from({ length: 8 }, (_, index) => writer(`writer ${index}`)));
  await connection.close();
  return told;
}

async function check(connection: Connection, { inserted, counted }: Told): Promise<void> {
  const things = connection.collection('things');
  const kept = new Set(await things.distinct('n', {}));
  expect(inserted.filter((n) => !kept.has(n))).to.deep.equal([]);
  expect(await things.countDocuments({ n: { $gte: 0 } }), 'in the index').to.equal(kept.size);
  for (const [name, count] of counted) {
    const counter = await connection.collection('counters').findOne({ name });
    // One more may have been moved on without an answer.
    expect(counter?.count, name).to.be.within(count, count + 1);
  }
}
