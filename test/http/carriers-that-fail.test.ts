/**
 * Carriers that fail: people are told, have a way on, and pay nothing for it but a message of
 * their budget.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

import { expect } from 'chai';

import { openCarrier } from '../support/carrier.ts';
import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import { openVendor } from '../support/vendor.ts';
import { twilio } from '../support/vendors.ts';

const ADA = '+447700900156';
const BOB = '+14255550134';

describe('Carriers that fail', () => {
  let house: House;
  beforeEach(async () => (house = await openHouse()));
  afterEach(() => house.close());

  // One that may be asked again, and one that may not; test/unit/channels has them all.
  for (const status of [503, 400]) {
    it(`say so when the carrier answers ${status}, count no wrong code, and take the next`, async () => {
      house.carrier.answers(status);
      const ada = await house.atSecondStep('ada');
      await ada.presses('another-way');
      await ada.says({ method: 'text', credential: 'phone' });
      expect(ada.sees()).to.equal('methods/text/answer');
      expect(ada.reads()).to.contain('could not text you').and.not.to.contain('tries left');
      house.carrier.answers(202);
      clock.advance({ minutes: 1 });
      await ada.presses('again');
      await ada.says({ code: house.carrier.lastCode(ADA) });
      ada.landed();
    });
  }

  it('say what STOP did, and what undoes it, and send again once it is undone', async () => {
    house.carrier.answers(410);
    const bob = await house.atSecondStep('bob');
    expect(bob.reads()).to.contain('because STOP was sent').and.to.contain('Send START');
    expect(bob.reads()).not.to.contain('another way');
    house.carrier.answers(202);
    clock.advance({ minutes: 1 });
    await bob.presses('again');
    expect(bob.reads()).not.to.contain('STOP');
    await bob.says({ code: house.carrier.lastCode(BOB) });
    bob.landed();
  });

  it('are asked again meanwhile, and the page says no more that nothing left', async () => {
    house.carrier.answers(503);
    const bob = await house.atSecondStep('bob');
    expect(bob.reads()).to.contain('could not text you');
    house.carrier.answers(202);
    clock.advance({ seconds: 6 });
    await house.settles();
    await bob.opens(bob.at());
    expect(bob.reads()).not.to.contain('could not text you');
    await bob.says({ code: house.carrier.lastCode(BOB) });
    bob.landed();
  });

  it('say so when nobody speaks HTTP there', async () => {
    const garbage = createServer((socket) =>
      socket.on('error', () => undefined).end('\x16\x03garbage'),
    );
    garbage.listen(0, '127.0.0.1');
    await once(garbage, 'listening');
    const { port } = garbage.address() as AddressInfo;
    const other = await openHouse({ channels: { sms: { url: `https://127.0.0.1:${port}/` } } });
    const bob = await other.atSecondStep('bob');
    expect(bob.reads()).to.contain('could not text you');
    await other.close();
    garbage.close();
  });

  it('are not asked again for half a minute; what they serve is shown as not available', async () => {
    await house.close();
    // More than one person would be sent, so that the carrier fails often enough.
    const sends = { pausePerNumberSeconds: 1, perNumberIn10Minutes: 5, perNumberInAnHour: 10 };
    house = await openHouse({ limits: { sends } });
    house.carrier.answers(500);
    // Six requests each, so all five texts are sent by one process; then it is the other's turn.
    for (let failure = 0; failure < 5; failure += 1) {
      expect((await house.atSecondStep('bob')).reads()).to.contain('could not text you');
      clock.advance({ seconds: 1 });
    }
    await house.visitor().opens('/help');
    for (let failure = 0; failure < 5; failure += 1) {
      const ada = await house.atSecondStep('ada');
      await ada.presses('another-way');
      await ada.says({ method: 'text', credential: 'phone' });
      expect(ada.reads()).to.contain('could not text you');
      clock.advance({ seconds: 1 });
    }
    house.carrier.answers(202);
    const ada = await house.atSecondStep('ada');
    await ada.presses('another-way');
    expect(ada.reads()).to.contain('Not available right now');
    const offered = ada.html().querySelectorAll('form input[name="method"]');
    expect(offered.map((input) => input.getAttribute('value'))).to.deep.equal([
      'code',
      'recovery-code',
    ]);

    const bob = await house.atSecondStep('bob');
    expect(bob.sees()).to.equal('sign-in/choose');
    expect(bob.reads()).to.contain('Not available right now').and.to.contain('Try again');
    expect(house.carrier.texts).to.deep.equal([]);

    clock.advance({ seconds: 30 });
    await bob.presses('continue');
    expect(bob.sees()).to.equal('sign-in/begin');
    clock.advance({ minutes: 10 });
    const later = await house.atSecondStep('bob');
    await later.says({ code: house.carrier.lastCode(BOB) });
    later.landed();
  });

  it('are replaced by the fallback, and nobody notices', async () => {
    const second = await openCarrier();
    const sms = { url: house.carrier.url, fallback: { url: second.url } };
    const other = await openHouse({ channels: { sms } });
    house.carrier.answers(503);
    const bob = await other.atSecondStep('bob');
    expect(bob.reads()).not.to.contain('could not text you');
    await bob.says({ code: second.lastCode(BOB) });
    bob.landed();
    await other.close();
    await second.close();
  });

  it('are replaced by the fallback where our account is refused, and only operators hear of it', async () => {
    const vendor = await openVendor(twilio.refusal(403, 20005));
    const other = await openHouse({
      channels: {
        twilio: { ...twilio.account, from: '+14255550100', url: vendor.url },
        sms: { driver: 'twilio', fallback: { url: house.carrier.url } },
      },
      log: { level: 'error' },
    });
    const bob = await other.atSecondStep('bob');
    await bob.says({ code: house.carrier.lastCode(BOB) });
    bob.landed();
    const { time: _, ...line } = JSON.parse(await other.logged()) as Record<string, unknown>;
    const fields = { channel: 'sms', driver: 'twilio', code: '20005' };
    expect(line).to.deep.include({ level: 'error', event: 'channel.account-refused', ...fields });
    expect(JSON.stringify(line)).not.to.contain(BOB.slice(-4));
    await other.close();
    await vendor.close();
  });

  it('cost a message of the budget even so', async () => {
    house.carrier.answers(500);
    for (let message = 0; message < 3; message += 1) {
      await house.atSecondStep('bob');
      clock.advance({ minutes: 1 });
    }
    const bob = house.visitor('bob');
    await bob.opens(await house.shop.signIn());
    await bob.identifies();
    expect(bob.status()).to.equal(429);
  });

  it('may bring a text late and out of order: only the newest code works (R-24)', async () => {
    const bob = await house.atSecondStep('bob');
    const first = house.carrier.lastCode(BOB);
    clock.advance({ minutes: 1 });
    await bob.presses('again');
    const newest = house.carrier.lastCode(BOB);
    await bob.says({ code: first });
    expect(bob.reads()).to.contain('4 tries left');
    await bob.says({ code: newest });
    bob.landed();
  });
});
