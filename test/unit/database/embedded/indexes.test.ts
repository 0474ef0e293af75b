import type { Document } from 'bson';
import { expect } from 'chai';

import { ask, engineInMemory, engineWith } from './engine-kit.ts';

const unique = { key: { u: 1 }, name: 'u_1', unique: true, sparse: true };

describe('indexes', () => {
  it('are made once, whatever the order of their options', () => {
    const engine = engineInMemory();
    const create = (index: Document) => ask(engine, { createIndexes: 'c', indexes: [index] });
    expect(create(unique)).to.include({ numIndexesBefore: 1, numIndexesAfter: 2 });
    const again = create({
      sparse: true,
      unique: true,
      name: 'u_1',
      key: { u: 1 },
      background: true,
    });
    expect(again).to.include({ numIndexesAfter: 2, note: 'all indexes already exist' });
    expect(create({ key: { u: 1 }, name: 'u_1' }).code).to.equal(85);
    expect(create({ key: { u: 1 }, name: 'other' }).code).to.equal(85);
    expect(create({ key: { v: 1 }, name: 'u_1' }).code).to.equal(86);
  });

  it('are not made over documents that break them', () => {
    const engine = engineWith([{ u: 1 }, { u: 1 }]);
    const indexes = [{ key: { a: 1 }, name: 'a_1' }, unique];
    expect(ask(engine, { createIndexes: 'c', indexes })).to.deep.include({ code: 11000 });
    expect(engine.catalog.find('test', 'c')?.indexes.map(({ name }) => name)).to.deep.equal([
      '_id_',
    ]);
  });

  it('can be listed and dropped', () => {
    const engine = engineWith([{ u: 1 }], [unique]);
    const list = () => (ask(engine, { listIndexes: 'c' }).cursor as Document).firstBatch as unknown;
    expect(list()).to.deep.equal([
      { v: 2, key: { _id: 1 }, name: '_id_' },
      { v: 2, key: { u: 1 }, name: 'u_1', unique: true, sparse: true },
    ]);
    expect(ask(engine, { dropIndexes: 'c', index: 'nope' }).code).to.equal(27);
    expect(ask(engine, { dropIndexes: 'c', index: '_id_' }).code).to.equal(72);
    expect(ask(engine, { dropIndexes: 'c', index: { u: 1 } }).nIndexesWas).to.equal(2);
    expect(ask(engine, { insert: 'c', documents: [{ u: 1 }] }).n).to.equal(1);
  });

  it('that are sparse leave out the elements of an array that have nothing there', () => {
    const sparse = { key: { 'a.u': 1 }, name: 'a.u_1', unique: true, sparse: true };
    const engine = engineWith([{ a: [{ u: 1 }, {}] }], [sparse]);
    const insert = (a: Document[]) => ask(engine, { insert: 'c', documents: [{ a }] });
    expect(insert([{ u: 2 }, {}]).writeErrors).to.equal(undefined);
    expect((insert([{ u: 2 }]).writeErrors as Document[])[0]?.code).to.equal(11000);
  });

  it('refuse two arrays in one document', () => {
    const engine = engineWith([], [{ key: { a: 1, b: 1 }, name: 'a_b' }]);
    const reply = ask(engine, { insert: 'c', documents: [{ a: [1], b: [2] }] });
    expect((reply.writeErrors as Document[])[0]?.code).to.equal(171);
  });

  for (const index of [
    { key: { a: 'text' }, name: 'x' },
    { key: { a: '2dsphere' }, name: 'x' },
    { key: { a: 1 }, name: 'x', collation: { locale: 'de' } },
    { key: { a: 1 }, name: 'x', hidden: true },
    { key: { a: 1 }, name: 'x', partialFilterExpression: { b: { $ne: 1 } } },
    { key: { a: 1, b: 1 }, name: 'x', expireAfterSeconds: 5 },
    { key: { '$**': 1 }, name: 'x' },
    { key: {}, name: 'x' },
    { key: { a: 1 } },
  ]) {
    it(`are refused if they cannot be as asked: ${JSON.stringify(index)}`, () => {
      const engine = engineInMemory();
      expect(ask(engine, { createIndexes: 'c', indexes: [index] }).ok).to.equal(0);
      expect(engine.catalog.all()).to.deep.equal([]);
    });
  }
});

describe('collections', () => {
  it('are made, listed and dropped, indexes and all', () => {
    const engine = engineWith([{ u: 1 }], [unique]);
    expect(ask(engine, { create: 'c' }).code).to.equal(48);
    ask(engine, { create: 'd' });
    const names = () =>
      (
        (ask(engine, { listCollections: 1, nameOnly: true }).cursor as Document)
          .firstBatch as Document[]
      ).map(({ name }) => name as string);
    expect(names()).to.deep.equal(['c', 'd']);
    ask(engine, { drop: 'c' });
    expect(names()).to.deep.equal(['d']);
    expect(ask(engine, { listIndexes: 'c' }).code).to.equal(26);
    expect(ask(engine, { insert: 'c', documents: [{ u: 1 }, { u: 1 }] }).n).to.equal(2);
    ask(engine, { dropDatabase: 1 });
    expect(names()).to.deep.equal([]);
  });
});
