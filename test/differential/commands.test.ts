/**
 * Random sequences of commands, on the embedded database and on the MongoDB that MONGODB_URI
 * names: both must say the same and be left with the same documents. The title names the seed
 * that brings the same sequences again.
 */
import { expect } from 'chai';
import * as fc from 'fast-check';
import type { mongo } from 'mongoose';

import { asText, outcomeOf, type Things } from './carry-out.ts';
import { type Command, sequence } from './commands.ts';
import { openEngines, type Engines } from './engines.ts';

const SEED = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const SEQUENCES = Number(process.env.SEQUENCES ?? 150);
const MINUTE = 60_000;

const indexes = [
  { key: { names: 1 }, unique: true },
  { key: { email: 1 }, unique: true, partialFilterExpression: { email: { $exists: true } } },
  { key: { uid: 1 }, sparse: true },
  { key: { owner: 1, client: 1 }, sparse: true },
  { key: { expiresAt: 1 } },
  { key: { 'pending.leasedUntil': 1 }, sparse: true },
] satisfies mongo.IndexDescription[];

describe('Commands on two engines', () => {
  let engines: Engines;
  let both: readonly Things[];

  before(async function () {
    this.timeout(MINUTE);
    engines = await openEngines();
    both = engines.both.map(({ connection }) =>
      connection.getClient().db(connection.name).collection('things'),
    );
    for (const things of both) await things.createIndexes(indexes);
  });
  // Undefined where there was nothing to compare with.
  after(() => (engines as Engines | undefined)?.close());

  it(`say the same and leave the same documents (SEED=${SEED})`, async function () {
    this.timeout(10 * MINUTE);
    const agreeing = fc.asyncProperty(sequence, async (commands) => {
      for (const things of both) await things.deleteMany({});
      for (const one of commands) await expectAgreement(one);
    });
    await fc.assert(agreeing, { seed: SEED, numRuns: SEQUENCES, endOnFailure: false });
  });

  async function expectAgreement(one: Command): Promise<void> {
    const [embedded, engine] = await Promise.all(
      both.map(async (things) => ({
        says: await outcomeOf(things, one),
        holds: await documentsOf(things),
      })),
    );
    expect({ command: asText(one), ...engine }).to.deep.equal({
      command: asText(one),
      ...embedded,
    });
  }
});

const documentsOf = async (things: Things): Promise<string[]> =>
  (await things.find({}, { promoteValues: false }).sort({ _id: 1 }).toArray()).map(asText);
