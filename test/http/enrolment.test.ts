import { expect } from 'chai';

import { createAccounts } from '../../src/models/account.ts';
import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import { appCode, credential } from '../support/people.ts';

const PHONE = '+4915123456789';

describe('Setting up a second step at sign-in', () => {
  let house: House;
  beforeEach(async () => (house = await openHouse()));
  afterEach(() => house.close());

  const cleosKinds = async (): Promise<string[]> => {
    const cleo = await createAccounts(house.connection).findById('id-cleo');
    return cleo?.credentials.map(({ kind }) => kind) ?? [];
  };

  it('leads through adding an authenticator app, and shows ten codes to save', async () => {
    const cleo = await house.atSecondStep('cleo');
    expect(cleo.sees()).to.equal('sign-in/enrol-intro');
    await cleo.says({});
    expect(cleo.sees()).to.equal('sign-in/enrol');
    await cleo.says({ method: 'code' });
    expect(cleo.sees()).to.equal('methods/code/add');
    const seed = cleo.html().querySelector('.secret')?.text.replaceAll(/\s/g, '') ?? '';
    expect(seed).to.match(/^[A-Z2-7]{32}$/);
    await cleo.reloads();
    expect(cleo.html().querySelector('.secret')?.text.replaceAll(/\s/g, '')).to.equal(seed);
    await cleo.says({ code: '000000' });
    expect(cleo.sees()).to.equal('methods/code/add');
    expect(await cleosKinds(), 'nothing counts before a right code').to.deep.equal(['password']);
    await cleo.says({ code: appCode(seed) });

    expect(cleo.sees()).to.equal('adding/recovery-codes');
    const codes = cleo
      .html()
      .querySelectorAll('main li')
      .map((item) => item.text.trim());
    expect(new Set(codes)).to.have.property('size', 10);
    await cleo.reloads();
    expect(
      cleo
        .html()
        .querySelectorAll('main li')
        .map((item) => item.text.trim()),
    ).to.deep.equal(codes);
    await cleo.presses('saved');
    cleo.landed();
    const claims = await house.shop.claims(cleo.landed());
    expect(claims.amr).to.have.members(['pwd', 'otp', 'mfa']);
    expect(await cleosKinds()).to.deep.equal(['password', 'app', 'recovery-codes']);

    clock.advance({ minutes: 5 });
    const later = await house.atSecondStep('cleo');
    expect(later.sees()).to.equal('methods/code/answer');
    await later.says({ code: appCode(seed) });
    later.landed();

    const lost = await house.atSecondStep('cleo');
    await lost.presses('another-way');
    await lost.says({ method: 'recovery-code' });
    await lost.says({ code: codes[3] ?? '' });
    await lost.presses('noted');
    lost.landed();
  });

  it('leads through adding a phone, and lets a mistyped number be changed', async () => {
    const cleo = await house.atSecondStep('cleo');
    await cleo.says({});
    await cleo.says({ method: 'text' });
    expect(cleo.sees()).to.equal('methods/text/add');
    await cleo.says({ country: 'DE', number: '12' });
    expect(cleo.sees()).to.equal('methods/text/add');
    expect(cleo.html().querySelector('[role="alert"]')?.text).to.match(/number/i);
    expect(cleo.html().querySelector('input[name="number"]')?.getAttribute('value')).to.equal('12');
    expect(house.carrier.texts).to.have.length(0);

    await cleo.says({ country: 'DE', number: '0151 23456780' });
    expect(house.carrier.textsTo('+4915123456780')).to.have.length(1);
    expect(cleo.reads(), 'whose, how far, and where to').to.match(
      /^cleo Not you\? Step 2 of 3 .*\+49 1512 3456780/,
    );
    await cleo.presses('another-way');
    expect(cleo.sees()).to.equal('methods/text/add');
    await cleo.says({ country: 'DE', number: '0151 23456789' });
    await cleo.says({ code: house.carrier.lastCode(PHONE) });
    expect(cleo.sees()).to.equal('adding/recovery-codes');
    await cleo.presses('saved');
    const claims = await house.shop.claims(cleo.landed());
    expect(claims.amr).to.have.members(['pwd', 'sms', 'mfa']);
    expect(await cleosKinds()).to.deep.equal(['password', 'phone', 'recovery-codes']);
  });

  it('goes back from a method to the list of methods', async () => {
    const cleo = await house.atSecondStep('cleo');
    await cleo.says({});
    await cleo.says({ method: 'code' });
    await cleo.presses('another-way');
    expect(cleo.sees()).to.equal('sign-in/enrol');
  });

  it('has no effect when abandoned half-way (S-065, C-38)', async () => {
    const cleo = await house.atSecondStep('cleo');
    await cleo.says({});
    await cleo.says({ method: 'code' });
    const seed = cleo.html().querySelector('.secret')?.text.replaceAll(/\s/g, '') ?? '';
    const again = await house.atSecondStep('cleo');
    expect(again.sees()).to.equal('sign-in/enrol-intro');
    expect(await cleosKinds()).to.deep.equal(['password']);

    clock.advance({ minutes: 11 });
    await cleo.says({ code: appCode(seed) });
    expect(cleo.sees()).to.equal('sign-in/expired');
    expect(await cleosKinds()).to.deep.equal(['password']);
  });

  it('of two at once lets the first one win, and asks the second one for it (C-16)', async () => {
    const [one, two] = [await house.atSecondStep('cleo'), await house.atSecondStep('cleo')];
    const seeds: string[] = [];
    for (const cleo of [one, two]) {
      await cleo.says({});
      await cleo.says({ method: 'code' });
      seeds.push(cleo.html().querySelector('.secret')?.text.replaceAll(/\s/g, '') ?? '');
    }
    await one.says({ code: appCode(seeds[0] ?? '') });
    expect(one.sees()).to.equal('adding/recovery-codes');
    await two.says({ code: appCode(seeds[1] ?? '') });
    expect(two.sees()).to.equal('methods/code/answer');
    expect(await cleosKinds()).to.deep.equal(['password', 'app', 'recovery-codes']);
    await two.says({ code: appCode(seeds[1] ?? '') });
    expect(two.sees()).to.equal('methods/code/answer');
  });

  it('is not for whoever has a second step that just cannot be used now (C-16)', async () => {
    const silent = await openHouse({ channels: { sms: { url: undefined } } });
    try {
      const bob = await silent.atSecondStep('bob');
      expect(bob.sees()).to.equal('sign-in/no-way');
    } finally {
      await silent.close();
    }
  });

  it('is for whoever has only what the administrator switched off', async () => {
    const strict = await openHouse({ policy: { methods: { text: { signIn: false } } } });
    try {
      const bob = await strict.atSecondStep('bob');
      expect(bob.sees()).to.equal('sign-in/enrol-intro');
    } finally {
      await strict.close();
    }
  });

  it('tells whoever cannot register here whom to ask, and the app that it cannot be met', async () => {
    const strict = await openHouse({ policy: { methods: { text: { signIn: false } } } });
    try {
      // A record that cannot be read.
      const accounts = createAccounts(strict.connection);
      const account = await accounts.findById('id-cleo');
      if (account) await accounts.addCredentials(account, [credential('1', 'app', { seed: 7 })]);
      const cleo = await strict.atSecondStep('cleo');
      expect(cleo.sees()).to.equal('sign-in/no-way');
      expect(cleo.reads()).to.match(/administrator/i);
      await cleo.presses('cancel');
      expect(cleo.landed().searchParams.get('error')).to.equal('unmet_authentication_requirements');
    } finally {
      await strict.close();
    }
  });
});
