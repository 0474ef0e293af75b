/**
 * One person who is always right, from one network and ever new browsers, as a conformance
 * suite signs in: nothing that holds guessers up may hold them up.
 */
import { expect } from 'chai';

import { createOidcRecords } from '../../src/models/oidc-record.ts';
import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';

const levels = 'urn:doorstep:acr:mfa urn:doorstep:acr:pwd';

describe('Many sign-ins of one account', () => {
  let house: House;
  before(async () => {
    house = await openHouse({
      policy: { twoSteps: 'when-asked' },
      oidc: { sessionsPerAccount: 20 },
    });
  });
  after(() => house.close());

  async function signsIn() {
    const bob = await house.atSecondStep('bob', { acr_values: levels });
    bob.landed();
    const claims = await house.shop.claims(bob.landed());
    expect(claims).to.include({ sub: 'id-bob', acr: 'urn:doorstep:acr:pwd' });
    return bob;
  }

  const sessions = () =>
    createOidcRecords(house.connection).model.countDocuments({ signedIn: 'id-bob' });

  it('pass forty times in a row, and leave as many sessions as may be, the newest (S-166)', async () => {
    const first = await signsIn();
    clock.advance({ seconds: 1 });
    for (let round = 1; round < 39; round += 1) {
      await signsIn();
      clock.advance({ seconds: 1 });
    }
    const last = await signsIn();
    expect(await sessions()).to.equal(20);

    await first.opens(await house.shop.signIn({ prompt: 'none' }));
    expect(first.landed().searchParams.get('error')).to.equal('login_required');
    await last.opens(await house.shop.signIn({ prompt: 'none' }));
    expect((await house.shop.claims(last.landed())).sub).to.equal('id-bob');
  }).timeout(60_000);

  it('pass several at a time', async () => {
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(Array.from({ length: 4 }, signsIn));
    }
    expect(await sessions()).to.equal(20);
  }).timeout(60_000);

  it('leave sessions of others alone', async () => {
    const cleo = await house.atSecondStep('cleo');
    await signsIn();
    await cleo.opens(await house.shop.signIn({ prompt: 'none' }));
    expect((await house.shop.claims(cleo.landed())).sub).to.equal('id-cleo');
  });
});
