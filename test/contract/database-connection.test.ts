import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';
import { Schema } from 'mongoose';

import { connectDatabase, createIndexes, type Database } from '../../src/database/connect.ts';
import { createLog } from '../../src/lib/log.ts';

const { log } = createLog({ level: 'silent' });

describe('the connection to the database', () => {
  let directory: string;
  let database: Database;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'doorstep-connection-'));
    database = await connectDatabase({ directory, log });
  });
  afterEach(async () => {
    await database.close();
    rmSync(directory, { recursive: true });
  });

  it('waits for a majority (R-19), reads from the primary and tries no longer than a page may take', () => {
    const { options } = database.connection.getClient();
    expect(options.writeConcern.w).to.equal('majority');
    expect(options.readPreference.mode).to.equal('primary');
    expect(options.retryWrites).to.equal(true);
    expect(options.retryReads).to.equal(true);
    // Reads are tried twice, and a page that cannot be served says so within three seconds.
    const { serverSelectionTimeoutMS, socketTimeoutMS, connectTimeoutMS } = options;
    const longest = Math.max(serverSelectionTimeoutMS, socketTimeoutMS, connectTimeoutMS);
    expect(2 * longest).to.be.at.most(3000);
    expect(database.connection.base.get('maxTimeMS')).to.be.at.most(3000);
    expect(database.connection.base.get('bufferCommands')).to.not.equal(true);
    expect(database.connection.name).to.equal('doorstep');
  });

  it('throws on a filter with a key that the schema does not have', async () => {
    const model = database.connection.model('Thing', new Schema({ name: String }));
    const asked = await model.find({ nam: 'a' }).then(() => 'found', String);
    expect(asked).to.contain('nam').and.contain('strictQuery');
  });

  it('never runs an operator that came in as a value', async () => {
    const model = database.connection.model('Thing', new Schema({ name: String }));
    await model.create({ name: 'a' });
    const typed = { name: { $ne: 'b' } } as object;
    expect(
      await model.find(typed).then(
        (found) => found.length,
        () => 0,
      ),
    ).to.equal(0);
  });

  it('makes indexes, and makes them again without harm', async () => {
    const schema = new Schema({ name: String }, { collection: 'things' });
    schema.index({ name: 1 }, { unique: true });
    const model = database.connection.model('Thing', schema);
    await createIndexes(database.connection);
    await createIndexes(database.connection);
    expect(Object.keys(await model.collection.indexInformation())).to.deep.equal([
      '_id_',
      'name_1',
    ]);
  });

  it('refuses to go on with an index that is not as declared', async () => {
    await database.connection.collection('things').createIndexes([{ key: { name: 1 } }]);
    const schema = new Schema({ name: String }, { collection: 'things' });
    schema.index({ name: 1 }, { unique: true });
    database.connection.model('Thing', schema);
    const made = await createIndexes(database.connection).then(() => 'made', String);
    expect(made).to.match(/index/i);
  });
});
