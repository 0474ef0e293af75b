import { mkdir, mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { expect } from 'chai';
import mongoose from 'mongoose';
import type { Connection } from 'mongoose';

import { startEmbeddedDatabase } from '../../src/database/embedded/index.ts';
import type { EmbeddedDatabase } from '../../src/database/embedded/index.ts';
import { failure } from '../unit/database/embedded/engine-kit.ts';

const open = async ({ uri }: EmbeddedDatabase): Promise<Connection> =>
  mongoose.createConnection(uri).asPromise();

describe('the embedded database’s directory', () => {
  let directory: string;
  beforeEach(async () => {
    directory = join(await mkdtemp(join(tmpdir(), 'embedded-')), 'data');
  });
  afterEach(() => rm(join(directory, '..'), { recursive: true }));

  const names = async (database: EmbeddedDatabase): Promise<string[]> => {
    const connection = await open(database);
    const found = await connection.collection('things').find().sort({ _id: 1 }).toArray();
    await connection.close();
    return found.map(({ _id }) => String(_id));
  };
  const add = async (database: EmbeddedDatabase, name: string): Promise<void> => {
    const connection = await open(database);
    await connection.collection('things').insertOne({ _id: name } as never);
    await connection.close();
  };

  it('is private', async () => {
    const database = await startEmbeddedDatabase({ directory });
    expect((await stat(directory)).mode & 0o777).to.equal(0o700);
    for (const name of ['owner.json', 'database.sqlite', 'database.sqlite-wal']) {
      expect((await stat(join(directory, name))).mode & 0o777, name).to.equal(0o600);
    }
    await database.stop();
  });

  it('has its socket elsewhere where others may enter', async () => {
    await mkdir(directory, { mode: 0o755 });
    const owner = await startEmbeddedDatabase({ directory });
    const [socket = ''] = decodeURIComponent(owner.uri.slice('mongodb://'.length)).split('/?');
    expect(dirname(socket)).not.to.equal(directory);
    expect((await stat(dirname(socket))).mode & 0o777).to.equal(0o700);
    await owner.stop();
    expect(await failure(stat(dirname(socket)))).to.include({ code: 'ENOENT' });
  });

  it('keeps its data, indexes and what they know of arrays from one start to the next', async () => {
    const first = await startEmbeddedDatabase({ directory });
    const before = await open(first);
    await before.collection('things').createIndexes([{ key: { a: 1, b: 1 }, unique: true }], {});
    await before.collection('things').insertOne({ _id: 'x', a: [{ n: 1 }, 5], b: 1 } as never);
    await before.close();
    await first.stop();

    const second = await startEmbeddedDatabase({ directory });
    const after = await open(second);
    const things = after.collection('things');
    expect(await things.find({ a: { $gt: 4, $lt: 6 } }).toArray()).to.have.length(1);
    const error = await failure(things.insertOne({ _id: 'y', a: 5, b: 1 } as never));
    expect(error.code).to.equal(11000);
    await after.close();
    await second.stop();
  });

  it('leads whoever comes second to its owner, and is free again afterwards', async () => {
    const owner = await startEmbeddedDatabase({ directory });
    const guest = await startEmbeddedDatabase({ directory });
    expect([owner.owner, guest.owner]).to.deep.equal([true, false]);
    await add(guest, 'by guest');
    await guest.stop();
    expect(await names(owner)).to.deep.equal(['by guest']);
    await owner.stop();
    const next = await startEmbeddedDatabase({ directory });
    expect(next.owner).to.equal(true);
    expect(await names(next)).to.deep.equal(['by guest']);
    await next.stop();
  });

  it('is waited for where a command has it, that ends soon', async () => {
    const command = await startEmbeddedDatabase({ directory, isBrief: true });
    const service = startEmbeddedDatabase({ directory });
    await add(command, 'by command');
    await command.stop();
    expect(await service).to.include({ owner: true });
    expect(await names(await service)).to.deep.equal(['by command']);
    await (await service).stop();
  });

  it('says who has it, if that one does not answer', async () => {
    const owner = await startEmbeddedDatabase({ directory });
    await owner.stop();
    const db = new DatabaseSync(file());
    db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    await writeFile(join(directory, 'owner.json'), JSON.stringify({ pid: 4711, address: 'none' }));
    const error = await failure(startEmbeddedDatabase({ directory, patienceMs: 0 }));
    expect(error.message).to.match(/data is in use by a process that does not answer: 4711/);
    db.close();
    const next = await startEmbeddedDatabase({ directory });
    expect(next.owner).to.equal(true);
    await next.stop();
  });

  it('has one owner, however many start at once', async () => {
    const all = await Promise.all(
      Array.from({ length: 5 }, () => startEmbeddedDatabase({ directory })),
    );
    expect(all.filter(({ owner }) => owner)).to.have.length(1);
    expect(new Set(all.map(({ uri }) => uri)).size).to.equal(1);
    await Promise.all(all.map((database) => database.stop()));
  });

  it('may have a path too long for a socket', async () => {
    const long = join(directory, 'x'.repeat(100));
    const owner = await startEmbeddedDatabase({ directory: long });
    const guest = await startEmbeddedDatabase({ directory: long });
    await add(guest, 'far away');
    expect(await names(owner)).to.deep.equal(['far away']);
    await owner.stop();
  });

  it('does not mind a note or a socket that a killed owner left', async () => {
    const first = await startEmbeddedDatabase({ directory });
    await first.stop();
    await writeFile(
      join(directory, 'owner.json'),
      JSON.stringify({ pid: 1, address: join(directory, 'database.sock') }),
    );
    await writeFile(join(directory, 'database.sock'), '');
    const second = await startEmbeddedDatabase({ directory });
    expect(second.owner).to.equal(true);
    expect(await names(second)).to.deep.equal([]);
    await second.stop();
  });

  const file = () => join(directory, 'database.sqlite');
  const setPragma = (pragma: string): void => {
    const db = new DatabaseSync(file());
    db.exec(`PRAGMA ${pragma}`);
    db.close();
  };
  const cutOff = async (bytes: number) => truncate(file(), (await stat(file())).size - bytes);
  const damages: Readonly<Record<string, readonly [() => Promise<void> | void, RegExp]>> = {
    'a file that was cut off early': [() => truncate(file(), 10_000), /is damaged/],
    'a file without its last page': [() => cutOff(4096), /is damaged/],
    'a file without its last byte': [() => cutOff(1), /is damaged: its last page is cut off/],
    'a file without anything': [() => truncate(file(), 0), /is damaged: empty/],
    'a log without its file': [
      async () => {
        await rm(file());
        await writeFile(`${file()}-wal`, 'x');
      },
      /is gone, but its log/,
    ],
    'a directory that is a file': [
      async () => {
        await rm(directory, { recursive: true });
        await writeFile(directory, '');
      },
      /EEXIST.*data/,
    ],
    'a file that is something else': [() => writeFile(file(), 'x'.repeat(10_000)), /is damaged/],
    'another application’s file': [
      () => setPragma('application_id = 7'),
      /not a file of the embedded database/,
    ],
    'a file of a newer version': [
      () => setPragma('user_version = 99'),
      /newer version \(format 99/,
    ],
  };
  for (const [title, [damage, message]] of Object.entries(damages)) {
    it(`explains why it cannot use ${title}`, async () => {
      const database = await startEmbeddedDatabase({ directory });
      await add(database, 'x');
      await database.stop();
      await damage();
      const error = await failure(startEmbeddedDatabase({ directory }));
      expect(error.message).to.match(message);
    });
  }
});
