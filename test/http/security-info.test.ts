import { expect } from 'chai';

import { createAccounts } from '../../src/models/account.ts';
import { clock } from '../support/clock.ts';
import { describeHouse } from '../support/describe-house.ts';
import { begin, rowsOn } from '../support/my-account.ts';
import { appCode, people, type PersonName } from '../support/people.ts';
import type { Visitor } from '../support/visitor.ts';

describeHouse('Security info', {}, (house) => {
  async function signedIn(name: PersonName): Promise<Visitor> {
    const visitor = house.visitor(name);
    await visitor.opens('/account');
    await visitor.identifies();
    if (visitor.sees() === 'methods/code/answer') await visitor.says({ code: visitor.code() });
    return visitor;
  }

  const accountOf = async (name: string) => createAccounts(house.connection).findById(`id-${name}`);

  it('is for whoever is signed in: others sign in and come back', async () => {
    const ada = await signedIn('ada');
    expect(ada.sees()).to.equal('account/security-info');
    expect(rowsOn(ada)).to.deep.equal(['Authenticator app', 'Phone']);
    expect(ada.reads()).to.contain('Default sign-in method: Authenticator app - code');
  });

  it('deletes a method after asking, says where the default went, and undoes it (S-113)', async () => {
    const ada = await signedIn('ada');
    await begin(ada, 'remove', 'app');
    expect(ada.sees()).to.equal('security-info/remove');
    expect(ada.reads()).to.contain('Delete this method? Authenticator app');
    await ada.presses('remove');
    expect(ada.reads()).to.contain('Deleted: Authenticator app.');
    expect(rowsOn(ada)).to.deep.equal(['Phone']);
    const removed = await accountOf('ada');
    expect(removed?.credentials.map(({ id }) => id)).to.not.include('app');
    await begin(ada, 'restore');
    expect(ada.reads()).to.contain('Back again: Authenticator app.');
    expect(rowsOn(ada)).to.have.members(['Authenticator app', 'Phone']);
    expect((await accountOf('ada'))?.removedCredentials).to.deep.equal([]);
  });

  it('undoes nothing after ten minutes, and erases it after three days (S-115)', async () => {
    const ada = await signedIn('ada');
    await begin(ada, 'remove', 'app');
    await ada.presses('remove');
    const page = ada.html();
    clock.advance({ minutes: 10 });
    const form = page.querySelectorAll('form[data-step="begin"]')[0];
    if (form) await ada.submit(form, {});
    expect(ada.reads()).to.contain('This can no longer be undone');
    await house.settles();
    expect((await accountOf('ada'))?.removedCredentials).to.have.length(1);
    clock.advance({ days: 3 });
    await house.settles();
    expect((await accountOf('ada'))?.removedCredentials).to.deep.equal([]);
  });

  it('keeps so many of those removed, and those that were held longest (S-118)', async () => {
    const ada = await signedIn('ada');
    const newer = { addedAt: new Date('2100-01-01'), erasedAt: new Date('2100-01-01') };
    const removedCredentials = Array.from({ length: 40 }, (_, at) => ({
      id: `loop-${at}`,
      ...newer,
    }));
    const { model } = createAccounts(house.connection);
    await model.updateOne({ _id: 'id-ada' }, { $set: { removedCredentials } });
    await begin(ada, 'remove', 'app');
    await ada.presses('remove');
    const { removedCredentials: kept = [] } = (await accountOf('ada')) ?? {};
    expect(kept).to.have.length(30);
    expect(kept[0]?.id).to.equal('app');
  });

  it('takes no proof for a newer one because the password was changed (S-110)', async () => {
    const ada = await signedIn('ada');
    clock.advance({ minutes: 9 });
    await begin(ada, 'password');
    await ada.says({ password: people.ada.password });
    await ada.says({ password: 'ada now walks to the harbour' });
    await begin(ada, 'remove', 'phone');
    expect(ada.sees()).to.equal('security-info/remove');
    clock.advance({ minutes: 2 });
    await ada.opens('/account/security-info');
    await begin(ada, 'remove', 'phone');
    expect(ada.sees()).to.equal('methods/code/answer');
  });

  it('asks for a recent proof before anything is changed, and goes on there (S-110)', async () => {
    const ada = await signedIn('ada');
    clock.advance({ minutes: 11 });
    await begin(ada, 'remove', 'phone');
    expect(ada.sees()).to.equal('methods/code/answer');
    await ada.says({ code: ada.code() });
    expect(ada.sees()).to.equal('security-info/remove');
    expect(ada.reads()).to.contain('Phone +44 7700 900156');
  });

  it('adds a method that is proved, and says so', async () => {
    const ada = await signedIn('ada');
    await begin(ada, 'add');
    await ada.says({ method: 'code' });
    const secret = ada.html().querySelector('.secret')?.text.replaceAll(/\s/g, '') ?? '';
    await ada.says({ code: appCode(secret) });
    expect(ada.sees()).to.equal('security-info/added');
    await ada.presses('done');
    expect(rowsOn(ada)).to.have.members(['Authenticator app', 'Authenticator app', 'Phone']);
  });

  it('keeps the last method that policy needs (S-114)', async () => {
    const bob = await signedIn('bob');
    const text = house.carrier.textsTo(people.bob.phone).at(-1)?.text ?? '';
    await bob.says({ code: /\b\d{6}\b/.exec(text)?.[0] ?? '' });
    expect(bob.reads()).to.contain('You have only one method for signing in.');
    await begin(bob, 'remove', 'phone');
    expect(bob.reads()).to.contain('You need it to sign in.');
    const page = bob.at().pathname;
    const _csrf = bob.html().querySelector('[name=_csrf]')?.getAttribute('value') ?? '';
    await bob.post(`${page}/remove`, new URLSearchParams({ _csrf }));
    expect(bob.reads()).to.contain('You need this method to sign in');
    expect((await accountOf('bob'))?.credentials.map(({ id }) => id)).to.include('phone');
  });

  it('changes the password after the old one, and signs out everywhere else (S-014)', async () => {
    const [ada, elsewhere] = [await signedIn('ada'), house.visitor('ada')];
    clock.advance({ seconds: 30 });
    await elsewhere.opens('/account');
    await elsewhere.identifies();
    await elsewhere.says({ code: elsewhere.code() });
    await begin(ada, 'password');
    expect(ada.sees()).to.equal('methods/password/answer');
    await ada.says({ password: 'not the old one' });
    expect(ada.sees()).to.equal('methods/password/answer');
    await ada.says({ password: people.ada.password });
    expect(ada.sees()).to.equal('security-info/new-password');
    await ada.says({ password: people.ada.password });
    expect(ada.reads()).to.contain('This is the password you have now.');
    await ada.says({ password: 'ada now walks to the harbour' });
    expect(ada.reads()).to.contain('Your password is changed.');
    await elsewhere.opens('/account/security-info');
    expect(elsewhere.sees()).to.equal('sign-in/pick-account');
    await ada.opens('/account/security-info');
    expect(ada.sees()).to.equal('account/security-info');

    await begin(ada, 'password');
    await ada.says({ password: 'ada now walks to the harbour' });
    await ada.says({ password: people.ada.password });
    expect(ada.reads()).to.contain('You had this password before.');
  });

  it('changes a number: the new one is proved, and takes the place of the old one', async () => {
    const ada = await signedIn('ada');
    await begin(ada, 'replace', 'phone');
    expect(ada.sees()).to.equal('methods/text/add');
    await ada.says({ country: 'DE', number: '15' });
    expect(ada.reads()).to.contain('This is not a complete phone number.');
    const number = '+4915123456780';
    await ada.says({ country: 'DE', number });
    const [, code = ''] = /(\d{6})/.exec(house.carrier.textsTo(number).at(-1)?.text ?? '') ?? [];
    await ada.says({ code });
    expect(ada.sees()).to.equal('security-info/added');
    await ada.presses('done');
    expect(ada.reads()).to.contain('+49 1512 3456780').and.not.to.contain('900156');
    expect(
      (await accountOf('ada'))?.credentials.filter(({ kind }) => kind === 'phone'),
    ).to.have.length(1);
  });

  it('keeps whoever proved it by the old number signed in', async () => {
    const bob = house.visitor('bob');
    await bob.opens('/account');
    await bob.identifies();
    const codeTo = (number: string) =>
      /(\d{6})/.exec(house.carrier.textsTo(number).at(-1)?.text ?? '')?.[1] ?? '';
    await bob.says({ code: codeTo(people.bob.phone) });
    await begin(bob, 'replace', 'phone');
    const number = '+4915123456781';
    await bob.says({ country: 'DE', number });
    await bob.says({ code: codeTo(number) });
    await bob.presses('done');
    expect(bob.sees()).to.equal('account/security-info');
    expect(bob.reads()).to.contain('+49 1512 3456781');
    const { removedCredentials = [] } = (await accountOf('bob')) ?? {};
    expect(removedCredentials.map(({ id }) => id)).to.deep.equal(['phone']);
  });
});
