import { expect } from 'chai';

import type { Way } from '../../../src/assurance/way.ts';
import { createMethods } from '../../../src/methods/index.ts';
import { asIfLifted, choicesOf, holdsSecondStep } from '../../../src/verification/choices.ts';
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

const codes = { addedAt: new Date(0), data: { digests: [] } };

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

  it('stand strongest first whatever the default is, which is marked (B1-08)', () => {
    const credentials = [
      phone('a', '+12015550134', 3),
      phone('b', '+12015550199', 4),
      { ...{ id: 'r', kind: 'recovery-codes', version: 0 }, ...codes },
    ];
    for (const [preferred, marked] of [
      [undefined, []],
      [{ method: 'text', credential: 'b' }, ['text b']],
      [{ method: 'text', credential: 'gone' }, []],
      // What cannot be one is none, whoever wrote it there.
      [{ method: 'recovery-code', credential: 'r' }, []],
    ] as const) {
      const choices = choicesOf(
        { ...ada, credentials, ...(preferred && { preferred }) },
        'sign-in',
        rules,
      );
      const told = ({ method, credential }: Way): string => `${method} ${credential}`;
      expect(choices.map(told)).to.deep.equal(['text a', 'text b', 'recovery-code r']);
      expect(choices.filter(({ isDefault }) => isDefault).map(told)).to.deep.equal(marked);
    }
  });

  it('are without those that are suspended, which still count as a second step (S-115)', () => {
    const suspendedAt = new Date(Date.UTC(2026, 2, 5));
    const held = { ...phone('a', '+12015550134', 3), suspendedAt };
    const preferred = { method: 'text', credential: 'a' };
    const account = { ...ada, credentials: [held], preferred };
    expect(choicesOf(account, 'sign-in', rules)).to.deep.equal([]);
    expect(holdsSecondStep(account, rules)).to.equal(true);
    const [lifted] = choicesOf(asIfLifted(account), 'sign-in', rules);
    expect(lifted).to.include({ method: 'text', credential: 'a', isDefault: true });
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
