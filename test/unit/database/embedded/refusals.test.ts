import { Long } from 'bson';
import type { Document } from 'bson';
import { expect } from 'chai';

import { ask, engineInMemory, engineWith } from './engine-kit.ts';

const refused: readonly (readonly [Document, number, RegExp])[] = [
  [{ mapReduce: 'c' }, 59, /no such command: 'mapReduce'/],
  [{ find: 'c', collation: { locale: 'de' } }, 40415, /'find.collation' is an unknown field/],
  [{ find: 'c', hint: 'a_1' }, 2, /not supported/],
  [{ find: 'c', tailable: true }, 2, /not supported/],
  [{ find: 'c', limit: -1 }, 2, /'limit' value must be >= 0/],
  [{ find: 'c', filter: 'x' }, 14, /wrong type 'string', expected type 'object'/],
  [{ find: 5 }, 14, /wrong type 'int', expected type 'string'/],
  [{ find: 'c', readConcern: { level: 'snapshot' } }, 2, /read concern/],
  [{ insert: 'c', documents: [{}], txnNumber: Long.ONE }, 20, /Transaction numbers/],
  [{ insert: 'c', documents: [{}], startTransaction: true }, 20, /Transaction numbers/],
  [{ insert: 'c', documents: [] }, 2, /batch sizes/],
  [{ insert: 'system.users', documents: [{}] }, 73, /Invalid collection name/],
  [{ create: 'c', capped: true }, 40415, /capped/],
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

  it('leaves out what means nothing to a single server', () => {
    const harmless = {
      lsid: {},
      comment: 'x',
      maxTimeMS: 100,
      $readPreference: { mode: 'primary' },
      readConcern: { level: 'majority' },
      writeConcern: { w: 'majority' },
    };
    expect(ask(engineInMemory(), { count: 'c', ...harmless }).ok).to.equal(1);
  });
});
