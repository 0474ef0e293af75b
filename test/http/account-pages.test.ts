/**
 * The pages of "My account" beside Security info.
 */
import { expect } from 'chai';
import { fetchUserInfo, refreshTokenGrant } from 'openid-client';

import { createAccounts } from '../../src/models/account.ts';
import { createAuditRecords } from '../../src/models/audit-record.ts';
import { createOidcRecords } from '../../src/models/oidc-record.ts';
import { administrationOf } from '../support/administration.ts';
import { clock } from '../support/clock.ts';
import { describeHouse } from '../support/describe-house.ts';
import { begin, csrfOn, rowsOn, signedIn, toldOf } from '../support/my-account.ts';
import { numberOn, pairingCodeOn } from '../support/paired-people.ts';
import { appCode, people } from '../support/people.ts';
import { createPhone } from '../support/phone.ts';
import { trusting } from '../support/trusting.ts';

const whenAsked = { policy: { twoSteps: 'when-asked' } } as const;

describeHouse('My account', {}, (house) => {
  it('shows the profile, and keeps the language that is chosen there', async () => {
    const ada = await signedIn(house, 'ada');
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
    const ada = await signedIn(house, 'ada');
    await ada.opens('/account/profile');
    await ada.says({ language: 'de', _csrf: 'x' });
    expect(ada.status()).to.equal(403);
    const nobody = house.visitor();
    await nobody.post('/account/profile', new URLSearchParams({ language: 'de' }));
    expect(nobody.sees()).to.equal('sign-in/identify');
    const account = await createAccounts(house.connection).findById('id-ada');
    expect(account?.profile).not.to.have.property('locale');
  });

  it('lists where somebody is signed in, and signs out there with its tokens (S-116)', async () => {
    const since = new Date();
    const [here, there] = [await signedIn(house, 'ada'), house.visitor('ada')];
    clock.advance({ minutes: 1 });
    await there.opens(await house.shop.signIn({ scope: 'openid offline_access' }));
    await there.identifies();
    await there.says({ code: there.code() });
    const tokens = await house.shop.welcome(there.landed());
    await here.opens('/account/sessions');
    expect(rowsOn(here)).to.have.length(2);
    expect(here.reads()).to.contain('This browser').and.contain('The Shop');
    expect(here.reads()).to.contain('From 127.0.0.1').and.not.contain('doorstep-account');
    await begin(here, 'end-session');
    expect(here.sees()).to.equal('account/sessions');
    expect(here.reads()).to.contain('That browser is signed out.');
    expect(rowsOn(here)).to.have.length(1);
    const notices = house.connection.collection('logout_notices');
    expect(await notices.countDocuments({ clientId: 'shop', accountId: 'id-ada' })).to.equal(1);
    await there.opens('/account');
    expect(there.sees()).to.equal('sign-in/pick-account');
    const config = await house.shop.configuration();
    const refused = await refreshTokenGrant(config, tokens.refresh_token ?? '').catch(String);
    expect(refused).to.contain('ResponseBodyError');
    expect(await toldOf(house, { account: 'id-ada', name: 'session.ended', since })).to.equal(1);
  });

  it('adds no phone to the account once its session has ended, whoever answers', async () => {
    const there = await signedIn(house, 'ada');
    clock.advance({ minutes: 1 });
    const here = await signedIn(house, 'ada');
    await begin(there, 'add');
    await there.says({ method: 'approve' });
    const phone = createPhone(house.issuer);
    await phone.pairs(pairingCodeOn(there));
    await there.presses('continue');
    await here.opens('/account/sessions');
    await begin(here, 'end-session');
    await phone.approves(numberOn(there));
    await here.opens('/account/security-info');
    expect(rowsOn(here)).to.deep.equal(['Authenticator app', 'Phone']);
  });

  it('signs out everywhere else, also where the sign-out page was seen before', async () => {
    const here = await signedIn(house, 'ada');
    const there = house.visitor('ada');
    await there.opens('/session/end');
    clock.advance({ minutes: 1 });
    await there.opens('/account');
    await there.identifies();
    await there.says({ code: there.code() });
    await here.opens('/account/sessions');
    await begin(here, 'end-sessions');
    expect(here.reads()).to.contain('One browser is signed out.');
    await there.reloads();
    expect(there.sees()).to.equal('sign-in/pick-account');
    await here.reloads();
    expect(here.sees()).to.equal('account/sessions');
  });

  it('ends no session of anybody else, and tells it from none in no way (S-111)', async () => {
    const [ada, bob] = [await signedIn(house, 'ada'), await house.atSecondStep('bob')];
    const text = house.carrier.texts.at(-1)?.text ?? '';
    await bob.says({ code: /\b\d{6}\b/.exec(text)?.[0] ?? '' });
    const records = createOidcRecords(house.connection).model;
    const theirs = await records.findOne({ signedIn: 'id-bob' }).lean().exec();
    await ada.opens('/account/security-info');
    const _csrf = csrfOn(ada);
    const said: string[] = [];
    for (const credential of [theirs?._id.slice('Session:'.length) ?? '', 'nothing', '']) {
      const form = { act: 'end-session', credential, _csrf };
      await ada.post('/account/change', new URLSearchParams(form));
      said.push(ada.reads());
    }
    expect(said[0]).to.contain('This was over already.').and.equal(said[1]).and.equal(said[2]);
    expect(await records.findOne({ signedIn: 'id-bob' }).lean().exec()).not.to.equal(null);
  });

  it('asks for a recent proof before a session is ended', async () => {
    const here = await signedIn(house, 'ada');
    clock.advance({ minutes: 11 });
    await here.opens('/account/security-info');
    const form = { act: 'end-sessions', _csrf: csrfOn(here) };
    await here.post('/account/change', new URLSearchParams(form));
    expect(here.sees()).to.equal('methods/code/answer');
    await here.says({ code: here.code() });
    await here.presses('continue');
    expect(here.reads()).to.contain('This was over already.');
  });

  it('lists apps with what they may know, and shuts one out until it asks anew', async () => {
    const since = new Date();
    const ada = await signedIn(house, 'ada');
    await ada.opens(await house.partner.signIn({ scope: 'openid email' }));
    await ada.presses('consent');
    const tokens = await house.partner.welcome(ada.landed());
    await ada.opens('/account/apps');
    expect(rowsOn(ada)).to.deep.equal(['A Partner']);
    expect(ada.reads()).to.contain('See your email address');
    await begin(ada, 'end-app');
    expect(ada.sees()).to.equal('security-info/end-app');
    await ada.presses('remove');
    expect(ada.sees()).to.equal('account/apps');
    expect(ada.reads()).to.contain('A Partner has no access any more.');
    expect(rowsOn(ada)).to.deep.equal([]);
    expect(await toldOf(house, { account: 'id-ada', name: 'consent.revoked', since })).to.equal(1);
    const config = await house.partner.configuration();
    const asked = await fetchUserInfo(config, tokens.access_token, 'id-ada').catch(String);
    expect(asked).to.contain('Error');
    await ada.opens(await house.partner.signIn({ scope: 'openid email' }));
    expect(ada.sees()).to.equal('sign-in/consent');
  });

  it('asks again on a browser that was trusted, once that is ended', async () => {
    const { decides, ticks, returns, kept } = trusting(house);
    await decides({ trustedBrowsers: { days: 30, satisfiesMfa: false } });
    const ada = await ticks('ada');
    await ada.opens('/account/sessions');
    expect(rowsOn(ada)).to.have.length(2);
    expect(ada.reads()).to.contain('Unknown browser This browser');
    await begin(ada, 'end-trust');
    expect(ada.reads()).to.contain('That browser is asked for the second step again.');
    expect(await kept('ada')).to.deep.equal([]);
    await returns(ada);
    expect(ada.sees()).to.equal('methods/code/answer');
  });

  it('tells what happened lately, a wrong password from a failed second step', async () => {
    const ada = house.visitor('ada');
    await ada.opens(await house.shop.signIn());
    await ada.identifies('not her password');
    await ada.says({ password: people.ada.password });
    await ada.says({ code: '000000' });
    await ada.says({ code: ada.code() });
    ada.landed();
    await house.settles();
    await ada.opens('/account/activity');
    expect(rowsOn(ada).slice(0, 3)).to.deep.equal([
      'Signed in',
      'The password was right, the second step failed',
      'Wrong password',
    ]);
    expect(ada.reads()).to.contain('The Shop').and.contain('From 127.0.0.1');
    clock.advance({ days: 31 });
    const later = await signedIn(house, 'ada');
    await later.opens('/account/activity');
    expect(rowsOn(later)).not.to.include('Wrong password');
  });

  it('shows no more than 25 at a time, and nobody else', async () => {
    const ada = await signedIn(house, 'ada');
    const audited = createAuditRecords(house.connection);
    const { _id: newest = 0 } = (await audited.newest()) ?? {};
    const event = { at: new Date(), name: 'method.renamed', result: 'done', by: 'id-ada' } as const;
    const events = Array.from({ length: 60 }, (_, index) => ({
      ...{ ...event, id: `e${index}`, details: { method: 'code', credential: 'app' } },
      account: index % 2 === 0 ? 'id-ada' : 'id-bob',
    }));
    await audited.add({ _id: newest + 1, previous: '', hash: '', events });
    await ada.opens('/account/activity');
    expect(rowsOn(ada)).to.have.length(25);
    await ada.opens(ada.formFor('a[href*="before="]').getAttribute('href') ?? '');
    expect(rowsOn(ada).filter((row) => row.includes('name'))).to.have.length(5);
    for (const before of ['x', '1-1-1', '-1', '9e9-0']) {
      await ada.opens(`/account/activity?before=${before}`);
      expect(rowsOn(ada)).to.have.length(25);
    }
  });

  it('advises whoever was helped to add another method, until they do', async () => {
    const { methods, ends } = administrationOf(house);
    await methods.addPhone('cleo', { number: '+4915123456780', reason: 'lost her phone' });
    await methods.addApp('cleo', { secret: people.ada.seed });
    await ends();
    const cleo = house.visitor('cleo');
    await cleo.opens('/account');
    await cleo.identifies();
    await cleo.says({ code: appCode(people.ada.seed) });
    expect(rowsOn(cleo)).to.have.length(2);
    expect(cleo.reads()).to.contain('Your administrator changed how you sign in. Check the list');
    await begin(cleo, 'add');
    await cleo.says({ method: 'code' });
    const seed = cleo.html().querySelector('.secret')?.text.replaceAll(/\s/g, '') ?? '';
    await cleo.says({ code: appCode(seed) });
    if (cleo.sees() === 'adding/recovery-codes') await cleo.presses('saved');
    else await cleo.presses('done');
    await house.settles();
    await cleo.reloads();
    expect(cleo.reads()).not.to.contain('Your administrator changed');
  });

  it('says so of the one method that an administrator left', async () => {
    const { methods } = administrationOf(house);
    const ada = await signedIn(house, 'ada');
    expect(ada.reads()).not.to.contain('You have only one method for signing in.');
    await methods.remove('ada', { id: 'phone' });
    clock.advance({ days: 8 });
    const later = await signedIn(house, 'ada');
    expect(later.reads()).to.contain('You have only one method for signing in.');
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

describeHouse('My account, where policy asks for one step', whenAsked, (house) => {
  it('asks whoever has a second step for it, and comes back', async () => {
    const ada = await signedIn(house, 'ada');
    expect(ada.sees()).to.equal('account/security-info');
    await ada.opens('/account/signed-in?state=again/sessions');
    expect(ada.sees()).to.equal('account/sessions');
    clock.advance({ days: 2 });
    await ada.opens('/account/signed-in?state=again/sessions');
    expect(ada.reads()).to.contain('This page is only for whoever is signed in.');
  });

  it('takes no password for more because second steps cannot be read (S-110)', async () => {
    const ada = await signedIn(house, 'ada');
    const damaged = { $set: { 'credentials.$[own].data': { damaged: true } } };
    const arrayFilters = [{ 'own.kind': { $in: ['app', 'phone', 'recovery-codes'] } }];
    await createAccounts(house.connection).model.updateOne({ _id: 'id-ada' }, damaged, {
      arrayFilters,
    });
    clock.advance({ minutes: 11 });
    await ada.opens('/account/security-info');
    await begin(ada, 'add');
    expect(ada.sees()).to.equal('sign-in/no-way');
  });
});
