import { setTimeout as pause } from 'node:timers/promises';

import { expect } from 'chai';

import { every } from '../../../src/lib/every.ts';

describe('every', () => {
  it('never runs twice at once, and waits for the last run when stopped', async () => {
    let [now, most, done] = [0, 0, 0];
    const repeating = every(
      1,
      async () => {
        now += 1;
        most = Math.max(most, now);
        await pause(5);
        now -= 1;
        done += 1;
      },
      () => undefined,
    );
    while (done < 2) await pause(1);
    await repeating.stop();
    expect(now).to.equal(0);
    expect(most).to.equal(1);
    const before = done;
    await pause(10);
    expect(done).to.equal(before);
  });

  it('tells what failed, and goes on', async () => {
    const told: unknown[] = [];
    const repeating = every(
      1,
      () => Promise.reject(new Error('again')),
      (error) => told.push(error),
    );
    while (told.length < 3) await pause(1);
    await repeating.stop();
    expect(told[0]).to.be.instanceOf(Error);
  });
});
