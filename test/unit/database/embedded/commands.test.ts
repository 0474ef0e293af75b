import { Long } from 'bson';
import type { Document } from 'bson';
import { expect } from 'chai';

import type { Engine } from '../../../../src/database/embedded/engine/engine.ts';
import { ask, engineInMemory, engineWith } from './engine-kit.ts';

const all = (engine: Engine): unknown =>
  (ask(engine, { find: 'c', sort: { _id: 1 } }).cursor as Document).firstBatch;

const unique = { key: { u: 1 }, name: 'u_1', unique: true, sparse: true };

describe('the handshake', () => {
  it('promises a standalone server, with neither sessions nor streamed answers', () => {
    const hello = ask(engineInMemory(), { hello: 1, client: {} });
    expect(hello).to.include({ isWritablePrimary: true, maxWireVersion: 21, helloOk: true, ok: 1 });
    for (const field of ['setName', 'topologyVersion', 'logicalSessionTimeoutMinutes', 'msg']) {
      expect(hello).not.to.have.property(field);
    }
  });
});

describe('insert', () => {
  it('stops at the first error, and says which', () => {
    const engine = engineWith([{ _id: 1 }]);
    const reply = ask(engine, { insert: 'c', documents: [{ _id: 2 }, { _id: 1 }, { _id: 3 }] });
    expect(reply).to.deep.include({ n: 1, ok: 1 });
    expect(reply.writeErrors).to.deep.equal([
      {
        index: 1,
        code: 11000,
        errmsg: 'E11000 duplicate key error collection: test.c index: _id_ dup key: { _id: 1 }',
        keyPattern: { _id: 1 },
        keyValue: { _id: 1 },
      },
    ]);
    expect(all(engine)).to.deep.equal([{ _id: 1 }, { _id: 2 }]);
  });

  it('goes on after errors if the order does not matter', () => {
    const engine = engineWith([{ _id: 1 }]);
    const documents = [{ _id: 1 }, { _id: 2 }, { _id: [] }, { _id: 3 }];
    const reply = ask(engine, { insert: 'c', documents, ordered: false });
    expect(reply.n).to.equal(2);
    const errors = reply.writeErrors as Document[];
    expect(errors.map(({ index }) => index as number)).to.deep.equal([0, 2]);
    expect(errors.map(({ code }) => code as number)).to.deep.equal([11000, 53]);
  });

  it('leaves nothing of a document whose second index refuses it', () => {
    const engine = engineWith([{ _id: 1, a: 1, u: 1 }], [{ key: { a: 1 }, name: 'a_1' }, unique]);
    expect(ask(engine, { insert: 'c', documents: [{ _id: 2, a: 2, u: 1 }] }).n).to.equal(0);
    expect(ask(engine, { count: 'c', query: { a: 2 } }).n).to.equal(0);
    expect(ask(engine, { insert: 'c', documents: [{ _id: 2, a: 2, u: 2 }] }).n).to.equal(1);
  });

  it('puts the _id first and makes one where there is none', () => {
    const engine = engineWith([{ a: 1 }]);
    const [doc] = all(engine) as Document[];
    expect(Object.keys(doc ?? {})).to.deep.equal(['_id', 'a']);
  });

  it('lets a sparse unique index pass documents without the field, but only these', () => {
    const engine = engineWith([{ _id: 1 }, { _id: 2 }], [unique]);
    expect(all(engine)).to.have.length(2);
    const nulls = [{ u: null }, { u: null }];
    expect(ask(engine, { insert: 'c', documents: nulls }).n).to.equal(1);
  });

  it('compares elements of arrays in a unique index across documents, not within one', () => {
    const engine = engineWith([{ _id: 1, u: ['a', 'a', 'b'] }], [unique]);
    expect(all(engine)).to.have.length(1);
    const reply = ask(engine, { insert: 'c', documents: [{ _id: 2, u: ['c', 'b'] }] });
    expect((reply.writeErrors as Document[])[0]?.keyValue).to.deep.equal({ u: 'b' });
  });
});

describe('update', () => {
  it('counts what matched and what changed', () => {
    const engine = engineWith([
      { _id: 1, a: 1 },
      { _id: 2, a: 2 },
    ]);
    const set = (q: Document, multi: boolean) =>
      ask(engine, { update: 'c', updates: [{ q, u: { $set: { a: 1 } }, multi }] });
    expect(set({ _id: 1 }, false)).to.include({ n: 1, nModified: 0 });
    expect(set({}, true)).to.include({ n: 2, nModified: 1 });
    expect(set({ _id: 9 }, false)).to.include({ n: 0, nModified: 0 });
  });

  it('reports what upserts inserted', () => {
    const engine = engineWith([{ _id: 1 }]);
    const upsert = (_id: number) => ({ q: { _id }, u: { $set: { a: _id } }, upsert: true });
    const reply = ask(engine, { update: 'c', updates: [upsert(1), upsert(2)] });
    expect(reply).to.deep.include({ n: 2, nModified: 1, upserted: [{ index: 1, _id: 2 }] });
    expect(all(engine)).to.deep.equal([
      { _id: 1, a: 1 },
      { _id: 2, a: 2 },
    ]);
  });

  it('takes no _id that would read as an operator', () => {
    const u = { $set: { _id: { $gt: 1 } } };
    const reply = ask(engineInMemory(), {
      update: 'c',
      updates: [{ q: { a: 1 }, u, upsert: true }],
    });
    expect((reply.writeErrors as Document[])[0]?.code).to.equal(52);
  });

  it('never changes an _id', () => {
    const engine = engineWith([{ _id: 1 }]);
    for (const u of [{ $set: { _id: 2 } }, { _id: 2, a: 1 }, { $unset: { _id: '' } }]) {
      const reply = ask(engine, { update: 'c', updates: [{ q: { _id: 1 }, u }] });
      expect((reply.writeErrors as Document[])[0]?.code).to.equal(66);
    }
    const same = ask(engine, { update: 'c', updates: [{ q: {}, u: { $set: { _id: 1, a: 1 } } }] });
    expect(same.nModified).to.equal(1);
  });

  it('changes each document once, though the change moves it ahead in the index it was found by', () => {
    const documents = Array.from({ length: 50 }, (_, _id) => ({ _id, a: _id }));
    const engine = engineWith(documents, [{ key: { a: 1 }, name: 'a_1' }]);
    const updates = [{ q: { a: { $gte: 0 } }, u: { $inc: { a: 100 } }, multi: true }];
    expect(ask(engine, { update: 'c', updates }).nModified).to.equal(50);
    expect(ask(engine, { count: 'c', query: { a: { $gte: 200 } } }).n).to.equal(0);
  });

  it('reports a duplicate with its key, and changes nothing', () => {
    const engine = engineWith(
      [
        { _id: 1, u: 1 },
        { _id: 2, u: 2 },
      ],
      [unique],
    );
    const u = { $set: { u: 1, a: 1 } };
    const updated = ask(engine, { update: 'c', updates: [{ q: { _id: 2 }, u }] });
    const upserted = ask(engine, { update: 'c', updates: [{ q: { _id: 3 }, u, upsert: true }] });
    const modified = ask(engine, { findAndModify: 'c', query: { _id: 2 }, update: u });
    const errors = [updated, upserted].map((reply) => (reply.writeErrors as Document[])[0]);
    for (const error of [...errors, modified]) {
      expect(error).to.deep.include({ code: 11000, keyPattern: { u: 1 }, keyValue: { u: 1 } });
    }
    expect(all(engine)).to.deep.equal([
      { _id: 1, u: 1 },
      { _id: 2, u: 2 },
    ]);
  });

  it('does not make a collection for an update that finds nothing', () => {
    const engine = engineInMemory();
    ask(engine, { update: 'none', updates: [{ q: {}, u: { $set: { a: 1 } } }] });
    expect(engine.catalog.all()).to.deep.equal([]);
  });
});

describe('findAndModify', () => {
  const documents = [
    { _id: 1, a: 1 },
    { _id: 2, a: 2 },
  ];
  const run = (command: Document) => {
    const engine = engineWith(documents);
    return { ...ask(engine, { findAndModify: 'c', ...command }), left: all(engine) } as Document;
  };

  it('returns the document as it was, or as it became', () => {
    const update = { $inc: { a: 5 } };
    const before = run({ query: { _id: 1 }, update });
    expect(before.value).to.deep.equal({ _id: 1, a: 1 });
    expect(before.lastErrorObject).to.deep.equal({ n: 1, updatedExisting: true });
    expect(run({ query: { _id: 1 }, update, new: true }).value).to.deep.equal({ _id: 1, a: 6 });
  });

  it('takes the first in the order given, and returns the fields asked for', () => {
    const reply = run({ sort: { a: -1 }, update: { $set: { b: 1 } }, new: true, fields: { b: 1 } });
    expect(reply.value).to.deep.equal({ _id: 2, b: 1 });
  });

  it('changes the element that the query found, and those that filters choose', () => {
    const list = [
      { id: 1, n: 1 },
      { id: 2, n: 1 },
    ];
    const engine = engineWith([{ _id: 1, list }]);
    const change = (command: Document) =>
      ask(engine, { findAndModify: 'c', new: true, ...command }).value as Document;
    const found = change({ query: { 'list.id': 2 }, update: { $inc: { 'list.$.n': 5 } } });
    expect(found.list).to.deep.equal([
      { id: 1, n: 1 },
      { id: 2, n: 6 },
    ]);
    const chosen = change({
      query: { _id: 1 },
      update: { $set: { 'list.$[low].n': 0 } },
      arrayFilters: [{ 'low.n': { $lt: 5 } }],
    });
    expect(chosen.list).to.deep.equal([
      { id: 1, n: 0 },
      { id: 2, n: 6 },
    ]);
  });

  it('removes the first in the order given', () => {
    const reply = run({ sort: { a: -1 }, remove: true, fields: { a: 1, _id: 0 } });
    expect(reply.value).to.deep.equal({ a: 2 });
    expect(reply.left).to.deep.equal([{ _id: 1, a: 1 }]);
  });

  it('replaces, but keeps the _id', () => {
    const reply = run({ query: { a: 1 }, update: { b: 1 }, new: true });
    expect(reply.value).to.deep.equal({ _id: 1, b: 1 });
  });

  it('changes nothing where the condition does not hold any more', () => {
    const reply = run({ query: { _id: 1, a: { $gt: 1 } }, update: { $inc: { a: -1 } } });
    expect(reply).to.deep.include({ value: null, left: documents });
    expect(reply.lastErrorObject).to.deep.equal({ n: 0, updatedExisting: false });
  });

  it('removes', () => {
    const reply = run({ query: { a: 2 }, remove: true });
    expect(reply.value).to.deep.equal({ _id: 2, a: 2 });
    expect(reply.left).to.deep.equal([{ _id: 1, a: 1 }]);
    expect(run({ query: { a: 9 }, remove: true }).value).to.equal(null);
  });

  it('inserts what it did not find, if told to', () => {
    const update = { $set: { b: 1 }, $setOnInsert: { c: 1 } };
    const inserted = run({ query: { _id: 3 }, update, upsert: true, new: true });
    expect(inserted.value).to.deep.equal({ _id: 3, b: 1, c: 1 });
    expect(inserted.lastErrorObject).to.deep.equal({ n: 1, updatedExisting: false, upserted: 3 });
    expect(run({ query: { _id: 3 }, update, upsert: true }).value).to.equal(null);
    expect(run({ query: { _id: 3 }, update })).to.deep.include({ value: null, left: documents });
  });
});

describe('reading', () => {
  const documents = Array.from({ length: 250 }, (_, _id) => ({
    _id,
    a: _id % 3,
    tags: ['x', _id % 2],
  }));
  const engine = engineWith(documents);

  it('hands out a large result piece by piece', () => {
    const first = ask(engine, { find: 'c', filter: {} }).cursor as Document;
    expect(first.firstBatch).to.have.length(101);
    const next = ask(engine, {
      getMore: Long.fromNumber(Number(first.id)),
      collection: 'c',
      batchSize: 100,
    }).cursor as Document;
    expect(next.nextBatch).to.have.length(100);
    const last = ask(engine, { getMore: Long.fromNumber(Number(next.id)), collection: 'c' })
      .cursor as Document;
    expect(last.nextBatch).to.have.length(49);
    expect(Number(last.id)).to.equal(0);
  });

  it('goes on where it was, though documents come and go in between', () => {
    const own = engineWith(documents);
    const first = ask(own, { find: 'c', batchSize: 10 }).cursor as Document;
    ask(own, { delete: 'c', deletes: [{ q: { _id: { $lt: 245 } }, limit: 0 }] });
    ask(own, { insert: 'c', documents: [{ _id: -1 }, { _id: 1000 }] });
    const rest = ask(own, { getMore: Long.fromNumber(Number(first.id)), collection: 'c' })
      .cursor as Document;
    const ids = (rest.nextBatch as Document[]).map(({ _id }) => _id as number);
    expect(ids.slice(-6)).to.deep.equal([245, 246, 247, 248, 249, 1000]);
    expect(ids).not.to.include(-1);
  });

  it('knows no cursor that was killed, used up or is another collection’s', () => {
    const open = () => Long.fromNumber(Number((ask(engine, { find: 'c' }).cursor as Document).id));
    const killed = open();
    expect(ask(engine, { killCursors: 'c', cursors: [killed] }).cursorsKilled).to.have.length(1);
    expect(ask(engine, { getMore: killed, collection: 'c' }).code).to.equal(43);
    expect(ask(engine, { getMore: open(), collection: 'd' }).code).to.equal(43);
  });

  it('counts and lists distinct values', () => {
    expect(ask(engine, { count: 'c', query: { a: 1 }, limit: 10 }).n).to.equal(10);
    expect(ask(engine, { count: 'none' }).n).to.equal(0);
    expect(ask(engine, { distinct: 'c', key: 'tags', query: {} }).values).to.have.members([
      'x',
      0,
      1,
    ]);
  });

  it('aggregates as far as counting and cutting go', () => {
    const run = (pipeline: Document[]) =>
      (ask(engine, { aggregate: 'c', pipeline, cursor: {} }).cursor as Document)
        .firstBatch as unknown;
    const match = { $match: { a: 1 } };
    expect(run([match, { $group: { _id: 1, n: { $sum: 1 } } }])).to.deep.equal([{ _id: 1, n: 83 }]);
    expect(run([{ $match: { a: 9 } }, { $count: 'n' }])).to.deep.equal([]);
    const page = [
      match,
      { $sort: { _id: -1 } },
      { $skip: 1 },
      { $limit: 2 },
      { $project: { a: 1 } },
    ];
    expect(run(page)).to.deep.equal([
      { _id: 244, a: 1 },
      { _id: 241, a: 1 },
    ]);
    expect(run([{ $limit: 5 }, match, { $count: 'n' }])).to.deep.equal([{ n: 2 }]);
  });
});
