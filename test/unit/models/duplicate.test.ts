import { expect } from 'chai';

import { isDuplicate } from '../../../src/models/duplicate.ts';

const told = (code: number, message: string) => Object.assign(new Error(message), { code });

describe('a key that is taken', () => {
  it('is known in the words of every engine, and nothing else is', () => {
    for (const [error, is] of [
      [told(11000, 'E11000 duplicate key error collection: doorstep.failures'), true],
      [told(1, 'conflicting key value violates exclusion constraint "documents_1"'), true],
      [told(1, 'duplicate key value violates unique constraint "collection_pk_15"'), true],
      [told(16908292, 'deadlock detected'), true],
      [told(1, 'No space left on device'), false],
      [told(50, 'operation exceeded time limit'), false],
      ['duplicate key value violates unique constraint', false],
    ] as const) {
      expect(isDuplicate(error), String(error)).to.equal(is);
    }
  });
});
