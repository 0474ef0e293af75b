import { expect } from 'chai';

import { maskEmail, maskPhone } from '../../../src/lib/mask.ts';

describe('mask', () => {
  it('shows the country code and the last two digits of a phone', () => {
    expect(maskPhone('1', '+14255550134')).to.equal('+1 ••• 34');
    expect(maskPhone('49', '+4915123456789')).to.equal('+49 ••• 89');
  });
});

describe('A masked address', () => {
  for (const [address, masked] of [
    ['ada@example.org', 'a•••@e•••.org'],
    ['a@e.org', 'a•••@e•••.org'],
    ['ada.lovelace@mail.example.co.uk', 'a•••@m•••.uk'],
    ['ada@bücher.example', 'a•••@b•••.example'],
    ['ada@𝒷.org', 'a•••@𝒷•••.org'],
  ] as const) {
    it(`of ${address} is ${masked}`, () => expect(maskEmail(address)).to.equal(masked));
  }
});
