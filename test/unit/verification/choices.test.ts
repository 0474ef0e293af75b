import { expect } from 'chai';

import { createMethods } from '../../../src/methods/index.ts';
import { choicesOf } from '../../../src/verification/choices.ts';
import { bareSettings, createPorts } from '../methods/ports.ts';
import { ada } from './rate-limits/counting.ts';

const { ports } = createPorts(new Date('2026-11-22T12:00:00Z'));
const rules = {
  methods: createMethods(bareSettings, ports),
  availability: {
    ...{
      isAllowed: (id: string) => id !== 'call',
      isAvailable: () => true,
      awayBecause: () => undefined,
    },
    policyOf: () => ({}),
    asksUnnamed: () => false,
  },
};

const phone = (id: string, number: string, day: number) => ({
  ...{ id, kind: 'phone', version: 0, addedAt: new Date(Date.UTC(2026, 2, day)) },
  data: { number, countryCallingCode: '1', type: 'mobile' },
});

describe('The ways to choose from', () => {
  it('say when they were added where two look alike, and only there', () => {
    const credentials = [
      phone('a', '+12015550134', 3),
      phone('b', '+12015550234', 4),
      phone('c', '+12015550199', 5),
    ];
    const choices = choicesOf({ ...ada, credentials }, 'sign-in', rules);
    expect(choices.map(({ hint, addedAt }) => [hint, addedAt?.getUTCDate()])).to.deep.equal([
      ['+1 ••• 34', 3],
      ['+1 ••• 34', 4],
      ['+1 ••• 99', undefined],
    ]);
  });

  it('text a mobile phone alone, call every phone, and say which it is', () => {
    const office = phone('d', '+12015550177', 6);
    const credentials = [
      phone('a', '+12015550134', 3),
      { ...office, data: { ...office.data, phoneType: 'office' } },
    ];
    const availability = { ...rules.availability, isAllowed: () => true };
    const choices = choicesOf({ ...ada, credentials }, 'sign-in', { ...rules, availability });
    expect(
      choices.map(({ method, credential, variant }) => [method, credential, variant]),
    ).to.deep.equal([
      ['text', 'a', undefined],
      ['call', 'a', undefined],
      ['call', 'd', 'office'],
    ]);
  });
});
