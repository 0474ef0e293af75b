import { Long } from 'bson';
import type { Document } from 'bson';
import { expect } from 'chai';

import { ask, engineInMemory, engineWith } from './engine-kit.ts';

const refused: readonly (readonly [Document, number, RegExp])[] = [
  [{ mapReduce: 'c' }, 59, /no such command: 'mapReduce'/],
  [{ find: 'c', collation: { locale: 'de' } }, 40415, /'find.collation' is an unknown field/],
  [{ find: 'c', hint: 'a_1' }, 2, /not supported/],
  [{ find: 'c', hint: { $natural: -1 } }, 2, /not supported/],
  [{ find: 'c', hint: { $natural: 1, a: 1 } }, 2, /not supported/],
  [{ find: 'c', tailable: true }, 2, /not supported/],
  [{ find: 'c', noCursorTimeout: true }, 2, /not supported/],
  [{ find: 'c', min: { a: 1 } }, 40415, /'find.min' is an unknown field/],
  [{ find: 'c', let: { a: 1 } }, 40415, /'find.let' is an unknown field/],
  [{ find: 'c', maxTimeMS: -1 }, 2, /'maxTimeMS' value must be >= 0/],
  [{ find: 'c', sort: { $natural: 1 } }, 2, /Cannot sort by '\$natural'/],
  [{ find: 'c', limit: -1 }, 2, /'limit' value must be >= 0/],
  [{ find: 'c', filter: 'x' }, 14, /wrong type 'string', expected type 'object'/],
  [{ find: 5 }, 14, /wrong type 'int', expected type 'string'/],
  [{ find: 'c', readConcern: { level: 'snapshot' } }, 2, /read concern/],
  [{ find: 'c', readConcern: { afterClusterTime: 1 } }, 40415, /afterClusterTime/],
  [{ find: 'c', apiVersion: '2' }, 40415, /apiVersion/],
  [{ insert: 'c', documents: [{}], writeConcern: { w: 2 } }, 2, /'w' > 1/],
  [{ insert: 'c', documents: [{}], writeConcern: { w: 'dc1' } }, 2, /'w' > 1/],
  [
    { insert: 'c', documents: [{}], writeConcern: { w: 1, j: true, x: 1 } },
    40415,
    /'writeConcern.x'/,
  ],
  [{ insert: 'c', documents: [{}], stmtId: 1 }, 40415, /stmtId/],
  [{ insert: 'c', documents: [{}], txnNumber: Long.ONE }, 20, /Transaction numbers/],
  [{ insert: 'c', documents: [{}], startTransaction: true }, 20, /Transaction numbers/],
  [{ insert: 'c', documents: [] }, 2, /batch sizes/],
  [{ insert: 'system.users', documents: [{}] }, 73, /Invalid collection name/],
  [{ create: 'c', capped: true }, 40415, /capped/],
  [{ createIndexes: 'c', indexes: [] }, 2, /at least one index/],
  [{ killCursors: 'c' }, 14, /array of ids/],
  [{ killCursors: 'c', cursors: [1] }, 14, /array of ids/],
  [{ getMore: 1, collection: 'c' }, 14, /id of a cursor/],
  [{ listCollections: 1, cursor: { size: 1 } }, 40415, /'cursor.size'/],
  [{ aggregate: 'c', pipeline: [] }, 9, /'cursor' option is required/],
  [{ aggregate: 'c', pipeline: [{ $lookup: {} }], cursor: {} }, 40324, /'\$lookup'/],
  [{ aggregate: 'c', pipeline: [{ $group: { _id: '$a' } }], cursor: {} }, 2, /\$group/],
  [{ aggregate: 1, pipeline: [{ $changeStream: {} }], cursor: {} }, 14, /wrong type/],
  [{ findAndModify: 'c', remove: true, update: {} }, 9, /remove=true/],
];

describe('what is not supported', () => {
  for (const [command, code, message] of refused) {
    it(`is refused by name: ${JSON.stringify(command)}`, () => {
      const reply = ask(engineInMemory(), command);
      expect(reply).to.include({ ok: 0, code });
      expect(reply.errmsg).to.match(message);
    });
  }

  it('is refused within a statement, too', () => {
    const engine = engineWith([{ _id: 1 }]);
    const updates = [{ q: {}, u: { $set: { a: 1 } }, collation: { locale: 'de' } }];
    const reply = ask(engine, { update: 'c', updates });
    expect((reply.writeErrors as Document[])[0]).to.include({ code: 40415 });
  });

  const careless: readonly (readonly [string, Document, number])[] = [
    ['a deletion without a filter', { delete: 'c', deletes: [{ limit: 0 }] }, 40414],
    ['a deletion without a limit', { delete: 'c', deletes: [{ q: {} }] }, 9],
    ['a deletion of two', { delete: 'c', deletes: [{ q: {}, limit: 2 }] }, 9],
    ['an update without a filter', { update: 'c', updates: [{ u: { $set: { a: 1 } } }] }, 40414],
    [
      'an option of commands in a statement',
      { update: 'c', updates: [{ q: {}, u: { $set: { a: 1 } }, maxTimeMS: 1 }] },
      40415,
    ],
  ];
  for (const [title, command, code] of careless) {
    it(`is refused before it does anything: ${title}`, () => {
      const engine = engineWith([{ _id: 1 }]);
      const [error] = ask(engine, command).writeErrors as Document[];
      expect(error).to.include({ code });
      expect(ask(engine, { count: 'c', query: { a: null } }).n).to.equal(1);
    });
  }

  it('leaves out what means nothing to a single server', () => {
    const harmless = {
      lsid: {},
      comment: 'x',
      maxTimeMS: 100,
      $readPreference: { mode: 'primary' },
      readConcern: { level: 'majority' },
      writeConcern: { w: 'majority', j: true, wtimeout: 5 },
    };
    expect(ask(engineInMemory(), { count: 'c', ...harmless }).ok).to.equal(1);
  });
});

describe('maxTimeMS', () => {
  /** A second passes whenever somebody looks at the clock. */
  function slowEngine() {
    let seconds = 0;
    const engine = engineInMemory(() => new Date(seconds++ * 1000));
    ask(engine, { insert: 'c', documents: Array.from({ length: 20 }, (_, _id) => ({ _id })) });
    return engine;
  }

  it('ends a command that takes longer, between two documents', () => {
    const engine = slowEngine();
    const updates = [{ q: {}, u: { $set: { a: 1 } }, multi: true }];
    expect(ask(engine, { find: 'c', maxTimeMS: 5000 })).to.include({ ok: 0, code: 50 });
    const [error] = ask(engine, { update: 'c', updates, maxTimeMS: 5000 })
      .writeErrors as Document[];
    expect(error).to.include({ code: 50 });
    expect(ask(engine, { count: 'c', query: { a: 1 } }).n).to.equal(0);
  });

  it('leaves alone what is quicker, or looks at few', () => {
    const engine = slowEngine();
    expect(ask(engine, { find: 'c', maxTimeMS: 60_000 }).ok).to.equal(1);
    expect(ask(engine, { find: 'c', maxTimeMS: 0 }).ok).to.equal(1);
    expect(ask(engine, { find: 'c', filter: { _id: 7 }, maxTimeMS: 2000 }).ok).to.equal(1);
  });

  it('starts anew with each command that goes on with a cursor', () => {
    const engine = slowEngine();
    const { cursor } = ask(engine, { find: 'c', batchSize: 5, maxTimeMS: 8000 });
    const id = Long.fromNumber(Number((cursor as Document).id));
    expect(ask(engine, { getMore: id, collection: 'c', batchSize: 5 }).ok).to.equal(1);
  });
});
