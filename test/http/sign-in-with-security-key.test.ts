import { expect } from 'chai';

import { createAuthenticator } from '../support/authenticator.ts';
import { describeHouse } from '../support/describe-house.ts';
import { answersBy, keyOf, keysOn, optionsOn } from '../support/keys.ts';
import { trusting } from '../support/trusting.ts';

const overrides = { ...keysOn, log: { level: 'info' } };

describeHouse('Signing in with a security key', overrides, (house) => {
  it('sets one up at a sign-in, which counts as its first proof, and signs in with it', async () => {
    const key = createAuthenticator(house.issuer);
    const cleo = await house.atSecondStep('cleo');
    await cleo.says({});
    await cleo.says({ method: 'security-key' });
    await answersBy(cleo, key.create(optionsOn(cleo)), { name: ' Blue\u200B key ' });
    expect(cleo.reads()).to.contain('Your security key is set up.');
    await cleo.presses('saved');
    const first = await house.shop.claims(cleo.landed());
    expect(first.acr).to.equal('phr');
    expect(first.amr).to.have.members(['pwd', 'swk', 'user', 'mfa']);

    const again = await house.atSecondStep('cleo');
    expect(again.sees()).to.equal('methods/security-key/answer');
    await answersBy(again, key.get(optionsOn(again)));
    const claims = await house.shop.claims(again.landed());
    expect(claims.acr).to.equal('phr');
    expect(claims.amr).to.have.members(['pwd', 'swk', 'user', 'mfa']);
  });

  it('is enough alone where it made sure of its user, whoever that is', async () => {
    const key = await keyOf(house, 'cleo');
    const visitor = house.visitor();
    await visitor.opens(await house.shop.signIn({ acr_values: 'phr' }));
    expect(optionsOn(visitor)).to.include({ userVerification: 'required', rpId: 'localhost' });
    await answersBy(visitor, key.get(optionsOn(visitor)));
    const claims = await house.shop.claims(visitor.landed());
    expect(claims).to.include({ sub: 'id-cleo', acr: 'phr' });
    expect(claims.amr).to.have.members(['swk', 'user', 'mfa']);
  });

  it('trusts no browser where it said who it is: no box was there to tick', async () => {
    const { decides, kept } = trusting(house);
    await decides({ trustedBrowsers: { days: 30, satisfiesMfa: false } });
    const key = await keyOf(house, 'cleo');
    const visitor = house.visitor();
    await visitor.opens(await house.shop.signIn());
    expect(visitor.html().querySelector('[name="trust"]')).to.equal(null);
    await answersBy(visitor, key.get(optionsOn(visitor)), { trust: 'true' });
    visitor.landed();
    expect(await kept('cleo')).to.deep.equal([]);

    const named = await house.atSecondStep('cleo');
    expect(named.html().querySelector('[name="trust"]')).not.to.equal(null);
    await answersBy(named, key.get(optionsOn(named)), { trust: 'true' });
    named.landed();
    expect(await kept('cleo')).to.have.length(1);
  });
});
