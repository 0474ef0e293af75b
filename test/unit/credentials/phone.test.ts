import { expect } from 'chai';

import { countries, phone } from '../../../src/credentials/phone.ts';
import { Problem } from '../../../src/lib/problem.ts';
import { draftPorts as ports } from '../methods/ports.ts';

async function outcome(country: string, number: string, phoneCountries: string[] = []) {
  try {
    return (await phone.adding.draft({ country, number }, { ...ports, phoneCountries })).number;
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

describe('phone', () => {
  // Country chosen, number typed, what becomes of it.
  const table: readonly (readonly [string, string, string])[] = [
    ['US', '4255551234', '+14255551234'],
    ['US', '(425) 555-1234', '+14255551234'],
    ['US', '425.555.1234', '+14255551234'],
    ['US', '1 425 555 1234', '+14255551234'],
    ['US', '  +1 4255551234  ', '+14255551234'],
    ['US', '+1 4255551234X12345', '+14255551234'],
    ['US', '+1 4255551234 x 12345', '+14255551234'],
    ['US', '425-555-1234 ext. 99', '+14255551234'],
    ['US', '+14255551234;ext=55', '+14255551234'],
    ['US', '\u202a+1 (425) 555-1234\u202c', '+14255551234'], // as contact lists copy it
    ['US', '\u2066425\u2011555\u20111234\u2069', '+14255551234'],
    ['US', '425\u202f555\u20091234\u200e', '+14255551234'],
    ['US', '\ufeff425\u00ad555\u200d1234', '+14255551234'],
    ['DE', '+1 4255551234', '+14255551234'],
    ['', '+1 4255551234', '+14255551234'],
    ['XX', '+1 4255551234', '+14255551234'],
    ['US', '+１４２５５５５１２３４', '+14255551234'],
    ['US', '+49 1512 3456789', '+4915123456789'],
    ['DE', '01512 3456789', '+4915123456789'],
    ['DE', '0049 1512 3456789', '+4915123456789'],
    ['GB', '07400 123456', '+447400123456'],
    ['GB', '+44 (0) 7400 123456', '+447400123456'],
    ['FR', '06 12 34 56 78', '+33612345678'],
    ['IT', '312 345 6789', '+393123456789'],
    ['CH', '078 123 45 67', '+41781234567'],
    ['JP', '090-1234-5678', '+819012345678'],
    ['IN', '081234 56789', '+918123456789'],
    ['BR', '(11) 96123-4567', '+5511961234567'],
    ['AU', '0412 345 678', '+61412345678'],

    ['DE', '030 123456', '+4930123456'],
    ['GB', '020 7946 0018', '+442079460018'],
    ['FR', '01 23 45 67 89', '+33123456789'],

    ['US', '+1 900 234 5678', 'phone-type-refused'], // premium
    ['GB', '+44 909 012 3456', 'phone-type-refused'], // premium
    ['DE', '0900 1234567', 'phone-type-refused'], // premium
    ['GB', '+44 843 012 3456', 'phone-type-refused'], // shared cost
    ['US', '+1 800 234 5678', 'phone-type-refused'], // toll free
    ['GB', '+44 70 1234 5678', 'phone-type-refused'], // personal number, as dear as premium
    ['GB', '+44 56 1234 5678', 'phone-type-refused'], // VoIP
    ['US', '+881 612 345 678', 'phone-type-refused'], // Iridium satellite
    ['US', '+870 301 234 567', 'phone-type-refused'], // Inmarsat satellite
    ['US', '+883 510 012 345', 'phone-type-refused'], // international network
    ['US', '+979 123 456 789', 'phone-type-refused'], // international premium

    ['US', '', 'phone-invalid'],
    ['US', '+', 'phone-invalid'],
    ['US', '112', 'phone-invalid'],
    ['US', '40404', 'phone-invalid'], // a short code
    ['US', '555-1234', 'phone-invalid'],
    ['US', '+1 425555123', 'phone-invalid'],
    ['US', '+1 42555512345', 'phone-invalid'],
    ['US', '+999 123456789', 'phone-invalid'],
    ['XX', '4255551234', 'phone-invalid'],
    ['US', 'my number is 4255551234', 'phone-invalid'],
    ['US', '4255551234 or so', 'phone-invalid'],
    ['US', '4255551234, 4255550134', 'phone-invalid'],
    ['US', '4255551234\r\nTo: +14255550134', 'phone-invalid'],
    ['US', '42555\x0051234', 'phone-invalid'],
    ['US', 'ada@example.org', 'phone-invalid'],
    ['US', 'PHONE', 'phone-invalid'],
  ];
  for (const [country, typed, expected] of table) {
    it(`makes ${JSON.stringify(typed)} in ${country || 'no country'} ${expected} (S-074)`, async () => {
      expect(await outcome(country, typed)).to.equal(expected);
    });
  }

  it('keeps what was typed beside the number only when an extension was removed', async () => {
    const typed = '+1 4255551234X12345';
    const extended = await phone.adding.draft({ country: 'US', number: typed }, ports);
    expect(extended).to.deep.equal({
      number: '+14255551234',
      countryCallingCode: '1',
      type: 'mobile-or-fixed-line',
      phoneType: 'mobile',
      typed,
    });
    const plain = await phone.adding.draft({ country: 'US', number: '4255551234' }, ports);
    expect(plain).not.to.have.property('typed');
  });

  const typed = (number: string, more: object = {}, held: readonly unknown[] = []) =>
    phone.adding
      .draft({ country: 'DE', number, ...more }, { ...ports, held })
      .then(({ phoneType }) => phoneType)
      .catch((error: unknown) => (error instanceof Problem ? error.code : error));
  const held = (phoneType: string, number = '+4915100000000') => ({
    ...{ number, countryCallingCode: '49', type: 'mobile', phoneType },
  });

  it('takes a fixed line for the one on the desk, and a second mobile phone for another', async () => {
    expect(await typed('030 123456')).to.equal('office');
    expect(await typed('01512 3456789')).to.equal('mobile');
    expect(await typed('01512 3456789', {}, [held('mobile')])).to.equal('alternate-mobile');
    expect(await typed('01512 3456789', { phoneType: 'office' })).to.equal('office');
  });

  it('is one of each at most, and no number twice', async () => {
    const both = [held('mobile'), held('alternate-mobile', '+4915100000001')];
    expect(await typed('01512 3456789', {}, both)).to.equal('phone-type-held');
    expect(await typed('030 123456', {}, [held('office')])).to.equal('phone-type-held');
    expect(await typed('01512 3456789', {}, [held('office', '+4915123456789')])).to.equal(
      'phone-held',
    );
    expect(await typed('030 123456', { phoneType: 'mobile' })).to.equal('phone-not-mobile');
    expect(await typed('01512 3456789', {}, ['unreadable'])).to.equal('mobile');
  });

  it('is a mobile one where nothing else is stored, as of before there were others', () => {
    const before = { number: '+4915123456789', countryCallingCode: '49', type: 'mobile' };
    expect(phone.stored.parse(before).phoneType).to.equal('mobile');
  });

  it('refuses countries that are not served, whatever the form named', async () => {
    expect(await outcome('US', '+14255551234', ['US', 'DE'])).to.equal('+14255551234');
    expect(await outcome('US', '+33612345678', ['US', 'DE'])).to.equal('phone-country-refused');
    // Canada and Jamaica share +1 with the United States.
    expect(await outcome('US', '+15062345678', ['US'])).to.equal('phone-country-refused');
    expect(await outcome('US', '+18762101234', ['US'])).to.equal('phone-country-refused');
  });

  it('shows the country code and the last two digits, and nothing else', async () => {
    const stored = await phone.adding.draft({ country: 'DE', number: '01512 3456789' }, ports);
    expect(phone.hint(stored)).to.equal('+49 ••• 89');
  });

  it('reads back what it stores', async () => {
    const stored = await phone.adding.draft({ country: 'US', number: '4255551234x1' }, ports);
    expect(phone.stored.parse(structuredClone(stored))).to.deep.equal(stored);
  });

  it('lists all countries, or those that are served', async () => {
    const all = await countries([]);
    expect(all).to.have.lengthOf.above(200);
    expect(all).to.deep.include({ code: 'DE', callingCode: '49' });
    expect(await countries(['US', 'AT'])).to.have.deep.members([
      { code: 'AT', callingCode: '43' },
      { code: 'US', callingCode: '1' },
    ]);
  });
});
