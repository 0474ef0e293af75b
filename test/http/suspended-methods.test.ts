/**
 * A method that its owner disowned: it proves nothing, wherever it is asked or was asked before, and
 * all the same it counts, until its owner lifts that by a proof, or an administrator does.
 */
import { expect } from 'chai';

import { administrationOf } from '../support/administration.ts';
import { clock } from '../support/clock.ts';
import { describeHouse } from '../support/describe-house.ts';
import { keyOf, keysOn } from '../support/keys.ts';
import { people, type PersonName } from '../support/people.ts';
import { prefers } from '../support/prefers.ts';
import { accountIn, suspend } from '../support/suspending.ts';
import type { Visitor } from '../support/visitor.ts';
import { begin, rowsOn } from '../support/my-account.ts';

const listed = (visitor: Visitor): (string | undefined)[] =>
  visitor
    .html()
    .querySelectorAll('.choices input[name="method"]')
    .map((input) => input.getAttribute('value'));

describeHouse('A suspended method (S-115)', keysOn, (house) => {
  async function atAccount(name: PersonName): Promise<Visitor> {
    const visitor = house.visitor(name);
    await visitor.opens('/account');
    await visitor.identifies();
    return visitor;
  }

  const held = async (name: string, wanted: string) =>
    (await accountIn(house, `id-${name}`)).credentials.find(({ id }) => id === wanted);

  async function byRecoveryCode(visitor: Visitor, code: number): Promise<void> {
    if (!visitor.sees().startsWith('sign-in/choose')) await visitor.presses('another-way');
    await visitor.says({ method: 'recovery-code' });
    await visitor.says({ code: people.ada.recoveryCodes[code] ?? '' });
    if (visitor.sees() === 'sign-in/codes-left') await visitor.presses('noted');
  }

  it('is not offered, not begun by hand, and no default', async () => {
    await prefers(house, 'ada', { method: 'code', credential: 'app' });
    await suspend(house, 'id-ada', 'app');
    const ada = await house.atSecondStep('ada');
    expect(ada.sees()).to.equal('methods/text/answer');
    clock.advance({ minutes: 2 });
    await ada.presses('another-way');
    expect(listed(ada)).to.deep.equal(['text', 'recovery-code']);
    await ada.says({ method: 'code', credential: 'app' });
    expect(ada.sees()).not.to.equal('methods/code/answer');
  });

  it('fails what it was asked before, however right the answer is', async () => {
    const ada = await house.atSecondStep('ada');
    await suspend(house, 'id-ada', 'app');
    await ada.says({ code: ada.code() });
    expect(ada.sees()).to.equal('methods/code/answer');
    expect(ada.reads()).to.contain('This way of signing in is suspended.');
    expect(await held('ada', 'app')).not.to.have.property('lastUsedAt');
  });

  it('leads nobody to a first enrolment where it was the only one', async () => {
    await suspend(house, 'id-bob', 'phone');
    const bob = await house.atSecondStep('bob');
    expect(bob.sees()).to.equal('sign-in/no-way');
    expect(house.carrier.texts).to.deep.equal([]);
  });

  it('keeps the level that a change needs, which a recovery code may stand in for (S-110)', async () => {
    await keyOf(house, 'ada');
    await suspend(house, 'id-ada', 'key');
    const ada = await atAccount('ada');
    await ada.says({ code: ada.code() });
    expect(rowsOn(ada)).to.include('Security key');
    await begin(ada, 'remove', 'phone');
    expect(ada.sees(), 'the app’s level is not enough').not.to.equal('security-info/remove');
    await byRecoveryCode(ada, 0);
    expect(ada.sees()).to.equal('security-info/remove');
  });

  it('is lifted by its owner with a recent proof, and told of', async () => {
    await suspend(house, 'id-ada', 'phone');
    clock.advance({ seconds: 1 });
    const ada = await atAccount('ada');
    await ada.says({ code: ada.code() });
    expect(ada.reads()).to.contain('Suspended');
    clock.advance({ minutes: 11 });
    await begin(ada, 'lift', 'phone');
    expect(ada.sees(), 'a proof that is old is none').to.equal('methods/code/answer');
    await ada.says({ code: ada.code() });
    await ada.presses('continue');
    expect(ada.reads()).to.match(/Phone .*can be used again\./);
    expect(await held('ada', 'phone')).not.to.have.property('suspendedAt');
  });

  it('is deleted as any other, and comes back no better than it went', async () => {
    await suspend(house, 'id-ada', 'phone');
    clock.advance({ seconds: 1 });
    const ada = await atAccount('ada');
    await ada.says({ code: ada.code() });
    await begin(ada, 'remove', 'phone');
    await ada.presses('remove');
    expect(rowsOn(ada)).to.deep.equal(['Authenticator app']);
    await begin(ada, 'restore');
    expect(await held('ada', 'phone')).to.have.property('suspendedAt');
  });

  it('is listed and lifted by an administrator, who need not say it twice', async () => {
    await suspend(house, 'id-bob', 'phone');
    const { methods } = administrationOf(house);
    expect((await methods.list('bob')).find(({ id }) => id === 'phone')).to.have.property(
      'suspendedAt',
    );
    expect(await methods.lift('bob', { id: 'phone' })).to.include({ isChanged: true });
    expect(await methods.lift('bob', { id: 'phone' })).to.include({ isChanged: false });
    const bob = await house.atSecondStep('bob');
    expect(bob.sees()).to.equal('methods/text/answer');
  });

  it('that was a set of recovery codes is none, until new ones are made', async () => {
    await suspend(house, 'id-ada', 'codes');
    clock.advance({ seconds: 1 });
    const ada = await atAccount('ada');
    await ada.says({ code: ada.code() });
    expect(ada.reads()).to.contain('You have no recovery codes.');
    await begin(ada, 'codes');
    await ada.presses('make-codes');
    await ada.presses('saved');
    expect(ada.reads()).to.contain('10 codes are left.');
  });
});
