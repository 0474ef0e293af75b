/**
 * A disk that is really full under the data directory: nothing that was acknowledged is lost,
 * what is there can be read, it goes on once there is room, and a start leaves nothing behind.
 */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';
import mongoose, { type Connection } from 'mongoose';

import { ownSecrets } from '../../src/config/own-secrets.ts';
import { startEmbeddedDatabase } from '../../src/database/embedded/index.ts';
import { isDiskFull } from '../../src/lib/disk-full.ts';
import { openCommandLine } from '../support/command-line.ts';
import { openSmallDisk, type SmallDisk } from '../support/small-disk.ts';
import { failure } from '../unit/database/embedded/engine-kit.ts';

const KILOBYTE = 1024;

describe('a full disk under the data directory', () => {
  let disk: SmallDisk;
  let isThere = false;
  let directory: string;
  before(function () {
    const opened = openSmallDisk(16);
    if (!opened) this.skip();
    disk = opened;
    isThere = true;
  });
  beforeEach(() => (directory = join(disk.directory, 'data')));
  afterEach(async () => {
    disk.makeRoom();
    await rm(directory, { recursive: true, force: true });
  });
  after(() => isThere && disk.close());

  const opened = async () => {
    const database = await startEmbeddedDatabase({
      directory,
      onError: (error) => expect.fail(String(error)),
    });
    const connection = await mongoose.createConnection(database.uri).asPromise();
    return { database, connection };
  };

  const things = (connection: Connection) =>
    connection.collection<{ _id: string; text: string }>('things');
  const namesIn = async (connection: Connection): Promise<string[]> =>
    (await things(connection).find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id);

  it('refuses writes, keeps what was acknowledged, and takes more once there is room', async () => {
    const { database, connection } = await opened();
    const text = 'x'.repeat(20 * KILOBYTE);
    const acknowledged: string[] = [];
    const add = async (): Promise<void> => {
      const _id = String(acknowledged.length).padStart(4, '0');
      await things(connection).insertOne({ _id, text });
      acknowledged.push(_id);
    };
    const untilFull = async (): Promise<never> => add().then(untilFull);
    await add();
    disk.fill(500 * KILOBYTE);
    expect(await failure(untilFull())).to.include({ code: 14031 });
    expect(await namesIn(connection)).to.deep.equal(acknowledged);
    await database.sweep();

    disk.makeRoom();
    for (let times = 0; times < 5; times += 1) await add();
    await connection.close();
    await database.stop();
    const again = await opened();
    expect(await namesIn(again.connection)).to.deep.equal(acknowledged);
    await again.connection.close();
    await again.database.stop();
  });

  for (const room of [0, 12 * KILOBYTE, 24 * KILOBYTE]) {
    it(`with ${room} bytes left starts nothing, and leaves nothing of its try`, async () => {
      await mkdir(directory, { mode: 0o700 });
      disk.fill(room);
      expect(isDiskFull(await failure(startEmbeddedDatabase({ directory })))).to.equal(true);
      const left = await readdir(directory);
      expect(left.filter((name) => !/^database\.sqlite(-wal)?$/.test(name))).to.deep.equal([]);
      disk.makeRoom();
      const { database, connection } = await opened();
      await connection.close();
      await database.stop();
    });
  }

  it('takes no half of the secrets that are made at the first start', async () => {
    await mkdir(directory);
    disk.fill();
    expect(isDiskFull(await failure(ownSecrets(directory)))).to.equal(true);
    expect(await readdir(directory)).to.deep.equal([]);
    disk.makeRoom();
    expect(await ownSecrets(directory)).to.include.keys('cookieKeys');
  });

  it('ends a command with one line, keeps what it did, and lets it be run again', async () => {
    const line = await openCommandLine({ DATA_DIRECTORY: directory });
    try {
      const file = join(line.directory, 'people.jsonl');
      const people = Array.from({ length: 1500 }, (_, at) => `{"username":"person-${at}"}`);
      await writeFile(file, people.join('\n'));
      await line.doorstep('accounts', 'create', 'grace');
      disk.fill(1000 * KILOBYTE);
      const said = await line.refused('accounts', 'import', file);
      expect(said).to.match(/^The disk is full \(.*\)\. Make room and run it again; .*\n$/);
      disk.makeRoom();
      expect(await line.doorstep('accounts', 'import', file)).to.match(
        /^\d+ added, 0 updated, \d+ there already, 0 refused/,
      );
      expect(await line.doorstep('check')).to.contain('All well');
    } finally {
      await line.close();
    }
  });
});
