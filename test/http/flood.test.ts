/**
 * More passwords than can be compared: whoever is too many is told so, and that costs
 * next to nothing, because for most of them nothing is counted and taken back.
 */
import { expect } from 'chai';

import { atOnce, sends } from '../support/at-once.ts';
import { type House, openHouse } from '../support/house.ts';
import type { Visitor } from '../support/visitor.ts';

const CROWD = 80;
/** Each takes so long that all of them meet. */
const passwords = { memoryKiB: 19_456, passes: 12, atOnce: 1, mostWaiting: 1 };

describe('A flood of passwords', () => {
  let house: House;
  before(async () => (house = await openHouse({ passwords })));
  after(() => house.close());

  async function asked(index: number): Promise<Visitor> {
    const visitor = house.visitor();
    await visitor.opens(await house.shop.signIn());
    await visitor.says({ identifier: `nobody-${index}` });
    return visitor;
  }

  it('is sent away, mostly before it is counted, and told when to come back', async () => {
    const crowd = await atOnce(CROWD, asked);
    const answers = await Promise.all(
      crowd.map((one) => sends(one, one.formFor('form[data-step]'), { password: 'a guess' })),
    );
    const sentAway = answers.filter(({ status }) => status === 503);
    const judged = answers.filter(({ status }) => status === 303);
    expect(judged.length).to.be.within(1, CROWD / 2);
    expect(sentAway).to.have.length(CROWD - judged.length);
    for (const { headers } of sentAway) expect(headers.get('retry-after')).to.equal('5');

    const limits = await house.connection.collection('limits').find().toArray();
    const counted = limits.filter(({ _id }) => String(_id).startsWith('stranger:'));
    expect(counted.length).to.be.within(judged.length, CROWD / 2);
  });
});
