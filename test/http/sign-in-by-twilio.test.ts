/**
 * A whole call by Twilio: placed with one form, heard by another that it signs, and ended in its
 * own words. What a call is good for is in sign-in-with-call.test.ts.
 */
import { expect } from 'chai';
import twilioLibrary from 'twilio';

import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import { people } from '../support/people.ts';
import { prefers } from '../support/prefers.ts';
import { digitsOn } from '../support/telephone.ts';
import { openVendor, type Vendor } from '../support/vendor.ts';
import { twilio } from '../support/vendors.ts';

const { authToken } = twilio.account;

describe('Signing in with a call by Twilio', () => {
  let vendor: Vendor;
  let house: House;
  before(async () => {
    vendor = await openVendor(twilio.taken);
    house = await openHouse({
      channels: {
        twilio: { ...twilio.account, from: '+14255550100', url: vendor.url },
        voice: { driver: 'twilio' },
      },
      policy: { methods: { call: { signIn: true } } },
    });
  });
  beforeEach(() => vendor.answers());
  after(async () => {
    await house.close();
    await vendor.close();
  });

  async function called() {
    await prefers(house, 'bob', { method: 'call', credential: 'phone' });
    const bob = await house.atSecondStep('bob');
    const { form = {} } = vendor.asked[0] ?? {};
    return { bob, form, at: form.StatusCallback ?? '' };
  }

  async function posts(at: string, form: Record<string, string>, token: string = authToken) {
    const signature = twilioLibrary.getExpectedTwilioSignature(token, at, form);
    const headers = { 'x-twilio-signature': signature };
    const response = await fetch(at, {
      ...{ method: 'POST', headers, body: new URLSearchParams(form) },
    });
    const { status } = response;
    return { status, type: response.headers.get('content-type'), says: await response.text() };
  }

  it('signs in by the digits that are pressed, and is thanked', async () => {
    const { bob, form, at } = await called();
    expect(form.To).to.equal(people.bob.phone);
    expect(form.Twiml).to.contain('<Gather ').and.to.contain('The Shop');
    expect(form.Twiml).to.contain(`action="${at.replaceAll('&', '&amp;')}"`);
    const keyed = { CallSid: 'CA1', CallStatus: 'in-progress', Digits: digitsOn(bob) };
    const { status, type, says } = await posts(at, keyed);
    expect({ status, type }).to.deep.equal({ status: 200, type: 'text/xml; charset=utf-8' });
    expect(says).to.contain('<Say language="en-US">Thank you. Goodbye.</Say><Hangup/>');
    expect((await posts(at, { CallSid: 'CA1', CallStatus: 'completed' })).status).to.equal(200);
    await bob.presses('continue');
    const { amr } = await house.shop.claims(bob.landed());
    expect(amr).to.have.members(['pwd', 'tel', 'mfa']);
  });

  it('is not over when a copy finds the line busy that the first call holds', async () => {
    clock.advance({ minutes: 1 });
    vendor.answers([200, 'placed, and nobody can read that']);
    const { bob, at } = await called();
    vendor.answers();
    clock.advance({ seconds: 6 });
    await house.settles();
    const [copy] = vendor.asked;
    expect(copy?.form.Twiml).to.contain('<Gather ');
    expect(copy?.form, 'asks for no word of its end').not.to.have.property('StatusCallback');
    await bob.reloads();
    const keyed = { CallSid: 'CA1', CallStatus: 'in-progress', Digits: digitsOn(bob) };
    expect((await posts(at, keyed)).says).to.contain('Thank you.');
    await bob.presses('continue');
    bob.landed();
  });

  it('is not answered by who has another token, nor by the signature of another call', async () => {
    clock.advance({ minutes: 1 });
    const { bob, at } = await called();
    const form = { CallSid: 'CA1', Digits: digitsOn(bob) };
    expect((await posts(at, form, 'another')).status).to.equal(404);
    const signature = twilioLibrary.getExpectedTwilioSignature(authToken, `${at}2`, form);
    const elsewhere = await fetch(at, {
      ...{ method: 'POST', headers: { 'x-twilio-signature': signature } },
      body: new URLSearchParams(form),
    });
    expect(elsewhere.status).to.equal(404);
    expect((await posts(at, form)).status, 'by Twilio it is').to.equal(200);
    await bob.presses('continue');
    bob.landed();
  });
});
