import { expect } from 'chai';

import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import type { Visitor } from '../support/visitor.ts';

const PWD = 'urn:doorstep:acr:pwd';
const MFA = 'urn:doorstep:acr:mfa';

describe('Step-up by acr_values', () => {
  let house: House;
  before(async () => (house = await openHouse({ policy: { twoSteps: 'when-asked' } })));
  after(() => house.close());
  beforeEach(() => clock.advance({ minutes: 30 }));

  /** Signed in by password alone, as this policy allows. */
  async function byPassword(name: 'ada' | 'bob' | 'cleo'): Promise<Visitor> {
    const visitor = await house.atSecondStep(name);
    visitor.landed();
    return visitor;
  }

  it('lets a password alone in where nobody asks for more, and says so', async () => {
    const ada = await byPassword('ada');
    const claims = await house.shop.claims(ada.landed());
    expect(claims.acr).to.equal(PWD);
    expect(claims.amr).to.deep.equal(['pwd']);
  });

  it('asks only for the missing factor, and only once (S-043)', async () => {
    const ada = await byPassword('ada');
    clock.advance({ minutes: 10 });
    await ada.opens(await house.shop.signIn({ acr_values: MFA }));
    expect(ada.sees()).to.equal('methods/code/answer');
    await ada.says({ code: ada.code() });
    const claims = await house.shop.claims(ada.landed());
    expect(claims.acr).to.equal(MFA);
    expect(claims.amr).to.have.members(['pwd', 'otp', 'mfa']);
    expect(claims.auth_time).to.be.closeTo(Date.now() / 1000, 5);

    await ada.opens(await house.shop.signIn({ acr_values: MFA }));
    expect((await house.shop.claims(ada.landed())).acr).to.equal(MFA);
    await ada.opens(await house.shop.signIn());
    expect((await house.shop.claims(ada.landed())).acr).to.equal(MFA);
  });

  it('sends nothing before the person asks for it', async () => {
    const bob = await byPassword('bob');
    house.carrier.texts.length = 0;
    await bob.opens(await house.shop.signIn({ acr_values: MFA }));
    expect(bob.sees()).to.equal('sign-in/begin');
    expect(bob.reads()).to.contain('+1 ••• 34');
    expect(house.carrier.texts).to.have.length(0);
    await bob.says({});
    await bob.says({ code: house.carrier.lastCode('+14255550134') });
    expect((await house.shop.claims(bob.landed())).amr).to.have.members(['pwd', 'sms', 'mfa']);
  });

  it('takes any listed level or a higher one, and no unknown ones (S-046)', async () => {
    const ada = await byPassword('ada');
    await ada.opens(await house.shop.signIn({ acr_values: `${MFA} ${PWD}` }));
    expect((await house.shop.claims(ada.landed())).acr).to.equal(PWD);
    await ada.opens(await house.shop.signIn({ acr_values: 'unknown' }));
    expect(ada.landed().searchParams.get('error')).to.equal('unmet_authentication_requirements');
  });

  it('without a prompt answers that interaction is needed (S-045)', async () => {
    const ada = await byPassword('ada');
    await ada.opens(await house.shop.signIn({ prompt: 'none', acr_values: MFA }));
    expect(ada.landed().searchParams.get('error')).to.equal('interaction_required');
    const nobody = house.visitor();
    await nobody.opens(await house.shop.signIn({ prompt: 'none' }));
    expect(nobody.landed().searchParams.get('error')).to.equal('login_required');
    await ada.opens(await house.shop.signIn({ prompt: 'none' }));
    expect((await house.shop.claims(ada.landed())).acr).to.equal(PWD);
  });

  it('fades after a day, and is then asked alone, without the password (S-050)', async () => {
    const ada = house.visitor('ada');
    await ada.opens(await house.shop.signIn({ acr_values: MFA }));
    await ada.identifies(undefined, { stay: true });
    await ada.says({ code: ada.code() });
    for (let hour = 0; hour < 23; hour += 1) {
      clock.advance({ minutes: 58 });
      await ada.opens(await house.shop.signIn());
      expect((await house.shop.claims(ada.landed())).acr, `hour ${hour}`).to.equal(MFA);
    }
    clock.advance({ hours: 2 });
    await ada.opens(await house.shop.signIn());
    expect((await house.shop.claims(ada.landed())).acr).to.equal(PWD);
    await ada.opens(await house.shop.signIn({ acr_values: MFA }));
    expect(ada.sees()).to.equal('methods/code/answer');
  });

  it('asks everything anew for prompt=login and never carries the level over (S-048, S-049)', async () => {
    const ada = await byPassword('ada');
    await ada.opens(await house.shop.signIn({ acr_values: MFA }));
    await ada.says({ code: ada.code() });
    clock.advance({ minutes: 1 });
    await ada.opens(await house.shop.signIn({ prompt: 'login' }));
    expect(ada.sees()).to.equal('methods/password/answer');
    await ada.says({ password: 'ada walks to the lighthouse' });
    const claims = await house.shop.claims(ada.landed());
    expect(claims.acr).to.equal(PWD);
    expect(claims.amr).to.deep.equal(['pwd']);
    expect(claims.auth_time).to.be.closeTo(Date.now() / 1000, 5);
  });

  it('asks again when the last sign-in is older than max_age', async () => {
    const ada = await byPassword('ada');
    clock.advance({ seconds: 30 });
    await ada.opens(await house.shop.signIn({ max_age: '60' }));
    const first = await house.shop.claims(ada.landed());
    clock.advance({ seconds: 60 });
    await ada.opens(await house.shop.signIn({ max_age: '60' }));
    expect(ada.sees()).to.equal('methods/password/answer');
    await ada.says({ password: 'ada walks to the lighthouse' });
    const second = await house.shop.claims(ada.landed());
    expect(Number(second.auth_time) - Number(first.auth_time)).to.be.at.least(89);
  });

  it('keeps the session as it is when it is cancelled', async () => {
    const ada = await byPassword('ada');
    await ada.opens(await house.shop.signIn({ acr_values: MFA }));
    await ada.presses('cancel');
    expect(ada.landed().searchParams.get('error')).to.equal('access_denied');
    await ada.opens(await house.shop.signIn());
    expect((await house.shop.claims(ada.landed())).acr).to.equal(PWD);
  });

  it('leads whoever has no second method through setting one up', async () => {
    const cleo = await byPassword('cleo');
    await cleo.opens(await house.shop.signIn({ acr_values: MFA }));
    expect(cleo.sees()).to.equal('sign-in/enrol-intro');
  });

  it('asks for the account that the app hints at, not for the one that is here (S-053)', async () => {
    const ada = await byPassword('ada');
    await ada.opens(await house.shop.signIn({ login_hint: 'bob' }));
    expect(ada.sees()).to.equal('sign-in/identify');
    await ada.opens(await house.shop.signIn({ login_hint: 'bob', prompt: 'none' }));
    expect(ada.landed().searchParams.get('error')).to.equal('login_required');
    await ada.opens(await house.shop.signIn({ login_hint: 'ADA@example.org' }));
    expect((await house.shop.claims(ada.landed())).sub).to.equal('id-ada');
  });

  it('does not clear what was guessed at the second step by a password alone (C-62)', async () => {
    for (let round = 0; round < 2; round += 1) {
      const ada = await house.atSecondStep('ada', { acr_values: MFA });
      for (let tries = 0; tries < 5; tries += 1) await ada.says({ code: '000000' });
      await byPassword('ada');
    }
    const ada = await house.atSecondStep('ada', { acr_values: MFA });
    await ada.says({ code: ada.code() });
    expect(ada.status()).to.equal(429);
  });

  it('hands out no code for somebody else than the hinted account (S-053)', async () => {
    const ada = await byPassword('ada');
    const hint = (await house.shop.welcome(ada.landed())).id_token ?? '';
    const bob = house.visitor('bob');
    await bob.opens(await house.shop.signIn({ id_token_hint: hint }));
    await bob.identifies();
    expect(bob.landed().searchParams.get('error')).to.equal('login_required');
  });
});
