import type { Document } from 'bson';
import { expect } from 'chai';

import { sweep } from '../../../../src/database/embedded/engine/sweep.ts';
import { ask, engineInMemory } from './engine-kit.ts';

const now = new Date('2026-01-01T00:00:00Z');
const seconds = (count: number): Date => new Date(now.getTime() + count * 1000);

function engineWith(documents: readonly Document[], index: Document = {}) {
  const engine = engineInMemory(() => now);
  const ttl = { key: { endsAt: 1 }, name: 'ttl', expireAfterSeconds: 10, ...index };
  ask(engine, { createIndexes: 'c', indexes: [ttl] });
  ask(engine, { insert: 'c', documents });
  return engine;
}

async function left(engine: ReturnType<typeof engineWith>): Promise<unknown> {
  await sweep(engine);
  return (ask(engine, { distinct: 'c', key: '_id' }).values as unknown[]).toSorted();
}

describe('the sweep', () => {
  it('removes what has been over for as long as the index says', async () => {
    const engine = engineWith([
      { _id: 'over', endsAt: seconds(-10) },
      { _id: 'nearly', endsAt: seconds(-9) },
      { _id: 'still', endsAt: seconds(100) },
    ]);
    expect(await left(engine)).to.deep.equal(['nearly', 'still']);
  });

  it('goes by the earliest of several dates', async () => {
    const engine = engineWith([
      { _id: 'one', endsAt: [seconds(100), seconds(-100)] },
      { _id: 'none', endsAt: [seconds(100), 'x'] },
    ]);
    expect(await left(engine)).to.deep.equal(['none']);
  });

  it('never removes what has no date', async () => {
    const values = [null, 0, '2020-01-01', {}, [], true];
    const engine = engineWith([...values.map((endsAt, _id) => ({ _id, endsAt })), { _id: 6 }]);
    expect(await left(engine)).to.deep.equal([0, 1, 2, 3, 4, 5, 6]);
  });

  it('keeps to the part that a partial index is about', async () => {
    const engine = engineWith(
      [
        { _id: 'in', endsAt: seconds(-100), done: true },
        { _id: 'out', endsAt: seconds(-100), done: false },
      ],
      { partialFilterExpression: { done: true } },
    );
    expect(await left(engine)).to.deep.equal(['out']);
  });

  it('leaves no entry in an index that is made while it is at work', async () => {
    const engine = engineWith(
      Array.from({ length: 500 }, (_, _id) => ({ _id, endsAt: seconds(-100) })),
    );
    const sweeping = sweep(engine);
    ask(engine, { createIndexes: 'c', indexes: [{ key: { b: 1 }, name: 'b' }] });
    ask(engine, { insert: 'c', documents: [{ _id: 'b', b: 1 }] });
    await sweeping;
    const index = engine.catalog.find('test', 'c')?.indexes.find(({ name }) => name === 'b');
    const after = { key: Buffer.alloc(0), rid: -1 };
    const page = { after, until: Buffer.from([0xff]), reverse: false, size: 10 };
    expect(engine.store.entries(index?.id ?? 0, page)).to.have.length(1);
  });

  it('does not mind that its collection goes away meanwhile', async () => {
    const engine = engineWith(
      Array.from({ length: 500 }, (_, _id) => ({ _id, endsAt: seconds(-100) })),
    );
    const sweeping = sweep(engine);
    ask(engine, { drop: 'c' });
    await sweeping;
    expect(ask(engine, { count: 'c' }).n).to.equal(0);
  });
});
