import { expect } from 'chai';

import { untilWritten } from '../../../src/lib/optimistic.ts';

describe('A write that is made only over what was read', () => {
  /** A number that others count up while it is being written, so often. */
  function shared(others: number) {
    let [value, reads, left] = [0, 0, others];
    return {
      value: () => value,
      reads: () => reads,
      race: {
        most: 4,
        lost: () => new Error('too busy'),
        async read(): Promise<number> {
          reads += 1;
          return value;
        },
        async write(read: number): Promise<boolean> {
          if (left > 0) [value, left] = [value + 10, left - 1];
          if (value !== read) return false;
          value += 1;
          return true;
        },
      },
    };
  }

  it('is made anew over what somebody quicker wrote', async () => {
    const counter = shared(3);
    expect(await untilWritten(counter.race)).to.equal(30);
    expect(counter.value()).to.equal(31);
  });

  it('is made first over what is known, without reading', async () => {
    const counter = shared(0);
    expect(await untilWritten({ ...counter.race, known: 0 })).to.equal(0);
    expect(counter.reads()).to.equal(0);
  });

  it('is given up with its own error when it is lost too often', async () => {
    const counter = shared(4);
    const failed = await untilWritten(counter.race).catch((error: unknown) => String(error));
    expect(failed).to.equal('Error: too busy');
    expect(counter.reads()).to.equal(4);
    expect(counter.value()).to.equal(40);
  });
});
