import { expect } from 'chai';

import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';

describe('Signing in with a code from the authenticator app', () => {
  let house: House;
  before(async () => (house = await openHouse()));
  after(() => house.close());
  // Each code is good once, so every sign-in has a time step of its own.
  beforeEach(() => clock.advance({ minutes: 20 }));

  it('asks for user name, password and code, and brings what was proved', async () => {
    const ada = house.visitor('ada');
    await ada.opens(await house.shop.signIn());
    expect(ada.sees()).to.equal('sign-in/identify');
    await ada.says({ identifier: 'ada' });
    expect(ada.sees()).to.equal('methods/password/answer');
    await ada.says({ password: 'ada walks to the lighthouse' });
    expect(ada.sees()).to.equal('methods/code/answer');
    expect(ada.reads()).to.contain('Two-step verification').and.to.contain('The Shop');
    await ada.says({ code: ada.code() });
    ada.landed();

    const claims = await house.shop.claims(ada.landed());
    expect(claims.sub).to.equal('id-ada');
    expect(claims.acr).to.equal('urn:doorstep:acr:mfa');
    expect(claims.amr).to.have.members(['pwd', 'otp', 'mfa']);
    expect(claims.auth_time).to.be.closeTo(Date.now() / 1000, 5);
  });

  it('takes the mail address, in any case and with space around it, for the user name', async () => {
    const ada = house.visitor('ada');
    await ada.opens(await house.shop.signIn());
    await ada.says({ identifier: ' ADA@Example.org ' });
    await ada.says({ password: 'ada walks to the lighthouse' });
    expect(ada.sees()).to.equal('methods/code/answer');
  });

  it('says that a code is wrong and how many tries are left, and then takes the right one', async () => {
    const ada = await house.atSecondStep('ada');
    await ada.says({ code: '000000' });
    expect(ada.sees()).to.equal('methods/code/answer');
    expect(ada.reads()).to.contain('4');
    expect(ada.title()).to.match(/^Wrong code/);
    await ada.says({ code: ada.code() });
    ada.landed();
  });

  it('spends no try on what is no code at all, and says what one is', async () => {
    const ada = await house.atSecondStep('ada');
    for (const code of ['', 'abc', '12345', '1234567', '١٢٣٤٥٦', '1234']) await ada.says({ code });
    expect(ada.title()).to.match(/^The code has 6 digits\. You typed 4 characters\./);
    await ada.says({ code: '' });
    expect(ada.title()).to.match(/^Enter the code of 6 digits/);
    await ada.says({ code: '000000' });
    expect(ada.title()).to.match(/^Wrong code\. 4 tries left/);
    await ada.says({ code: ada.code() });
    ada.landed();
  });

  it('takes a code only once (S-062, C-18)', async () => {
    const ada = await house.atSecondStep('ada');
    const code = ada.code();
    await ada.says({ code });
    ada.landed();

    const again = await house.atSecondStep('ada');
    await again.says({ code });
    expect(again.sees()).to.equal('methods/code/answer');
  });

  it('offers another way after the last try, and the tries of the account go on counting', async () => {
    const ada = await house.atSecondStep('ada');
    for (let tries = 0; tries < 5; tries += 1) await ada.says({ code: '000000' });
    await ada.presses('another-way');
    expect(ada.sees()).to.equal('sign-in/choose');
    await ada.says({ method: 'code', credential: 'app' });
    for (let tries = 0; tries < 5; tries += 1) await ada.says({ code: '000000' });
    await ada.presses('another-way');
    await ada.says({ method: 'code', credential: 'app' });
    await ada.says({ code: ada.code() });
    expect(ada.status()).to.equal(429);
    expect(Number(ada.headers().get('retry-after'))).to.be.within(880, 900);
  });

  it('counts over parallel sign-ins of one account (C-45, AuthQuake)', async () => {
    const adas = await Promise.all(Array.from({ length: 4 }, () => house.atSecondStep('ada')));
    for (const ada of adas.slice(0, 2)) {
      for (let tries = 0; tries < 5; tries += 1) await ada.says({ code: '000000' });
    }
    const third = adas[2];
    await third?.says({ code: third.code() });
    expect(third?.status()).to.equal(429);

    clock.advance({ minutes: 15 });
    const later = await house.atSecondStep('ada');
    await later.says({ code: later.code() });
    later.landed();
  });
});
