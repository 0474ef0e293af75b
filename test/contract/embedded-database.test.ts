import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';
import mongoose, { Schema } from 'mongoose';
import type { Connection, Model } from 'mongoose';

import { startEmbeddedDatabase } from '../../src/database/embedded/index.ts';
import type { EmbeddedDatabase } from '../../src/database/embedded/index.ts';
import { failure } from '../unit/database/embedded/engine-kit.ts';

interface Account {
  readonly _id: string;
  readonly email?: string;
  readonly logins: number;
  readonly tags: readonly string[];
  readonly picture?: Buffer;
  readonly endsAt?: Date;
}

const schema = new Schema(
  {
    _id: String,
    email: String,
    logins: Number,
    tags: [String],
    picture: Buffer,
    endsAt: Date,
  },
  { minimize: false },
)
  .index({ email: 1 }, { unique: true, sparse: true })
  .index({ tags: 1, logins: -1 })
  .index({ endsAt: 1 }, { expireAfterSeconds: 0 });

let now = new Date('2026-01-01T00:00:00Z');
const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);

async function open({ uri }: Pick<EmbeddedDatabase, 'uri'>): Promise<Connection> {
  return mongoose
    .createConnection(uri, {
      dbName: 'house',
      autoCreate: false,
      autoIndex: false,
      promoteBuffers: true,
    })
    .asPromise();
}

describe('the embedded database, through mongoose', () => {
  let directory: string;
  let database: EmbeddedDatabase;
  let connection: Connection;
  let accounts: Model<Account>;
  const errors: unknown[] = [];
  const scans: string[] = [];

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'embedded-'));
    database = await startEmbeddedDatabase({
      directory,
      clock: () => now,
      onScan: (command, namespace) => scans.push(`${command} ${namespace}`),
      onError: (error) => errors.push(error),
    });
    connection = await open(database);
    accounts = connection.model('Account', schema) as unknown as Model<Account>;
    await accounts.createIndexes();
  });

  beforeEach(() => accounts.deleteMany({}));

  after(async () => {
    await connection.close();
    await database.stop();
    await rm(directory, { recursive: true });
    expect(errors).to.deep.equal([]);
  });

  it('makes the indexes that a model declares, and finds nothing left to do', async () => {
    expect(await accounts.diffIndexes()).to.deep.equal({ toDrop: [], toCreate: [] });
  });

  it('keeps a document as it was saved', async () => {
    const picture = Buffer.from([0xff, 0xfe, 0x00]);
    await accounts.create({
      _id: 'ada',
      email: 'ada@example.org',
      logins: 0,
      tags: ['x'],
      picture,
    });
    expect(await accounts.findById('ada').lean()).to.deep.equal({
      _id: 'ada',
      email: 'ada@example.org',
      logins: 0,
      tags: ['x'],
      picture,
      __v: 0,
    });
  });

  it('saves what changed in a document that was loaded', async () => {
    await accounts.create({ _id: 'ada', tags: ['x'] });
    const ada = await accounts.findById('ada').orFail();
    (ada.tags as string[]).push('y');
    await ada.save();
    expect((await accounts.findById('ada').lean())?.tags).to.deep.equal(['x', 'y']);
  });

  it('tells a stale document from the one that is there', async () => {
    await accounts.create({ _id: 'ada', tags: ['x', 'y'] });
    const [one, other] = [
      await accounts.findById('ada').orFail(),
      await accounts.findById('ada').orFail(),
    ];
    await one.set('tags', ['z']).save();
    const error = await failure(other.set('tags', []).save());
    expect(error.name).to.equal('VersionError');
  });

  it('updates only what still meets the condition', async () => {
    await accounts.create({ _id: 'ada', logins: 1 });
    const spend = () =>
      accounts
        .findOneAndUpdate(
          { _id: 'ada', logins: { $gt: 0 } },
          { $inc: { logins: -1 } },
          { returnDocument: 'after' },
        )
        .lean();
    const results = await Promise.all([spend(), spend(), spend()]);
    expect(results.filter((result) => result !== null).map(({ logins }) => logins)).to.deep.equal([
      0,
    ]);
  });

  it('inserts once when many upsert the same, or tells the others that it is a duplicate', async () => {
    const upsert = (n: number) =>
      accounts.updateOne(
        { email: 'new@example.org' },
        { $setOnInsert: { _id: `new-${n}` } },
        { upsert: true },
      );
    await Promise.all(Array.from({ length: 20 }, (_, n) => upsert(n)));
    expect(await accounts.countDocuments({ email: 'new@example.org' })).to.equal(1);
  });

  it('lets one of many win a unique value, by whatever command they try', async () => {
    const email = 'wanted@example.org';
    await accounts.create([{ _id: 'a' }, { _id: 'b' }]);
    const attempts = await Promise.allSettled([
      accounts.updateOne({ _id: 'a' }, { $set: { email } }),
      accounts.findOneAndUpdate({ _id: 'b' }, { $set: { email } }),
      accounts.create({ _id: 'c', email }),
      accounts.updateOne({ _id: 'd' }, { $set: { email } }, { upsert: true }),
      accounts.findOneAndUpdate({ _id: 'e' }, { $set: { email } }, { upsert: true }),
    ]);
    const lost = attempts.flatMap((it) =>
      it.status === 'rejected' ? [it.reason as Record<string, unknown>] : [],
    );
    expect(lost).to.have.length(4);
    for (const error of lost) {
      expect(error).to.deep.include({ code: 11000, keyPattern: { email: 1 }, keyValue: { email } });
    }
    expect(await accounts.countDocuments({ email })).to.equal(1);
  });

  it('reports each error of an unordered insert', async () => {
    await accounts.create({ _id: 'b' });
    const documents = ['a', 'b', 'c'].map((_id) => ({ _id, logins: 0, tags: [] }));
    const error = await failure(
      accounts.collection.insertMany(documents as never[], { ordered: false }),
    );
    expect(error).to.include({ code: 11000, insertedCount: 2 });
  });

  it('sorts, pages and projects', async () => {
    await accounts.insertMany(
      Array.from({ length: 300 }, (_, n) => ({ _id: `a${n}`, logins: n, tags: ['t'] })),
    );
    const page = await accounts
      .find({ tags: 't' }, { logins: 1, _id: 0 })
      .sort({ logins: -1 })
      .skip(1)
      .limit(2)
      .lean();
    expect(page).to.deep.equal([{ logins: 298 }, { logins: 297 }]);
    let seen = 0;
    for await (const account of accounts.find().batchSize(50)) seen += account.id === '' ? 0 : 1;
    expect(seen).to.equal(300);
    expect(await accounts.distinct('tags')).to.deep.equal(['t']);
    expect(await accounts.exists({ logins: 299 })).to.deep.equal({ _id: 'a299' });
  });

  it('shows the plan of a query', async () => {
    await accounts.create({ _id: 'ada' });
    const explained = (await accounts.find({ email: 'x' }).explain()) as unknown as {
      queryPlanner: { winningPlan: Record<string, unknown> };
    };
    expect(explained.queryPlanner.winningPlan).to.include({
      stage: 'IXSCAN',
      indexName: 'email_1',
    });
  });

  it('tells which commands no index served', async () => {
    await accounts.create({ _id: 'ada', logins: 1 });
    scans.length = 0;
    await accounts.findOne({ _id: 'ada', logins: 1 });
    await accounts.updateOne({ logins: 1 }, { $set: { tags: [] } });
    expect(scans).to.deep.equal(['update house.accounts']);
  });

  it('takes writes that want no answer', async () => {
    await accounts.collection.insertOne({ _id: 'quiet' } as never, { writeConcern: { w: 0 } });
    expect(await accounts.exists({ _id: 'quiet' })).to.deep.equal({ _id: 'quiet' });
  });

  it('removes what has expired, and only that', async () => {
    await accounts.create([
      { _id: 'short', endsAt: later(60) },
      { _id: 'long', endsAt: later(3600) },
      { _id: 'endless' },
    ]);
    now = later(60);
    await database.sweep();
    expect(await accounts.distinct('_id')).to.have.members(['long', 'endless']);
  });

  it('removes thousands of expired documents in one sweep', async () => {
    const documents = Array.from({ length: 1000 }, (_, n) => ({ _id: `e${n}`, endsAt: later(-1) }));
    await accounts.insertMany(documents);
    await database.sweep();
    expect(await accounts.countDocuments({})).to.equal(0);
  });

  it('offers no transactions', async () => {
    const error = await failure(
      connection.transaction(async (session) => accounts.findOne().session(session)),
    );
    expect(String(error.message)).to.match(/session|transaction/i);
  });

  it('refuses what it does not know, to the one who asks', async () => {
    const error = await failure(
      connection
        .collection('accounts')
        .find({}, { collation: { locale: 'de' } })
        .toArray(),
    );
    expect(error.message).to.match(/collation/);
    expect(await accounts.countDocuments({})).to.equal(0);
  });

  it('closes a connection that does not speak its protocol, and serves the others', async () => {
    const path = join(directory, 'database.sock');
    for (const bytes of [
      'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n',
      '\x20\0\0\0\x01\0\0\0\0\0\0\0\xdd\x07\0\0\0\0\0\0\0\xff\xff\xff\x7f0123456',
    ]) {
      const socket = connect(path);
      const closed = new Promise((resolve) => socket.on('close', resolve));
      socket.on('error', () => undefined);
      socket.write(Buffer.from(bytes, 'latin1'));
      await closed;
    }
    expect(await accounts.countDocuments({})).to.equal(0);
  });
});
