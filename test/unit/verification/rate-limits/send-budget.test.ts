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

describe('What is mailed', () => {
  for (const [purpose, most] of [
    ['enrol', 5],
    ['reset', 3],
  ] as const) {
    it(`is no more than ${most} codes a day to one mailbox for ${purpose}`, async () => {
      const { mails, advance } = openSending();
      const outcomes: string[] = [];
      for (const _ of few(20)) {
        advance(HOUR);
        outcomes.push(await mails('ada@example.org', purpose));
      }
      expect(sentOf(outcomes)).to.equal(most);
    });
  }

  it('is one code a minute, also where two ask at once', async () => {
    const { mails, advance } = openSending();
    const outcomes = await Promise.all([
      mails('ada@example.org', 'enrol'),
      mails('ada@example.org', 'enrol', 'mallory'),
    ]);
    expect(outcomes).to.have.members(['sent', 'too-many-messages']);
    advance(60);
    expect(await mails('ada@example.org', 'enrol')).to.equal('sent');
  });

  it('by one account is no more than twice what one mailbox gets, and takes nothing of texts', async () => {
    const { mails, sends } = openSending();
    const outcomes: string[] = [];
    for (const index of few(15)) {
      outcomes.push(await mails(`person${index}@example.org`, 'enrol', 'mallory'));
    }
    expect(sentOf(outcomes)).to.equal(10);
    expect(await mails('person14@example.org', 'enrol'), 'refused, so not counted').to.equal(
      'sent',
    );
    expect(await sends(numberAt(1), 'enrol', 'mallory')).to.equal('sent');
  });
});
