import { expect } from 'chai';

import { type Channel, ChannelError } from '../../../src/channels/channel.ts';
import { withCircuit } from '../../../src/channels/circuit.ts';
import { failover } from '../../../src/channels/failover.ts';
import { secondsAfter } from '../../../src/lib/clock.ts';

const away = new ChannelError('away', { isTemporary: true });
const wrongNumber = new ChannelError('wrong number', { isTemporary: false });

function carrier() {
  let answer: Error | undefined;
  let asked = 0;
  const taken: string[] = [];
  const channel: Channel<string> = {
    async send(message) {
      asked += 1;
      if (answer) throw answer;
      taken.push(message);
    },
    async check() {
      if (answer) throw answer;
    },
  };
  return {
    channel,
    taken,
    asked: () => asked,
    answers: (next: Error | undefined) => (answer = next),
  };
}

describe('A circuit (R-23)', () => {
  let now: Date;
  const clock = { now: () => now };
  beforeEach(() => (now = new Date('2026-11-22T10:00:00Z')));
  const pass = (seconds: number) => (now = secondsAfter(now, seconds));

  async function fails(road: Channel<string>, times: number): Promise<void> {
    for (let time = 0; time < times; time += 1) {
      await road.send('hello').then(
        () => expect.fail('it was taken'),
        () => undefined,
      );
    }
  }

  it('closes after five failures, and then asks nobody', async () => {
    const { channel, answers, asked } = carrier();
    const road = withCircuit(channel, clock);
    answers(away);
    await fails(road, 4);
    expect(road.isOpen()).to.equal(true);
    await fails(road, 3);
    expect(road.isOpen()).to.equal(false);
    expect(asked()).to.equal(5);
  });

  it('does not count failures that lie apart, nor messages refused for their own sake', async () => {
    const { channel, answers } = carrier();
    const road = withCircuit(channel, clock);
    answers(away);
    for (let failure = 0; failure < 8; failure += 1) {
      await fails(road, 1);
      pass(10);
    }
    expect(road.isOpen()).to.equal(true);
    answers(wrongNumber);
    await fails(road, 10);
    expect(road.isOpen()).to.equal(true);
  });

  it('tries again after half a minute: one more failure closes it, one success opens it', async () => {
    const { channel, answers, taken } = carrier();
    const road = withCircuit(channel, clock);
    answers(away);
    await fails(road, 5);
    pass(29);
    expect(road.isOpen()).to.equal(false);
    pass(1);
    expect(road.isOpen()).to.equal(true);
    await fails(road, 1);
    expect(road.isOpen()).to.equal(false);
    pass(30);
    answers(undefined);
    await road.send('at last');
    answers(away);
    await fails(road, 4);
    expect(road.isOpen()).to.equal(true);
    expect(taken).to.deep.equal(['at last']);
  });

  it('is open again when the clock was set back', async () => {
    const { channel, answers } = carrier();
    const road = withCircuit(channel, clock);
    answers(away);
    await fails(road, 5);
    pass(-3600);
    expect(road.isOpen()).to.equal(true);
  });

  it('with a fallback gives the second what the first does not take', async () => {
    const [one, two] = [carrier(), carrier()];
    const road = failover(withCircuit(one.channel, clock), withCircuit(two.channel, clock));
    await road.send('a');
    one.answers(away);
    await road.send('b');
    one.answers(wrongNumber);
    await road.send('c');
    expect([one.taken, two.taken]).to.deep.equal([['a'], ['b', 'c']]);
    await road.check();
  });

  it('with a fallback is closed only when both are, and asks no closed one', async () => {
    const [one, two] = [carrier(), carrier()];
    const road = failover(withCircuit(one.channel, clock), withCircuit(two.channel, clock));
    one.answers(away);
    for (let message = 0; message < 7; message += 1) await road.send('x');
    expect([one.asked(), two.taken.length]).to.deep.equal([5, 7]);
    two.answers(away);
    await fails(road, 5);
    expect(road.isOpen()).to.equal(false);
    await road.check().then(
      () => expect.fail('nobody is there'),
      (error: unknown) => expect(error).to.equal(away),
    );
  });
});
