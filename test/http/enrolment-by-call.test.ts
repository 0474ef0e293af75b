import { expect } from 'chai';

import { createAccounts } from '../../src/models/account.ts';
import { everyWay, ways } from '../support/at-each-step.ts';
import { clock } from '../support/clock.ts';
import { describeHouse } from '../support/describe-house.ts';
import { people } from '../support/people.ts';
import { digitsOn, presses, wrongDigits } from '../support/telephone.ts';
import type { Visitor } from '../support/visitor.ts';

const FIXED = { country: 'DE', number: '030 123456' };
const E164 = '+4930123456';

describeHouse('Setting a phone up by a call', everyWay, (house) => {
  const phonesOf = async (username: string) =>
    (await createAccounts(house.connection).findByIdentifier(username))?.credentials
      .filter(({ kind }) => kind === 'phone')
      .map(({ data }) => data);

  const errorOn = (visitor: Visitor): string =>
    visitor.html().querySelector('#failure')?.text.trim() ?? '';

  it('is one choice among the methods, with both ways on one page', async () => {
    const cleo = await ways.enrol(house);
    const named = cleo.html().querySelectorAll('.choice b');
    expect(named.map(({ text }) => text.trim()))
      .to.include('Phone')
      .and.not.to.include('Phone call');
    await cleo.says({ method: 'text' });
    const offered = cleo.html().querySelectorAll('input[type="radio"]');
    expect(offered.map((radio) => radio.getAttribute('value'))).to.deep.equal(['text', 'call']);
    expect(offered[0]?.hasAttribute('checked')).to.equal(true);
  });

  it('calls a fixed line, and makes it the office phone', async () => {
    const cleo = await ways.add(house);
    await cleo.says({ ...FIXED, method: 'call' });
    expect(cleo.sees()).to.equal('methods/call/add');
    expect(cleo.reads()).to.contain('+49 30 123456');
    expect(house.carrier.callTo(E164).text).to.contain('To set up this phone');
    await presses(house.carrier.callTo(E164), digitsOn(cleo));
    await cleo.presses('continue');
    expect(cleo.sees()).to.equal('adding/recovery-codes');
    expect(cleo.reads()).to.contain('is set up for calls');
    expect(await phonesOf('cleo')).to.deep.equal([
      { number: E164, countryCallingCode: '49', type: 'fixed-line', phoneType: 'office' },
    ]);
    await cleo.presses('saved');
    const { amr } = await house.shop.claims(cleo.landed());
    expect(amr).to.have.members(['pwd', 'tel', 'mfa']);

    clock.advance({ days: 1 });
    const later = await house.atSecondStep('cleo');
    expect(later.sees(), 'it cannot be texted').to.equal('methods/call/answer');
  });

  it('refuses a text to a fixed line with a clear word, and loses nothing (S-075)', async () => {
    const cleo = await ways.add(house);
    await cleo.says({ ...FIXED, method: 'text' });
    expect(errorOn(cleo)).to.contain('belongs to a fixed line, which cannot receive texts');
    expect(cleo.html().querySelector('#number')?.getAttribute('value')).to.equal('030 123456');
    await cleo.says({ ...FIXED, method: 'call' });
    expect(cleo.sees()).to.equal('methods/call/add');
    expect(house.carrier.texts).to.have.length(0);
  });

  it('leaves an extension out before the call, and says so', async () => {
    const cleo = await ways.add(house);
    await cleo.says({ country: 'US', number: '+1 4255551234X12345', method: 'call' });
    expect(house.carrier.calls.map(({ to }) => to)).to.deep.equal(['+14255551234']);
    expect(cleo.reads()).to.contain('The extension was left out');
  });

  it('stores nothing after a wrong number, and calls again or another number', async () => {
    const cleo = await ways['answer, call to add'](house);
    await presses(house.carrier.callTo(E164), wrongDigits(digitsOn(cleo)));
    await cleo.reloads();
    expect(errorOn(cleo)).to.contain('Other digits were pressed');
    expect(await phonesOf('cleo')).to.deep.equal([]);
    clock.advance({ minutes: 1 });
    await cleo.presses('again');
    await presses(house.carrier.callTo(E164), '0');
    await cleo.reloads();
    expect(errorOn(cleo), 'whoever sets it up may say no').to.contain('refused on the phone');
    await cleo.presses('another-way');
    expect(cleo.html().querySelector('#number')?.getAttribute('value')).to.equal('030 123456');
    expect(await phonesOf('cleo')).to.deep.equal([]);
  });
});

const readsCodes = {
  channels: { voice: { hearsKeys: false } },
  policy: { methods: { call: { signIn: true, readsCodes: true } } },
};

describe('A provider that hears no keys', () => {
  describeHouse('where policy lets it read codes', readsCodes, (house) => {
    it('asks on the page for the code that was read', async () => {
      const bob = await house.atSecondStep('bob');
      clock.advance({ minutes: 1 });
      await bob.presses('another-way');
      await bob.says({ method: 'call', credential: 'phone' });
      expect(bob.sees()).to.equal('methods/call/answer');
      expect(bob.reads()).to.contain('type the code that you hear');
      const { text, answerAt } = house.carrier.callTo(people.bob.phone);
      expect(answerAt).to.equal(undefined);
      const [, spelt = ''] = /is ((?:\d, ){5}\d)\. Once more: \1\./.exec(text) ?? [];
      await bob.says({ code: '000000' });
      expect(bob.reads()).to.contain('Wrong code. 4 tries left.');
      await bob.says({ code: spelt.replaceAll(', ', '') });
      const { amr } = await house.shop.claims(bob.landed());
      expect(amr).to.have.members(['pwd', 'tel', 'mfa']);
    });
  });

  describeHouse(
    'is not offered without that',
    { ...everyWay, channels: readsCodes.channels },
    (house) => {
      it('where it can only read codes', async () => {
        const bob = await house.atSecondStep('bob');
        expect(bob.reads()).not.to.contain('Sign in another way');
        const cleo = await ways.enrol(house);
        expect(cleo.reads()).to.contain('Text message').and.not.to.contain('call you');
        expect(people.bob.phone).to.equal(house.carrier.texts[0]?.to);
      });
    },
  );
});
