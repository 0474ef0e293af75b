import { expect } from 'chai';

import { openDesk } from '../support/browser.ts';
import { clock } from '../support/clock.ts';
import { appCode, people } from '../support/people.ts';

const { ada: ADA, bob: BOB } = people;

describe('Signing in, in a browser', () => {
  const desk = openDesk();

  it('takes user name, password and a code from the app', async () => {
    const ada = await desk.visitor();
    await ada.opens(await desk.house.shop.signIn());
    expect(await ada.sees()).to.equal('sign-in/identify');
    await ada.says('identify', { identifier: 'ada' });
    expect(await ada.sees()).to.equal('methods/password/answer');
    await ada.says('answer', { password: ADA.password });
    expect(await ada.sees()).to.equal('methods/code/answer');
    await ada.says('answer', { code: appCode(ADA.seed) });
    expect(await ada.sees()).to.equal('/shop/back');

    const claims = await desk.house.shop.claims(ada.landed());
    expect(claims.sub).to.equal('id-ada');
    expect(claims.amr).to.have.members(['pwd', 'otp', 'mfa']);
  });

  it('takes a code that was texted', async () => {
    const bob = await desk.atSecondStep('bob');
    expect(await bob.sees()).to.equal('methods/text/answer');
    expect(await bob.reads()).to.contain('+1 ••• 34');
    await bob.says('answer', { code: desk.house.carrier.lastCode(BOB.phone) });
    const claims = await desk.house.shop.claims(bob.landed());
    expect(claims.amr).to.have.members(['pwd', 'sms', 'mfa']);
  });

  it('shows other ways, and sends nothing before one is chosen', async () => {
    const ada = await desk.atSecondStep('ada');
    await ada.says('another-way');
    expect(await ada.sees()).to.equal('sign-in/choose');
    expect(desk.house.carrier.texts).to.have.length(0);
    await ada.picks('choose', 'method', 'text');
    expect(await ada.sees()).to.equal('methods/text/answer');
    await ada.says('answer', { code: desk.house.carrier.lastCode(ADA.phone) });
    const claims = await desk.house.shop.claims(ada.landed());
    expect(claims.amr).to.have.members(['pwd', 'sms', 'mfa']);
  });

  it('says that a code is wrong, and then takes the right one', async () => {
    const ada = await desk.atSecondStep('ada');
    await ada.says('answer', { code: '000000' });
    expect(await ada.sees()).to.equal('methods/code/answer');
    expect(await ada.page.locator('[role="alert"]').innerText()).to.contain('4 tries left');
    expect(await ada.page.title()).to.match(/^Wrong code/);
    expect(await ada.page.locator('[name="code"]').inputValue()).to.equal('');
    await ada.finishesWithCode();
    expect(ada.landed().searchParams.get('code')).to.be.a('string');
  });

  it('sends a whole code by itself that is pasted, and none that is typed', async () => {
    const ada = await desk.atSecondStep('ada');
    const code = ada.page.locator('[name="code"]');
    await code.pressSequentially('000000');
    expect(await code.inputValue()).to.equal('000000');
    await code.fill('');
    await code.fill('000 000');
    await ada.page.locator('[role="alert"]').filter({ hasText: '4 tries left' }).waitFor();
  });

  it('takes a recovery code', async () => {
    const ada = await desk.atSecondStep('ada');
    await ada.says('another-way');
    await ada.picks('choose', 'method', 'recovery-code');
    await ada.says('answer', { code: ADA.recoveryCodes[0].toLowerCase() });
    await ada.says('noted');
    expect(ada.landed().searchParams.get('code')).to.be.a('string');
  });

  it('goes back to the app when it is cancelled', async () => {
    const ada = await desk.atSecondStep('ada');
    await ada.says('cancel');
    expect(ada.landed().searchParams.get('error')).to.equal('access_denied');
  });

  it('starts again for whoever it is not', async () => {
    const ada = await desk.atSecondStep('ada');
    await ada.says('restart');
    expect(await ada.sees()).to.equal('sign-in/identify');
    await ada.identifies('bob');
    expect(await ada.sees()).to.equal('methods/text/answer');
  });

  it('goes on after it took too long', async () => {
    const ada = await desk.atSecondStep('ada');
    clock.advance({ minutes: 11 });
    await ada.says('answer', { code: appCode(ADA.seed) });
    expect(await ada.sees()).to.equal('sign-in/expired');
    await ada.says('restart');
    await ada.identifies('ada');
    await ada.finishesWithCode();
    expect(ada.landed().searchParams.get('code')).to.be.a('string');
  });
});
