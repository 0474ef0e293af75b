/**
 * Clocks that are wrong: the two processes disagree, or the time of both jumps while
 * people sign in. Nobody is turned away who is right, and nothing that was used is good again.
 */
import { expect } from 'chai';

import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import { numberOn } from '../support/paired-people.ts';
import { people } from '../support/people.ts';
import { dansPhone } from '../support/phone.ts';

const PHONE = people.bob.phone;

describe('Clocks that are wrong', () => {
  let house: House;
  before(async () => {
    house = await openHouse({}, { inProcesses: true });
  });
  beforeEach(() => clock.advance({ days: 1 }));
  afterEach(() => house.skew(0));
  after(() => house.close());

  for (const seconds of [15, -15]) {
    it(`${seconds} s apart, the processes let everybody in`, async () => {
      house.skew(seconds);
      for (let round = 0; round < 3; round += 1) {
        clock.advance({ minutes: 2 });
        for (const name of ['ada', 'bob'] as const) {
          const visitor = await house.atSecondStep(name);
          const code = name === 'ada' ? visitor.code() : house.carrier.lastCode(PHONE);
          await visitor.says({ code });
          expect((await house.shop.claims(visitor.landed())).sub).to.equal(`id-${name}`);
        }
      }
    });
  }

  it('15 s apart, the processes take approvals', async () => {
    house.skew(15);
    const phone = await dansPhone(house.issuer);
    for (let round = 0; round < 4; round += 1) {
      clock.advance({ minutes: 2 });
      const dan = await house.atSecondStep('dan');
      await phone.wakes();
      expect((await phone.approves(numberOn(dan))).body.outcome).to.equal('approved');
      await dan.presses('continue');
      dan.landed();
    }
  });

  const jumps = { '+1 h': 3600, '-1 h': -3600, '-60 s': -60 } as const;
  for (const [jump, seconds] of Object.entries(jumps)) {
    it(`${jump}, a code that was used stays used`, async () => {
      const ada = await house.atSecondStep('ada');
      const used = ada.code();
      await ada.says({ code: used });
      ada.landed();
      clock.advance({ seconds });
      const thief = await house.atSecondStep('ada');
      await thief.says({ code: used });
      expect(thief.sees()).to.equal('methods/code/answer');
      clock.advance({ seconds: -seconds });
      const again = await house.atSecondStep('ada');
      await again.says({ code: used });
      expect(again.sees()).to.equal('methods/code/answer');
    });

    it(`${jump} in the middle, a sign-in by text goes on or begins again`, async () => {
      const bob = await house.atSecondStep('bob');
      clock.advance({ seconds });
      await bob.says({ code: house.carrier.lastCode(PHONE) });
      if (seconds > 0) {
        // Of a flow that is over, or a cookie that is: by the browser's clock.
        expect(bob.status()).to.be.oneOf([400, 410]);
        await bob.opens(await house.shop.signIn());
        await bob.identifies();
        await bob.says({ code: house.carrier.lastCode(PHONE) });
      }
      expect((await house.shop.claims(bob.landed())).sub).to.equal('id-bob');
    });
  }

  it('set back an hour, they keep no session longer than that hour', async () => {
    const bob = house.visitor('bob');
    await bob.opens(await house.shop.signIn());
    await bob.identifies(undefined, { stay: true });
    await bob.says({ code: house.carrier.lastCode(PHONE) });
    clock.advance({ hours: -1 });
    await bob.opens(await house.shop.signIn());
    expect(bob.landed().searchParams.get('error')).to.equal(null);
    clock.advance({ days: 31 });
    await bob.opens(await house.shop.signIn());
    expect(bob.sees()).to.equal('sign-in/pick-account');
  });
});
