import { expect } from 'chai';

import type { Purpose } from '../../../../src/assurance/purpose.ts';
import { maskBlock } from '../../../../src/lib/mask.ts';
import { numberAt, openSending } from './sending.ts';

type Sending = ReturnType<typeof openSending>;

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const few = (count: number): number[] => [...Array(count).keys()];

/** Numbers of one prefix, each written to; the first of them type their codes. */
async function writes(
  { sends, completes }: Sending,
  { count, completed = 0, from = 0 }: { count: number; completed?: number; from?: number },
  purpose: Purpose = 'enrol',
): Promise<void> {
  for (const index of few(count)) {
    expect(await sends(numberAt(from + index), purpose)).to.equal('sent');
    if (index < completed) await completes(numberAt(from + index));
  }
}

describe('A prefix whose codes nobody types', () => {
  it('is paused for whatever caused it, and told of once (S-074)', async () => {
    const sending = openSending();
    const { sends, advance, alerts, counted } = sending;
    await writes(sending, { count: 10 });
    advance(HOUR);
    const raced = await Promise.all(few(5).map((index) => sends(numberAt(100 + index), 'enrol')));
    expect(raced).to.deep.equal(Array(5).fill('messages-paused'));
    expect(alerts.map(({ name, details }) => ({ name, details }))).to.deep.equal([
      {
        name: 'messages.paused',
        details: { to: '+49 1511••••••', purpose: 'enrol', until: '2026-11-22T19:00:00.000Z' },
      },
    ]);
    const pauses = counted.filter(({ name }) => name === 'message_pauses_total');
    expect(pauses).to.deep.equal([{ name: 'message_pauses_total', labels: { purpose: 'enrol' } }]);
    expect(await sends(numberAt(200), 'sign-in'), 'of others').to.equal('sent');
    expect(await sends(numberAt(200), 'reset'), 'of others').to.equal('sent');
    expect(await sends(numberAt(0, '+49151999'), 'enrol'), 'elsewhere').to.equal('sent');
  });

  it('opens again after the pause, and is then judged by what is new', async () => {
    const sending = openSending();
    const { sends, advance, alerts } = sending;
    await writes(sending, { count: 10 });
    advance(HOUR);
    await sends(numberAt(50), 'enrol');
    advance(6 * HOUR - 1);
    expect(await sends(numberAt(51), 'enrol')).to.equal('messages-paused');
    advance(1);
    await writes(sending, { count: 10, from: 60 });
    advance(HOUR);
    expect(await sends(numberAt(52), 'enrol')).to.equal('messages-paused');
    expect(alerts).to.have.length(2);
  });

  it('is not paused while the codes can still be typed', async () => {
    const sending = openSending();
    await writes(sending, { count: 20 }, 'sign-in');
    sending.advance(10 * MINUTE - 1);
    expect(await sending.sends(numberAt(99), 'sign-in')).to.equal('too-many-messages');
  });

  for (const [completed, outcome] of [
    [2, 'messages-paused'],
    [3, 'sent'],
  ] as const) {
    it(`is judged by a quarter: ${completed} of 10 typed is ${outcome}`, async () => {
      const sending = openSending();
      await writes(sending, { count: 10, completed });
      sending.advance(HOUR);
      expect(await sending.sends(numberAt(99), 'enrol')).to.equal(outcome);
    });
  }

  it('needs ten messages within a day', async () => {
    const sending = openSending();
    await writes(sending, { count: 9 });
    sending.advance(23 * HOUR);
    expect(await sending.sends(numberAt(98), 'enrol')).to.equal('sent');
    sending.advance(2 * HOUR);
    expect(await sending.sends(numberAt(99), 'enrol')).to.equal('sent');
  });

  it('is not paused by the owner of one number, who never types a code (S-011)', async () => {
    const sending = openSending();
    for (const _ of few(10)) {
      sending.advance(HOUR);
      expect(await sending.sends(numberAt(1))).to.equal('sent');
    }
    sending.advance(HOUR);
    expect(await sending.sends(numberAt(2))).to.equal('sent');
  });

  it('is not paused for what the carrier did not take (S-011)', async () => {
    const { sends, fails, advance } = openSending();
    for (const index of few(15)) {
      expect(await sends(numberAt(index))).to.equal('sent');
      await fails(numberAt(index));
    }
    advance(HOUR);
    expect(await sends(numberAt(20))).to.equal('sent');
  });

  it('is paused too where each number was refused twice before, on purpose (S-074)', async () => {
    const sending = openSending();
    const { sends, advance } = sending;
    const elsewhere = few(10).map((index) => numberAt(0, `+4915${200 + index}`));
    for (const number of elsewhere) await sends(number, 'enrol', 'mallory');
    for (const index of few(10)) {
      expect(await sends(numberAt(index), 'enrol', 'mallory')).to.equal('too-many-messages');
      advance(MINUTE);
      expect(await sends(numberAt(index), 'enrol', 'mallory')).to.equal('too-many-messages');
      advance(MINUTE);
      expect(await sends(numberAt(index), 'enrol')).to.equal('sent');
    }
    advance(HOUR);
    expect(await sends(numberAt(99), 'enrol')).to.equal('messages-paused');
  });

  it('costs a message one more round trip, and a right code one', async () => {
    const { sends, completes, operations } = openSending();
    await sends(numberAt(1));
    // Number, prefix, country and service are read and written, the account is made and
    // written; and then the one more.
    expect(operations()).to.equal(11);
    await completes(numberAt(1));
    expect(operations()).to.equal(12);
  });
});

describe('A budget that many share', () => {
  it('is told of once an hour when 70 % of it are used up', async () => {
    const sending = openSending();
    const { alerts, advance } = sending;
    await writes(sending, { count: 13, completed: 13 }, 'sign-in');
    expect(alerts).to.deep.equal([]);
    await writes(sending, { count: 7, completed: 7, from: 20 }, 'sign-in');
    expect(alerts.map(({ name, details }) => ({ name, details }))).to.deep.equal([
      {
        name: 'budget.shrank',
        details: { to: '+49 1511••••••', purpose: 'sign-in', used: 14, most: 20 },
      },
    ]);
    advance(HOUR);
    await writes(sending, { count: 14, completed: 14, from: 40 }, 'sign-in');
    expect(alerts).to.have.length(2);
  });

  it('is told of by whichever of many at once gets there', async () => {
    const { sends, alerts } = openSending();
    await Promise.all(few(20).map((index) => sends(numberAt(index))));
    expect(alerts).to.have.length(1);
  });
});

describe('A number whose country is served no more', () => {
  it('is sent nothing, and counted nowhere (S-074)', async () => {
    const { sends, operations } = openSending();
    expect(await sends(numberAt(1))).to.equal('sent');
    const before = operations();
    expect(await sends('+97912345678')).to.equal('phone-country-refused');
    expect(operations() - before, 'but to make the account').to.equal(1);
  });

  it('is shown without the digits that say whose it is', () => {
    expect(maskBlock('1', '+14255550134')).to.equal('+1 4255••••••');
    expect(maskBlock('290', '+29051234')).to.equal('+290 ••••••');
  });
});
