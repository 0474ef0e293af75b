import { expect } from 'chai';

import { generateVapidKey, vapidPublicKey, VapidKey } from '../../../src/lib/vapid.ts';

const allBits = Buffer.alloc(32, 0xff).toString('base64url');

describe('a VAPID key', () => {
  it('has the public key that belongs to it (RFC 8291, Appendix A)', () => {
    expect(vapidPublicKey('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw')).to.equal(
      'BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8',
    );
  });

  it('is a new one each time', async () => {
    const [one, other] = [await generateVapidKey(), await generateVapidKey()];
    expect(one)
      .to.match(/^[\w-]{43}$/)
      .and.not.equal(other);
    expect(Buffer.from(vapidPublicKey(one), 'base64url')).to.have.lengthOf(65);
  });

  const refused: Readonly<Record<string, unknown>> = {
    'nothing at all': '',
    'a public key': vapidPublicKey(Buffer.alloc(32, 1).toString('base64url')),
    'the number zero': Buffer.alloc(32).toString('base64url'),
    'a number beyond the curve': allBits,
    'too few bytes': allBits.slice(0, 42),
    'another alphabet': 'yfWPiYE+n46HLnH0KqZOF1fJJU3MYrct3AELtAQ+oRw',
    padding: `${allBits.slice(0, 42)}=`,
    'a number': 7,
  };
  for (const [name, value] of Object.entries(refused)) {
    it(`is not ${name}`, () => {
      expect(VapidKey.safeParse(value).success).to.equal(false);
    });
  }
});
