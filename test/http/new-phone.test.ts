/**
 * "I have a new phone": what is on the old one is set up on the new one, and stops working there in
 * the same write.
 */
import { expect } from 'chai';

import { createAccounts } from '../../src/models/account.ts';
import { clock } from '../support/clock.ts';
import { describeHouse } from '../support/describe-house.ts';
import { begin, rowsOn, signedIn, toldOf } from '../support/my-account.ts';
import { numberOn, pairedCleo, pairingCodeOn } from '../support/paired-people.ts';
import { appCode, credential, people } from '../support/people.ts';
import { createPhone } from '../support/phone.ts';
import type { Visitor } from '../support/visitor.ts';

describeHouse('A new phone', {}, (house) => {
  const model = () => createAccounts(house.connection).model;
  const accountOf = (name: string) => createAccounts(house.connection).findById(`id-${name}`);
  const appsOf = async (name: string) =>
    (await accountOf(name))?.credentials.filter(({ kind }) => kind === 'app').map(({ id }) => id);
  const seedOn = (visitor: Visitor) =>
    visitor.html().querySelector('.secret')?.text.replaceAll(/\s/g, '') ?? '';

  /** Up to where the app on the new phone is to be tried. */
  async function scans(visitor: Visitor, row = 'app'): Promise<string> {
    await visitor.opens('/account/new-phone');
    await begin(visitor, 'move', row);
    if (visitor.sees() === 'security-info/continue') await visitor.presses('continue');
    expect(visitor.sees()).to.equal('security-info/choose-method');
    await visitor.says({ method: 'code' });
    expect(visitor.sees()).to.equal('methods/code/add');
    return seedOn(visitor);
  }

  it('is reached from Security info and from help, signed in or not', async () => {
    const visitor = house.visitor('ada');
    await visitor.opens('/help');
    const link = visitor.formFor('#new-phone a').getAttribute('href') ?? '';
    await visitor.opens(link);
    await visitor.identifies();
    await visitor.says({ code: visitor.code() });
    expect(visitor.sees()).to.equal('account/new-phone');
    expect(rowsOn(visitor)).to.deep.equal(['Authenticator app']);
    expect(visitor.reads()).to.contain('Texts and calls follow your number');
    await visitor.opens('/account/security-info');
    await visitor.opens(visitor.formFor('main a[href$="new-phone"]').getAttribute('href') ?? '');
    expect(visitor.sees()).to.equal('account/new-phone');
  });

  it('takes the place of the old one, which proves nothing any more, and the default goes along', async () => {
    const since = new Date();
    const ada = await signedIn(house, 'ada');
    await model().updateOne(
      { _id: 'id-ada' },
      { preferred: { method: 'code', credential: 'app' }, trustedBrowsers: [] },
    );
    const seed = await scans(ada);
    expect(await appsOf('ada'), 'nothing yet').to.deep.equal(['app']);
    await ada.says({ code: '000000' });
    expect(ada.sees()).to.equal('methods/code/add');
    expect(await appsOf('ada'), 'not by a wrong code').to.deep.equal(['app']);
    await ada.says({ code: appCode(seed) });
    expect(ada.sees()).to.equal('security-info/added');
    expect(ada.reads()).to.contain('On the old phone').and.contain('remove the entry');
    await ada.presses('done');
    expect(ada.sees(), 'still signed in, by what the old one proved').to.equal('account/new-phone');
    expect(ada.reads()).to.contain('Set up on the new phone: Authenticator app.');

    const account = await accountOf('ada');
    const [id] = (await appsOf('ada')) ?? [];
    expect(await appsOf('ada'))
      .to.have.length(1)
      .and.not.include('app');
    expect(account?.preferred).to.deep.equal({ method: 'code', credential: id });
    expect(account?.spentSeeds, 'no code of the old one is good again').to.have.length(1);
    expect(account).not.to.have.property('trustedBrowsers');
    const told = { account: 'id-ada', name: 'method.replaced', since };
    expect(await toldOf(house, told)).to.equal(1);
    clock.advance({ minutes: 2 });
    const later = await house.atSecondStep('ada');
    await later.says({ code: later.code() });
    expect(later.sees()).to.equal('methods/code/answer');
    await later.says({ code: appCode(seed) });
    later.landed();
  });

  it('works where there are as many apps as there may be', async () => {
    const ada = await signedIn(house, 'ada');
    const [app] = (await accountOf('ada'))?.credentials.filter(({ id }) => id === 'app') ?? [];
    const more = [2, 3, 4, 5].map((at) => credential(`app-${at}`, 'app', app?.data));
    await model().updateOne(
      { _id: 'id-ada' },
      { $push: { credentials: { $each: more } }, $inc: { credentialsVersion: 1 } },
    );
    const seed = await scans(ada, 'app-3');
    await ada.says({ code: appCode(seed) });
    await ada.presses('done');
    expect(await appsOf('ada'))
      .to.have.length(5)
      .and.not.include('app-3');
    expect(rowsOn(ada)).to.have.length(5);
  });

  it('pairs the approval app in place of another app, and an app in its place', async () => {
    const ada = await signedIn(house, 'ada');
    await ada.opens('/account/new-phone');
    await begin(ada, 'move', 'app');
    await ada.says({ method: 'approve' });
    const phone = createPhone(house.issuer);
    await phone.pairs(pairingCodeOn(ada), 'New phone');
    await ada.presses('continue');
    await phone.approves(numberOn(ada));
    await ada.presses('continue');
    expect(ada.sees()).to.equal('security-info/added');
    await ada.presses('done');
    expect(rowsOn(ada)).to.deep.equal(['Approve on my phone']);

    const [paired = ''] = (await appsOf('ada')) ?? [];
    const preferred = { method: 'approve', credential: paired };
    await model().updateOne({ _id: 'id-ada' }, { preferred });
    const seed = await scans(ada, paired);
    await ada.says({ code: appCode(seed) });
    await ada.presses('done');
    const [app] = (await appsOf('ada')) ?? [];
    expect(await appsOf('ada'))
      .to.have.length(1)
      .and.not.include(paired);
    expect((await accountOf('ada'))?.preferred).to.deep.equal({ method: 'code', credential: app });
    expect(await phone.hears().catch(String), 'the old one is a stranger').to.contain('401');
  });

  it('moves the one phone of somebody who has nothing else', async () => {
    const { visitor: cleo, phone } = await pairedCleo(house);
    await cleo.opens('/account/new-phone');
    const [old = ''] = (await appsOf('cleo')) ?? [];
    await begin(cleo, 'move', old);
    await cleo.says({ method: 'approve' });
    const other = createPhone(house.issuer);
    await other.pairs(pairingCodeOn(cleo));
    await cleo.presses('continue');
    await other.approves(numberOn(cleo));
    await cleo.presses('continue');
    await cleo.presses('done');
    expect(cleo.sees()).to.equal('account/new-phone');
    expect(await appsOf('cleo'))
      .to.have.length(1)
      .and.not.include(old);
    clock.advance({ minutes: 2 });
    const later = await house.atSecondStep('cleo');
    expect(later.sees()).to.equal('methods/approve/answer');
    expect(await phone.hears().catch(String), 'the old one is a stranger').to.contain('401');
    await other.approves(numberOn(later));
    await later.presses('continue');
    later.landed();
  });

  it('asks for a proof of now, which may be a recovery code where the phone is lost', async () => {
    const ada = await signedIn(house, 'ada');
    clock.advance({ minutes: 11 });
    await ada.opens('/account/new-phone');
    await begin(ada, 'move', 'app');
    expect(ada.sees()).to.equal('methods/code/answer');
    await ada.presses('another-way');
    await ada.says({ method: 'recovery-code' });
    await ada.says({ code: people.ada.recoveryCodes[0] });
    await ada.presses('noted');
    expect(ada.sees()).to.equal('security-info/choose-method');
    await ada.says({ method: 'code' });
    await ada.says({ code: appCode(seedOn(ada)) });
    expect(ada.sees()).to.equal('security-info/added');
    expect(await appsOf('ada'))
      .to.have.length(1)
      .and.not.include('app');
  });

  it('changes nothing when it is cancelled, and goes back to the choice', async () => {
    const ada = await signedIn(house, 'ada');
    await scans(ada);
    await ada.presses('another-way');
    expect(ada.sees()).to.equal('security-info/choose-method');
    await ada.says({ method: 'code' });
    expect(ada.sees()).to.equal('methods/code/add');
    await ada.presses('cancel');
    expect(ada.sees()).to.equal('account/new-phone');
    expect(await appsOf('ada')).to.deep.equal(['app']);
  });

  it('lets one of two tabs take its place, and tells the other', async () => {
    const ada = await signedIn(house, 'ada');
    const first = await scans(ada);
    const form = ada.formFor('form[action$="/answer"]');
    const second = await scans(ada);
    await ada.says({ code: appCode(second) });
    expect(ada.sees()).to.equal('security-info/added');
    const [kept] = (await appsOf('ada')) ?? [];
    await ada.submit(form, { code: appCode(first) });
    expect(await appsOf('ada')).to.deep.equal([kept]);
    expect(ada.sees()).not.to.equal('security-info/added');
    await ada.presses('cancel');
    expect(ada.sees()).to.equal('account/new-phone');
  });

  it('moves nothing but what is on a phone, and only to one', async () => {
    const ada = await signedIn(house, 'ada');
    const before = await accountOf('ada');
    for (const row of ['phone', 'password', 'codes', 'of-nobody', '__proto__']) {
      await ada.opens('/account/new-phone');
      const _csrf = ada.formFor('main [name=_csrf]').getAttribute('value') ?? '';
      const wish = { act: 'move', credential: row, _csrf };
      await ada.post('/account/change', new URLSearchParams(wish));
      expect(ada.reads(), row).to.contain('Nothing can be set up in its place');
    }
    await ada.opens('/account/new-phone');
    await begin(ada, 'move', 'app');
    await ada.says({ method: 'text', country: 'DE', number: '+4915123456780' });
    expect(ada.status()).to.equal(400);
    expect((await accountOf('ada'))?.credentials).to.deep.equal(before?.credentials);
  });
});
