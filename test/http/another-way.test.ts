import { expect } from 'chai';

import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';

const ADA = '+447700900156';

describe('"Sign in another way"', () => {
  let house: House;
  before(async () => (house = await openHouse()));
  after(() => house.close());
  beforeEach(() => {
    clock.advance({ days: 1 });
    house.carrier.texts.length = 0;
  });

  it('lists the other methods masked, strongest first, and sends nothing before the choice', async () => {
    const ada = await house.atSecondStep('ada');
    await ada.presses('another-way');
    expect(ada.sees()).to.equal('sign-in/choose');
    const offered = ada
      .html()
      .querySelectorAll('form[data-step="choose"] input[name="method"]')
      .map((input) => input.getAttribute('value'));
    expect(offered).to.deep.equal(['code', 'text', 'recovery-code']);
    expect(ada.reads()).to.contain('+44 ••• 56').and.not.to.contain('900156');
    expect(house.carrier.texts).to.have.length(0);
  });

  it('continues with the method that was chosen', async () => {
    const ada = await house.atSecondStep('ada');
    await ada.presses('another-way');
    await ada.says({ method: 'text', credential: 'phone' });
    expect(ada.sees()).to.equal('methods/text/answer');
    await ada.says({ code: house.carrier.lastCode(ADA) });
    const claims = await house.shop.claims(ada.landed());
    expect(claims.amr).to.have.members(['pwd', 'sms', 'mfa']);
  });

  it('proves nothing and ends the challenge left behind (S-023, C-01)', async () => {
    const ada = await house.atSecondStep('ada');
    const left = ada.formFor('form[data-step="answer"]');
    await ada.presses('another-way');
    await ada.submit(left, { code: ada.code() });
    expect(ada.sees()).to.equal('sign-in/choose');
    await ada.says({ method: 'text', credential: 'phone' });
    expect(ada.sees()).to.equal('methods/text/answer');
    await ada.submit(left, { code: ada.code() });
    expect(ada.sees()).to.equal('methods/text/answer');
  });

  it('takes a recovery code once, and nothing like it (C-49)', async () => {
    const ada = await house.atSecondStep('ada');
    await ada.presses('another-way');
    await ada.says({ method: 'recovery-code', credential: 'codes' });
    expect(ada.sees()).to.equal('methods/recovery-code/answer');
    await ada.says({ code: 'AAAA-BBBB-CCCC-DDDD' });
    expect(ada.sees()).to.equal('methods/recovery-code/answer');
    await ada.says({ code: ' 7qk2 m9xd4tra b6wz ' });
    expect(ada.sees()).to.equal('sign-in/codes-left');
    await ada.presses('noted');
    ada.landed();

    const again = await house.atSecondStep('ada');
    await again.presses('another-way');
    await again.says({ method: 'recovery-code', credential: 'codes' });
    await again.says({ code: '7QK2-M9XD-4TRA-B6WZ' });
    expect(again.sees()).to.equal('methods/recovery-code/answer');
  });

  it('is not shown to whoever has no other method; the page says whom to ask (A-08)', async () => {
    const bob = await house.atSecondStep('bob');
    expect(bob.html().querySelector('form[action$="/another-way"]')).to.equal(null);
    expect(bob.reads()).to.match(/administrator/i);
    await bob.post(`${bob.at().pathname}/another-way`, csrfOf(bob));
    expect(bob.sees()).to.equal('methods/text/answer');
  });

  it('offers nothing that was not registered (S-024)', async () => {
    const ada = await house.atSecondStep('ada');
    await ada.presses('another-way');
    for (const typed of [
      { method: 'text', credential: 'app' },
      { method: 'code', credential: 'somebody-elses' },
      { method: 'email', credential: 'phone' },
      { method: 'password', credential: 'nobody' },
      { method: 'constructor', credential: 'phone' },
    ]) {
      const fields = csrfOf(ada);
      for (const [name, value] of Object.entries(typed)) fields.set(name, value);
      await ada.post(`${ada.at().pathname}/choose`, fields);
      expect(ada.status(), JSON.stringify(typed)).to.equal(400);
      await ada.opens(ada.html().querySelector('main a')?.getAttribute('href') ?? '');
      expect(ada.sees()).to.equal('sign-in/choose');
    }
    expect(house.carrier.texts).to.have.length(0);
  });
});

const csrfOf = (visitor: Awaited<ReturnType<House['atSecondStep']>>): URLSearchParams =>
  new URLSearchParams({
    _csrf: visitor.html().querySelector('input[name="_csrf"]')?.getAttribute('value') ?? '',
  });
