/**
 * The indexes that the product declares, as the engine of MONGODB_URI makes them: the same as
 * in the embedded database, and they sweep away what has expired.
 */
import { setTimeout as pause } from 'node:timers/promises';

import { expect } from 'chai';
import type { Connection } from 'mongoose';

import { createIndexes } from '../../src/database/connect.ts';
import { createOidcRecords, recordId } from '../../src/models/oidc-record.ts';
import { type House, openHouse } from '../support/house.ts';
import { type Engines, openEngines } from './engines.ts';

// MongoDB and DocumentDB look once a minute, and later on a busy machine.
const SWEPT_WITHIN_MS = 150_000;
const ASK_EVERY_MS = 1_000;

describe('Indexes on the engine', () => {
  let engines: Engines;
  let house: House;
  before(async function () {
    this.timeout(60_000);
    engines = await openEngines();
    house = await openHouse();
  });
  // Undefined where there was nothing to compare with.
  after(async () => {
    await (house as House | undefined)?.close();
    await (engines as Engines | undefined)?.close();
  });

  it('are as declared, and are not made again when the next process starts', async () => {
    await house.restart();
    for (const model of Object.values(house.connection.models)) {
      expect(await model.diffIndexes()).to.deep.equal({ toDrop: [], toCreate: [] });
    }
  });

  it('are the same as in the embedded database', async () => {
    const [{ connection }] = engines.both;
    for (const { modelName, schema } of Object.values(house.connection.models)) {
      connection.model(modelName, schema);
    }
    await createIndexes(connection);
    expect(await indexesOf(house.connection)).to.deep.equal(await indexesOf(connection));
  });

  it('sweep away what has expired, and nothing else', async function () {
    this.timeout(SWEPT_WITHIN_MS + 20_000);
    const records = createOidcRecords(house.connection);
    const codes = { gone: new Date(Date.now() - 1_000), here: new Date(Date.now() + 3_600_000) };
    for (const [id, expiresAt] of Object.entries(codes)) {
      await records.put({ _id: recordId('Code', id), kind: 'Code', payload: '', expiresAt });
    }
    const clients = await records.listClients();
    const deadline = Date.now() + SWEPT_WITHIN_MS;
    while ((await records.find('Code', 'gone')) && Date.now() < deadline) await pause(ASK_EVERY_MS);
    expect(await records.find('Code', 'gone')).to.equal(undefined);
    expect(await records.find('Code', 'here')).to.deep.include({ expiresAt: codes.here });
    expect(await records.listClients()).to.deep.equal(clients);
  });
});

async function indexesOf({ models }: Connection): Promise<unknown> {
  const lists = Object.values(models).map(async (model) => {
    // What has no index of its own and no document yet is not there at all.
    await model.createCollection();
    // DocumentDB says in `storageEngine` how it keeps an index; nobody else does.
    const indexes = await model.listIndexes();
    return [
      model.modelName,
      indexes.map((index: object) => ({ ...index, storageEngine: undefined })),
    ];
  });
  return Promise.all(lists);
}
