import { expect } from 'chai';

import { profileAfter, profileOf } from '../../../src/administration/person.ts';

const username = 'ada';

describe('what is said of a person', () => {
  const verified = {
    ...{ email: 'Ada@Example.org', isEmailVerified: true, locale: 'sv' },
    ...{ phoneNumber: '+14255550134', isPhoneNumberVerified: true },
  };

  // What is said, and what becomes of the profile above.
  const table: readonly (readonly [string, object, object])[] = [
    ['nothing', {}, {}],
    ['the address that is there', { email: 'Ada@Example.org' }, {}],
    ['it in other letters', { email: 'ada@example.org' }, { email: 'ada@example.org' }],
    [
      'another address',
      { email: 'ada@example.com' },
      { email: 'ada@example.com', isEmailVerified: false },
    ],
    [
      'an address that looks the same to us',
      { email: 'ada@\uff25xample.org' },
      { email: 'ada@\uff25xample.org', isEmailVerified: false },
    ],
    [
      'another address, verified',
      { email: 'ada@example.com', emailVerified: true },
      { email: 'ada@example.com' },
    ],
    ['that it is not verified', { emailVerified: false }, { isEmailVerified: false }],
    ['the number that is there', { phoneNumber: '+14255550134' }, {}],
    [
      'another number',
      { phoneNumber: '+14255550135' },
      { phoneNumber: '+14255550135', isPhoneNumberVerified: false },
    ],
    ['that it is not verified', { phoneNumberVerified: false }, { isPhoneNumberVerified: false }],
    ['a language', { locale: 'de' }, { locale: 'de' }],
    ['where they live', { address: { country: 'SE' } }, { address: { country: 'SE' } }],
  ];
  for (const [what, said, changed] of table) {
    it(`changes no more than that: ${what}`, () => {
      const after = profileAfter(verified, said);
      expect(after).to.deep.equal({ ...verified, ...changed });
    });
  }

  it('is not verified to begin with, and nothing is where nothing is said', () => {
    expect(profileOf({ username })).to.deep.equal({});
    expect(profileOf({ username, emailVerified: true })).to.deep.equal({});
    expect(profileOf({ username, email: 'a@b.org' })).to.have.property('isEmailVerified', false);
  });
});
