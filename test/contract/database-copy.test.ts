/**
 * npm run database:export and database:import: what comes back is what went, byte for byte.
 */
import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { Binary, Double, Long, MaxKey, MinKey, ObjectId, UUID } from 'bson';
import { expect } from 'chai';
import mongoose from 'mongoose';
import type { Connection } from 'mongoose';

import { exportDatabase } from '../../scripts/database-copy/export.ts';
import { importDatabase } from '../../scripts/database-copy/import.ts';
import { startEmbeddedDatabase } from '../../src/database/embedded/index.ts';
import { failure } from '../unit/database/embedded/engine-kit.ts';

const everything = [
  { _id: 'numbers', i: 1, d: new Double(1), z: new Double(-0), n: NaN, inf: -Infinity },
  { _id: 'large', l: Long.fromNumber(5), m: Long.MAX_VALUE, f: 0.1, e: 5e-324, w: 2 ** 53 },
  { _id: 'texts', text: 'ä "\\\u2028\n\0 😀', empty: '', b: true, none: null },
  { _id: 'bytes', b: new Binary(Buffer.from([0, 255])), u: new UUID(), o: new ObjectId() },
  { _id: 'dates', old: new Date(-1), far: new Date(8.64e15), min: new MinKey(), max: new MaxKey() },
  { _id: 'nested', a: [[], {}, [{ b: [null] }]], o: { '': 1, 'with.dot': { z: 1, a: 2 } } },
  ...Array.from({ length: 1200 }, (_, n) => ({ _id: `many-${n}`, n, text: 'x'.repeat(n % 50) })),
];

const raws = async (connection: Connection, name: string): Promise<string[]> => {
  const documents = connection.collection(name).find({}, { raw: true, sort: { _id: 1 } });
  return (await documents.toArray()).map((raw) => (raw as unknown as Buffer).toString('hex'));
};

describe('a copy of a database', () => {
  let folder: string;
  const ends: (() => Promise<unknown>)[] = [];

  async function database(name: string): Promise<Connection> {
    const directory = join(folder, name);
    const embedded = await startEmbeddedDatabase({ directory });
    const connection = await mongoose
      .createConnection(embedded.uri, { dbName: 'doorstep' })
      .asPromise();
    ends.unshift(
      () => connection.close(),
      () => embedded.stop(),
    );
    return connection;
  }
  const out = async ({ db }: Connection) => exportDatabase(db ?? expect.fail(), copy());
  const back = async ({ db }: Connection) => importDatabase(db ?? expect.fail(), copy());
  const copy = (file = ''): string => join(folder, 'copy', file);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'database-copy-'));
  });
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
    await rm(folder, { recursive: true });
  });

  async function filled(): Promise<Connection> {
    const source = await database('source');
    await source.collection('things').insertMany(everything as never[]);
    const indexes = [
      {
        key: { n: 1, text: -1 },
        name: 'n',
        unique: true,
        partialFilterExpression: { n: { $gt: 5 } },
      },
      { key: { endsAt: 1 }, name: 'ttl', expireAfterSeconds: 60 },
    ] as const;
    await source.collection('things').createIndexes([...indexes], {});
    await source.collection('odd/name').insertOne({ _id: 1 } as never);
    return source;
  }

  it('comes back as it went, indexes and all, in one go or in two', async () => {
    const source = await filled();
    expect((await out(source)).things).to.include({ documents: everything.length });
    const target = await database('target');
    // As after an import that was interrupted.
    await target.collection('things').insertMany(everything.slice(3, 40) as never[]);
    const there = everything.length - 37;
    expect((await back(target)).get('things')).to.deep.equal({ added: there, present: 37 });
    for (const name of ['things', 'odd/name']) {
      expect(await raws(target, name)).to.deep.equal(await raws(source, name));
      const indexes = await source.collection(name).indexes();
      expect(await target.collection(name).indexes()).to.deep.equal(indexes);
    }
    expect((await back(target)).get('things')).to.include({ added: 0 });
  });

  it('is for its owner only, and can be made anew over an earlier one', async () => {
    const source = await filled();
    await out(source);
    await source.collection('things').deleteMany({});
    expect((await out(source)).things).to.include({ documents: 0 });
    expect(await readdir(copy())).to.have.members([
      'contents.json',
      'odd%2Fname.jsonl',
      'things.jsonl',
    ]);
    expect((await stat(copy('things.jsonl'))).mode & 0o777).to.equal(0o600);
    expect((await stat(copy())).mode & 0o777).to.equal(0o700);
  });

  for (const document of [
    { _id: 'x', b: 1, 2: 'comes first in JavaScript' },
    { _id: 'x', a: { $numberInt: '1' } },
  ]) {
    it(`is refused where it would not be exact: ${JSON.stringify(document)}`, async () => {
      const source = await database('source');
      // By map, as JavaScript would have ordered it already.
      const fields = Object.entries(document).sort(([a], [b]) => (a > b ? -1 : 1));
      await source.collection('things').insertOne(new Map<string, unknown>(fields));
      const error = await failure(out(source));
      expect(error.message).to.match(/things has a document .*_id "x"/);
      expect(await failure(back(source))).to.have.property('name', 'Error');
    });
  }

  const mistakes: readonly (readonly [string, () => Promise<void>, RegExp])[] = [
    [
      'a line that is no JSON',
      () => appendFile(copy('things.jsonl'), '{"_id":'),
      /jsonl, line 1207: /,
    ],
    [
      'a line without an _id',
      () => appendFile(copy('things.jsonl'), '{"a":1}\n'),
      /jsonl, line 1207: not a document/,
    ],
    [
      'a file that was cut off',
      async () => {
        const text = await readFile(copy('things.jsonl'), 'utf8');
        await writeFile(copy('things.jsonl'), text.split('\n').slice(0, 100).join('\n'));
      },
      /things.jsonl has 100 documents; the copy had 1206/,
    ],
    ['a missing file', () => rm(copy('things.jsonl')), /ENOENT.*things.jsonl/],
    ['a missing list', () => rm(copy('contents.json')), /no complete copy is in this folder/],
    [
      'a list that is something else',
      () => writeFile(copy('contents.json'), '{"things":{}}'),
      /contents.json is not what an export writes/,
    ],
  ];
  for (const [title, spoil, message] of mistakes) {
    it(`says where it is wrong: ${title}`, async () => {
      const source = await filled();
      await out(source);
      await spoil();
      expect((await failure(back(source))).message).to.match(message);
    });
  }

  it('overwrites nothing, and says which line is in the way', async () => {
    const source = await filled();
    await out(source);
    await source.collection('things').updateOne({ _id: 'large' } as never, { $set: { f: 0.2 } });
    expect((await failure(back(source))).message).to.match(
      /things.jsonl, line 3: another document with this _id is there already/,
    );
    expect(await source.collection('things').countDocuments({ f: 0.2 })).to.equal(1);
  });

  // Two whole processes, one after the other.
  it('is made and brought back by two commands', async () => {
    const run = async (script: string, directory: string) => {
      const env = { NODE_ENV: 'test', DATA_DIRECTORY: join(folder, directory) };
      const command = `scripts/database-${script}.ts`;
      return promisify(execFile)(process.execPath, [command, copy()], { env });
    };
    const source = await filled();
    // We have it open, as a running service would.
    const went = await run('export', 'source');
    expect(went.stdout).to.match(/^things +1206 documents$/m);
    expect(went.stderr).to.contain('Stop it first');
    const came = await run('import', 'target');
    expect(came.stdout).to.match(/^things +1206 added +0 were there$/m);
    expect(came.stderr).to.equal('');
    const target = await database('target');
    expect(await raws(target, 'things')).to.deep.equal(await raws(source, 'things'));
  }).timeout(60_000);
});
