import { expect } from 'chai';

import { isNumberServed } from '../../../src/credentials/phone-country.ts';

describe('A number that somebody holds', () => {
  const rows = [
    ['+14255551234', '1', [], true],
    ['+14255551234', '1', ['US'], true],
    // Canada and Jamaica share +1 with the United States.
    ['+15062345678', '1', ['US'], false],
    ['+18762101234', '1', ['US'], false],
    ['+4915123456789', '49', ['US', 'DE'], true],
    ['+33612345678', '33', ['US', 'DE'], false],
    // Nobody has it today; its calling code decides.
    ['+4915', '49', ['DE'], true],
    ['+4915', '49', ['FR'], false],
  ] as const;

  for (const [number, country, allowed, isServed] of rows) {
    it(`${number} is ${isServed ? '' : 'not '}served where [${allowed.join()}] are`, async () => {
      expect(await isNumberServed({ number, country }, allowed)).to.equal(isServed);
    });
  }
});
