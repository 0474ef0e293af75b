/**
 * Limits hold for the first name and the first address whatever number of others came after
 * them. With 200,000: npm run soak -- R-39
 */
import { expect } from 'chai';

import { type House, openHouse } from '../support/house.ts';
import { createSharedCounters } from '../../src/models/shared-counter.ts';
import type { Visitor } from '../support/visitor.ts';

const OTHERS = 60;
const AT_ONCE = 6;

describe('Limits of many names', () => {
  let house: House;
  before(async () => {
    house = await openHouse({
      server: { trustedProxies: ['127.0.0.1'] },
      // No wait is over before the test is.
      limits: { wrongPasswords: { firstPauseSeconds: 3600 } },
    });
  });
  after(() => house.close());

  /** The statuses of so many wrong passwords of one name, in one sign-in after the other. */
  async function guesses(identifier: string, address: string, count = 1): Promise<number[]> {
    const statuses: number[] = [];
    while (statuses.length < count) {
      const visitor: Visitor = house.visitor();
      visitor.comesFrom(address);
      await visitor.opens(await house.shop.signIn());
      await visitor.says({ identifier });
      await visitor.says({ password: 'wrong but long enough' });
      statuses.push(visitor.status());
    }
    return statuses;
  }

  it('hold for the first after all the others, and after a restart', async () => {
    expect(await guesses('first', '192.0.2.1', 6)).to.deep.equal([200, 200, 200, 200, 200, 429]);
    expect(await guesses('second', '192.0.2.2', 4)).to.deep.equal([200, 200, 200, 200]);
    let turn = 0;
    const statuses: number[] = [];
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        while (turn < OTHERS) {
          turn += 1;
          statuses.push(...(await guesses(`stranger-${turn}`, `198.51.100.${turn}`)));
        }
      }),
    );
    expect(statuses).to.deep.equal(Array<number>(OTHERS).fill(200));
    const kept = await createSharedCounters(house.connection).model.countDocuments({});
    expect(kept, 'one for each name and one for each network').to.equal(2 * (OTHERS + 2));

    await house.restart();
    expect(await guesses('first', '192.0.2.1')).to.deep.equal([429]);
    expect(await guesses('second', '192.0.2.2', 2)).to.deep.equal([200, 429]);
    expect(await guesses('third', '192.0.2.3')).to.deep.equal([200]);
  }).timeout(120_000);
});
