/**
 * What holds for messages to telephones, however many are asked for at once and in whatever order
 * the database does what it is asked (S-073, S-074).
 */
import { expect } from 'chai';
import fc from 'fast-check';

import type { Purpose } from '../../../src/assurance/purpose.ts';
import { holdsLater } from '../../support/soak.ts';
import { withoutPauses } from '../verification/memory-door.ts';
import { numberAt, openSending } from '../verification/rate-limits/sending.ts';

const ten = fc.integer({ min: 1, max: 10 });
const percent = fc.integer({ min: 1, max: 100 });
const figures = fc.record({
  ...{ perPrefixInAnHour: ten, perCountryInAnHour: ten, perServiceInAnHour: ten },
  ...{ percentForResets: percent, percentForEnrolments: percent },
});
type Figures = typeof figures extends fc.Arbitrary<infer Each> ? Each : never;

const messages = fc.array(
  fc.record({
    purpose: fc.constantFrom<Purpose[]>('sign-in', 'change', 'reset', 'enrol'),
    number: fc.nat(3),
    block: fc.constantFrom('+49151123', '+49151124', '+1425555'),
  }),
  { minLength: 1, maxLength: 12 },
);
type Message = (typeof messages extends fc.Arbitrary<(infer Each)[]> ? Each : never) & object;

/** Of one class, which has this part of all budgets. */
function isWithin(sent: readonly Message[], most: Figures, part: number): void {
  const share = (figure: number): number => Math.ceil((figure * part) / 100);
  expect(sent.length).to.be.at.most(share(most.perServiceInAnHour));
  for (const some of Map.groupBy(sent, ({ block }) => block.slice(0, 2)).values()) {
    expect(some.length).to.be.at.most(share(most.perCountryInAnHour));
  }
  for (const some of Map.groupBy(sent, ({ block }) => block).values()) {
    expect(some.length).to.be.at.most(share(most.perPrefixInAnHour));
    const numbers = some.map(({ number }) => number);
    expect(new Set(numbers).size, 'one each in a minute').to.equal(numbers.length);
  }
}

describe('Messages that are asked for at once', () => {
  withoutPauses();

  it('are never more than each budget lets go, and no class spends another’s', () =>
    holdsLater(
      fc.asyncProperty(figures, messages, fc.scheduler(), async (most, all, scheduler) => {
        const { sends } = openSending(most, () => scheduler.schedule(Promise.resolve()));
        const asked = all.map(({ block, number, purpose }, index) =>
          sends(numberAt(number, block), purpose, `account${index}`),
        );
        const outcomes = await scheduler.waitFor(Promise.all(asked));
        const sent = all.filter((_, index) => outcomes[index] === 'sent');
        const of = (...purposes: readonly Purpose[]): Message[] =>
          sent.filter(({ purpose }) => purposes.includes(purpose));
        isWithin(of('sign-in', 'change'), most, 100);
        isWithin(of('reset'), most, most.percentForResets);
        isWithin(of('enrol'), most, most.percentForEnrolments);
      }),
    ));
});
