import { expect } from 'chai';

import type { Purpose } from '../../../../src/assurance/purpose.ts';
import { numberAt, openSending } from './sending.ts';

type Sending = ReturnType<typeof openSending>;

const HOUR = 3600;
const few = (count: number): number[] => [...Array(count).keys()];
const sentOf = (outcomes: readonly string[]): number =>
  outcomes.filter((outcome) => outcome === 'sent').length;

/** One to each of so many numbers, all at once. */
async function burst({ sends }: Sending, count: number, purpose: Purpose): Promise<number> {
  return sentOf(await Promise.all(few(count).map((index) => sends(numberAt(index), purpose))));
}

/** One an hour to the same number. */
async function hourly({ sends, advance }: Sending, hours: number, purpose: Purpose) {
  let sent = 0;
  for (const _ of few(hours)) {
    advance(HOUR);
    if ((await sends(numberAt(1), purpose)) === 'sent') sent += 1;
  }
  return sent;
}

describe('What is sent to telephones', () => {
  const inADay = { 'sign-in': 10, change: 10, reset: 3, enrol: 5 } as const;

  for (const [purpose, most] of Object.entries(inADay) as [Purpose, number][]) {
    it(`is no more than ${most} messages a day to one number for ${purpose} (S-073)`, async () => {
      expect(await hourly(openSending(), 20, purpose)).to.equal(most);
    });
  }

  const toAPrefix = { 'sign-in': 20, reset: 4, enrol: 10 } as const;

  for (const [purpose, most] of Object.entries(toAPrefix) as [Purpose, number][]) {
    it(`is no more than ${most} an hour to a prefix for ${purpose}, at once too (S-074)`, async () => {
      expect(await burst(openSending(), 25, purpose)).to.equal(most);
    });
  }

  it('for enrolments and resets takes nothing of what sign-ins may send (S-129)', async () => {
    const sending = openSending({ perCountryInAnHour: 20, perServiceInAnHour: 20 });
    expect(await burst(sending, 15, 'enrol')).to.equal(10);
    expect(await burst(sending, 15, 'reset')).to.equal(4);
    expect(await burst(sending, 15, 'sign-in'), 'to the very same numbers').to.equal(15);
  });

  it('by one account is no more than twice what one number gets, whatever numbers', async () => {
    const { sends } = openSending();
    const outcomes: string[] = [];
    for (const index of few(15)) {
      outcomes.push(await sends(numberAt(0, `+4915${100 + index}`), 'enrol', 'mallory'));
    }
    expect(sentOf(outcomes)).to.equal(10);
  });
});
