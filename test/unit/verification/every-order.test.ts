import { expect } from 'chai';

import { Problem } from '../../../src/lib/problem.ts';
import { atOnce, inEveryOrder, step } from './every-order.ts';

/** A number that is read, and written a step later. */
function counter() {
  let stored = 0;
  return {
    stored: () => stored,
    add: async (): Promise<void> => {
      await step();
      const read = stored;
      await step();
      stored = read + 1;
    },
  };
}

const failureOf = (orders: Promise<number>): Promise<string> => orders.then(() => '', String);

describe('Every order', () => {
  for (const [calls, steps, orders] of [
    [1, 5, 1],
    [2, 3, 20],
    [3, 2, 90],
  ] as const) {
    it(`of ${calls} calls of ${steps} steps is one of ${orders}, each another`, async () => {
      const seen = new Set<string>();
      const count = await inEveryOrder(async () => {
        let order = '';
        const call = (name: number) => async () => {
          for (let taken = 0; taken < steps; taken += 1) {
            await step();
            order += String(name);
          }
        };
        return {
          calls: Array.from({ length: calls }, (_, name) => call(name)),
          check: async () => void seen.add(order),
        };
      });
      expect([count, seen.size]).to.deep.equal([orders, orders]);
    });
  }

  it('finds what is lost in one of them, and names it', async () => {
    const failure = await failureOf(
      inEveryOrder(async () => {
        const { add, stored } = counter();
        return { calls: [add, add], check: async () => expect(stored()).to.equal(2) };
      }),
    );
    expect(failure).to.contain('in the order abab: ');
  });

  it('is one of few where all is done at once', async () => {
    const orders = inEveryOrder(async () => {
      const { add, stored } = counter();
      const call = () => atOnce(add);
      return { calls: [call, call], check: async () => expect(stored()).to.equal(2) };
    });
    expect(await orders).to.equal(2);
  });

  it('ends anywhere for a call that may be killed, and for no other', async () => {
    const left: number[] = [];
    await inEveryOrder(async () => {
      const { add, stored } = counter();
      return { calls: [add], isMortal: true, check: async () => void left.push(stored()) };
    });
    expect(left).to.deep.equal([1, 0, 0]);
  });

  it('takes a refusal for a result, and a fault for a failure', async () => {
    const story = (error: Error) =>
      inEveryOrder(async () => ({
        calls: [() => Promise.reject<number>(error)],
        async check([result]) {
          expect(result).to.equal(error);
        },
      }));
    expect(await story(new Problem('busy'))).to.equal(1);
    expect(await failureOf(story(new TypeError('poison')))).to.contain('a fault of ours');
  });
});
