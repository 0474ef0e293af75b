import { expect } from 'chai';

import { audience, includes } from '../../../src/policy/audience.ts';

const staff = ['staff'];
const both = ['staff', 'contractors'];

describe('An audience', () => {
  const table: readonly (readonly [string, unknown, boolean[]])[] = [
    // Somebody in no group, in staff, in staff and contractors; and anybody at all.
    ['everybody', true, [true, true, true, true]],
    ['nobody', false, [false, false, false, false]],
    ['some groups', { include: ['groups:staff'] }, [false, true, true, true]],
    ['all but some', { exclude: ['groups:contractors'] }, [true, true, false, true]],
    [
      'some, but not those who are in others as well',
      { include: ['groups:staff'], exclude: ['groups:contractors'] },
      [false, true, false, true],
    ],
  ];
  for (const [name, given, expected] of table) {
    it(`is ${name}`, () => {
      const allowed = audience.parse(given);
      const seen = [[], staff, both, undefined].map((groups) => includes(allowed, groups));
      expect(seen).to.deep.equal(expected);
    });
  }

  it('may name one group alone', () => {
    expect(audience.parse({ exclude: 'groups:contractors' })).to.deep.equal({
      exclude: ['groups:contractors'],
    });
  });

  for (const odd of [
    null,
    'groups:staff',
    { include: [] },
    { include: ['staff'] },
    { only: 'x' },
  ]) {
    it(`is not ${JSON.stringify(odd)}`, () => {
      expect(audience.safeParse(odd).success).to.equal(false);
    });
  }
});
