import { expect } from 'chai';

import { openCounting } from './counting.ts';

const HOUR = 60 * 60;
const her = { id: 'ada', username: 'ada' };

describe('Mails that let a browser in', () => {
  for (const who of [her, { username: 'ned' }]) {
    it(`are two an hour, whoever asks (${who.username})`, async () => {
      const { countAdmission, advance } = openCounting();
      const counted = [];
      for (const seconds of [0, 10, 10, HOUR - 21, 1, 1]) {
        advance(seconds);
        counted.push(await countAdmission(who));
      }
      expect(counted).to.deep.equal([true, true, false, false, true, false]);
    });
  }

  it('are counted for one account by all its names, and for one name by all its spellings', async () => {
    const { countAdmission } = openCounting();
    for (const username of ['ada', 'ada@example.org']) await countAdmission({ ...her, username });
    expect(await countAdmission({ ...her, username: 'ADA' })).to.equal(false);
    for (const username of ['ned', ' NED ']) await countAdmission({ username });
    expect(await countAdmission({ username: 'ｎｅｄ' })).to.equal(false);
    expect(await countAdmission({ username: 'ted' })).to.equal(true);
  });

  it('cost as much for an account as for a name that nobody has (S-007)', async () => {
    const costs = [];
    for (const who of [her, { username: 'ned' }]) {
      const { countAdmission, operations } = openCounting();
      for (let count = 0; count < 3; count += 1) await countAdmission(who);
      costs.push(operations());
    }
    expect(costs[1]).to.equal(costs[0]);
  });
});
