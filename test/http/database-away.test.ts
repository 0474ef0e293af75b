import { expect } from 'chai';

import { type House, openHouse } from '../support/house.ts';

describe('Without its database', () => {
  let house: House;
  before(async () => (house = await openHouse()));
  after(() => house.close());

  it('the house lives, says that it is not ready, and lets nobody in (R-15)', async () => {
    const bob = await house.atSecondStep('bob');
    await house.connection.close();

    expect((await bob.raw('/healthz')).status).to.equal(200);
    expect((await bob.raw('/readyz')).status).to.equal(503);
    await bob.reloads();
    expect(bob.status()).to.equal(503);
    expect(bob.reads()).to.match(/again/i);
    await bob.opens(await house.shop.signIn());
    expect(bob.status()).to.equal(503);
    expect(Number(bob.headers().get('retry-after'))).to.be.greaterThan(0);

    await house.restart();
    expect((await bob.raw('/readyz')).status).to.equal(200);
  });
});
