/**
 * The pages of "My account" beside Security info.
 */
import { expect } from 'chai';

import { createAccounts } from '../../src/models/account.ts';
import { describeHouse } from '../support/describe-house.ts';
import type { PersonName } from '../support/people.ts';
import type { Visitor } from '../support/visitor.ts';

describeHouse('My account', {}, (house) => {
  async function signedIn(name: PersonName): Promise<Visitor> {
    const visitor = house.visitor(name);
    await visitor.opens('/account');
    await visitor.identifies();
    await visitor.says({ code: visitor.code() });
    return visitor;
  }

  it('shows the profile, and keeps the language that is chosen there', async () => {
    const ada = await signedIn('ada');
    await ada.opens('/account/profile');
    expect(ada.reads()).to.contain('Emailada@example.org').and.contain('Only your administrator');
    await ada.says({ language: 'de' });
    expect(ada.reads()).to.contain('Ihre Sprache ist gespeichert.');
    const account = () => createAccounts(house.connection).findById('id-ada');
    expect((await account())?.profile).to.include({ locale: 'de', email: 'ada@example.org' });
    await ada.says({ language: '' });
    expect(ada.reads()).to.contain('Your language is saved.');
    expect((await account())?.profile).not.to.have.property('locale');
    await ada.says({ language: 'xx' });
    expect(ada.status()).to.equal(400);
  });

  it('keeps no language for another site, nor for whoever is not signed in', async () => {
    const ada = await signedIn('ada');
    await ada.opens('/account/profile');
    await ada.says({ language: 'de', _csrf: 'x' });
    expect(ada.status()).to.equal(403);
    const nobody = house.visitor();
    await nobody.post('/account/profile', new URLSearchParams({ language: 'de' }));
    expect(nobody.sees()).to.equal('sign-in/identify');
    const account = await createAccounts(house.connection).findById('id-ada');
    expect(account?.profile).not.to.have.property('locale');
  });

  it('is found by password managers', async () => {
    const nobody = house.visitor();
    const change = await nobody.raw('/.well-known/change-password');
    expect([change.status, change.headers.get('location')]).to.deep.equal([
      303,
      '/account/password',
    ]);
    const keys = await nobody.raw('/.well-known/passkey-endpoints');
    const manage = `${house.issuer}/account/security-info`;
    expect(await keys.json()).to.deep.equal({ enroll: manage, manage });
  });
});
