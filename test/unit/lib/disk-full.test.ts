import { expect } from 'chai';

import { isDiskFull } from '../../../src/lib/disk-full.ts';

const error = (fields: object, message = 'x'): Error => Object.assign(new Error(message), fields);

describe('a full disk', () => {
  const noSpace = 'could not extend file "base/5/19091": No space left on device';

  for (const [what, thrown] of Object.entries({
    'MongoDB and the embedded database': error({ code: 14031 }),
    DocumentDB: error({ code: 4293 }, noSpace),
    'DocumentDB of findAndModify': error({ code: 1 }, noSpace),
    SQLite: error({ code: 'ERR_SQLITE_ERROR', errcode: 13 }),
    'a file': error({ code: 'ENOSPC' }),
    'a quota': error({ code: 'EDQUOT' }),
    'whoever wraps that': new Error('x', { cause: error({ code: 'ENOSPC' }) }),
  })) {
    it(`is what it says of ${what}`, () => expect(isDiskFull(thrown)).to.equal(true));
  }

  it('is nothing else', () => {
    for (const other of [
      ...[error({ code: 11000 }), error({ code: 1 }), error({ errcode: 5 }), error({})],
      ...[error({ code: 2 }, noSpace), 'ENOSPC', undefined],
    ]) {
      expect(isDiskFull(other)).to.equal(false);
    }
  });
});
