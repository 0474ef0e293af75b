/**
 * What a sign-in begins with: the person's default, what they used last here, or the strongest.
 */
import { expect } from 'chai';

import { isRefusal } from '../../src/administration/refusal.ts';
import { administrationOf } from '../support/administration.ts';
import { clock } from '../support/clock.ts';
import { describeHouse } from '../support/describe-house.ts';
import { people } from '../support/people.ts';
import { prefers } from '../support/prefers.ts';
import type { Visitor } from '../support/visitor.ts';

const text = { method: 'text', credential: 'phone' };
const RAISED = 'Your organisation asks for the strongest method first.';

const codeOf = (error: unknown): unknown => (isRefusal(error) ? error.code : error);

const listed = (visitor: Visitor): (string | undefined)[] =>
  visitor
    .html()
    .querySelectorAll('.choices input[name="method"]')
    .map((input) => input.getAttribute('value'));

describeHouse('What a sign-in begins with', {}, (house) => {
  const wantsStrongest = async () => {
    const reason = 'to see';
    await administrationOf(house).policy.set('firstMethod', 'strongest', { reason });
    clock.advance({ seconds: 5 });
  };

  it('is the default, and the others are listed strongest first (B3-01)', async () => {
    await prefers(house, 'ada', text);
    const ada = await house.atSecondStep('ada');
    expect(ada.sees()).to.equal('methods/text/answer');
    expect(ada.reads()).not.to.contain(RAISED);
    clock.advance({ minutes: 2 });
    await ada.presses('another-way');
    expect(listed(ada)).to.deep.equal(['code', 'text', 'recovery-code']);
  });

  it('is the next one where limits let nothing be sent, and the page says so', async () => {
    await prefers(house, 'ada', text);
    for (let sent = 0; sent < 3; sent += 1) {
      expect((await house.atSecondStep('ada')).sees()).to.equal('methods/text/answer');
      clock.advance({ minutes: 1 });
    }
    const ada = await house.atSecondStep('ada');
    expect([ada.status(), ada.sees()]).to.deep.equal([200, 'methods/code/answer']);
    expect(ada.reads()).to.contain('No more texts or calls for now, so use this instead.');
    expect(house.carrier.texts).to.have.length(3);
    await ada.presses('another-way');
    expect(listed(ada)).to.deep.equal(['code', 'recovery-code']);
    expect(ada.reads()).to.match(/You can ask again in \d+ minutes/);
    clock.advance({ minutes: 8 });
    await ada.reloads();
    expect(listed(ada)).to.deep.equal(['code', 'text', 'recovery-code']);
    await ada.says({ method: 'code', credential: 'app' });
    expect(ada.reads()).not.to.contain('No more texts');
    await ada.says({ code: ada.code() });
    ada.landed();
  });

  it('is not reached where there is no other, which is said with the time to wait', async () => {
    await house.atSecondStep('bob');
    const bob = await house.atSecondStep('bob');
    expect([bob.status(), bob.sees()]).to.deep.equal([429, 'problem']);
  });

  it('is the strongest where policy wants that, and the page says so', async () => {
    await prefers(house, 'ada', text);
    await wantsStrongest();
    const ada = await house.atSecondStep('ada');
    expect(ada.sees()).to.equal('methods/code/answer');
    expect(ada.reads()).to.contain(RAISED);
    expect(house.carrier.texts).to.have.length(0);
    await ada.says({ code: '000000' });
    expect(ada.reads(), 'as long as it is asked').to.contain(RAISED);
    await ada.presses('another-way');
    await ada.says(text);
    expect(ada.sees()).to.equal('methods/text/answer');
    expect(ada.reads(), 'of what they chose themselves').not.to.contain(RAISED);
  });

  it('is not said to be raised for whoever would have begun with it anyway', async () => {
    await wantsStrongest();
    const ada = await house.atSecondStep('ada');
    expect(ada.sees()).to.equal('methods/code/answer');
    expect(ada.reads()).not.to.contain(RAISED);
  });

  it('is the first second step that somebody set up, and the page says so (B1-09)', async () => {
    const cleo = await house.atSecondStep('cleo');
    await cleo.says({});
    await cleo.says({ method: 'text' });
    await cleo.says({ country: 'DE', number: '0151 23456789' });
    await cleo.says({ code: house.carrier.lastCode('+4915123456789') });
    expect(cleo.reads()).to.contain('You will sign in with: Phone - text (+49 ••• 89)');
    const stored = await administrationOf(house).stored('cleo');
    const phone = stored?.credentials.find(({ kind }) => kind === 'phone');
    expect(stored?.preferred).to.deep.equal({ method: 'text', credential: phone?.id });
  });

  it('is set by an administrator, where it is one that they have and may use', async () => {
    const office = administrationOf(house);
    const sets = (method: string, id?: string) =>
      office.methods.setDefault('ada', { method, id }).catch(codeOf);
    expect(await sets('recovery-code')).to.equal('default-unfit');
    expect(await sets('approve')).to.equal('default-not-held');
    expect(await sets('text', 'app')).to.equal('default-not-held');
    expect(await sets('call'), 'off here').to.equal('default-not-allowed');
    expect(await sets('text')).to.deep.include({ way: text, isChanged: true });
    expect(await sets('text', 'phone')).to.deep.include({ way: text, isChanged: false });
    const marks = (await office.methods.list('ada')).filter(({ isDefault }) => isDefault);
    expect(marks.map(({ id, defaultMethod }) => [id, defaultMethod])).to.deep.equal([
      ['phone', 'text'],
    ]);
    expect((await house.atSecondStep('ada')).sees()).to.equal('methods/text/answer');
  });

  it('moves to the strongest that is left when it is removed', async () => {
    await prefers(house, 'ada', text);
    const { methods, stored } = administrationOf(house);
    const { begins } = await methods.remove('ada', { id: 'phone' });
    expect([begins?.method, begins?.defaultMethod]).to.deep.equal(['code', 'code']);
    expect((await stored('ada'))?.preferred).to.deep.equal({ method: 'code', credential: 'app' });
    await methods.remove('ada', { id: 'codes' });
    expect((await stored('ada'))?.preferred, 'of another').to.deep.equal({
      method: 'code',
      credential: 'app',
    });
    expect((await methods.remove('ada', { id: 'app' })).begins).to.equal(undefined);
    expect(await stored('ada')).not.to.have.property('preferred');
  });

  it('is asked for by id where several could be meant', async () => {
    const { methods, policy } = administrationOf(house);
    await policy.set('methods.call.signIn', true, { reason: 'to see' });
    const { id } = await methods.addPhone('bob', { number: '+14255550199' });
    const wish = { method: 'call' };
    expect(await methods.setDefault('bob', wish).catch(codeOf)).to.equal('default-ambiguous');
    const { way } = await methods.setDefault('bob', { ...wish, id });
    expect(way).to.deep.equal({ method: 'call', credential: id });
  });

  it('is, without a default, what was used last in this browser, and in no other', async () => {
    const ada = await house.atSecondStep('ada');
    expect(ada.sees()).to.equal('methods/code/answer');
    await ada.presses('another-way');
    await ada.says(text);
    await ada.says({ code: house.carrier.lastCode(people.ada.phone) });
    ada.landed();
    clock.advance({ days: 2 });
    await ada.opens(await house.shop.signIn());
    await ada.identifies();
    expect(ada.sees()).to.equal('methods/text/answer');
    expect((await house.atSecondStep('ada')).sees()).to.equal('methods/code/answer');
  });
});
