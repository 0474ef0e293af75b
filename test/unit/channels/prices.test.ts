import { expect } from 'chai';
import fc from 'fast-check';

import { createPriceList, priceSettings } from '../../../src/channels/prices.ts';
import { holds } from '../../support/soak.ts';

describe('the prices of messages', () => {
  const priceOf = createPriceList({
    sms: { default: 0.05, 49: 0.075, 1: 0.008, 1876: 0.2 },
    voice: { 44: 0.01 },
  });

  for (const [channel, number, price] of [
    ['sms', '+4915123456789', 0.075],
    ['sms', '+14255550134', 0.008],
    ['sms', '+18765550134', 0.2],
    ['sms', '+33612345678', 0.05],
    ['voice', '+447700900156', 0.01],
    ['voice', '+33612345678', undefined],
    ['push', '+33612345678', undefined],
  ] as const) {
    it(`is ${price} for ${channel} to ${number}`, () => {
      expect(priceOf(channel, number)).to.equal(price);
    });
  }

  it('is that of the longest first digits, whatever the deck', () => {
    const digits = fc.stringMatching(/^[1-9]\d{0,4}$/);
    holds(
      fc.property(
        fc.dictionary(digits, fc.nat(9)),
        fc.stringMatching(/^[1-9]\d{6}$/),
        (deck, to) => {
          const fits = Object.keys(deck).filter((first) => to.startsWith(first));
          const [longest = ''] = fits.sort((a, b) => b.length - a.length);
          expect(createPriceList({ sms: deck })('sms', `+${to}`)).to.equal(deck[longest]);
        },
      ),
    );
  });

  it('are written by digits alone, and none is negative', () => {
    const isSound = (sms: object) => priceSettings.safeParse({ sms }).success;
    expect([{ default: 0, 49: 0.1 }, {}].map(isSound)).to.deep.equal([true, true]);
    const wrong = [{ '+49': 1 }, { '049': 1 }, { DE: 1 }, { 49: -1 }, { 49: '1' }];
    expect(wrong.map(isSound)).to.deep.equal(Array(5).fill(false));
  });
});
