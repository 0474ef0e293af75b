/**
 * A password that others may know (S-017), where policy asks for nothing but a password: it is
 * not enough to change it wherever there is more.
 */
import { expect } from 'chai';

import { createAccounts } from '../../src/models/account.ts';
import { clock } from '../support/clock.ts';
import { MFA, NEW, openStory, OTHER, PAGE, posts, twice } from '../support/password-story.ts';
import { people } from '../support/people.ts';

describe('A password that others may know, where a password is enough', () => {
  const story = openStory('when-asked');

  it('is not enough to change it, where there is a second step', async () => {
    await story.marks('ada');
    const ada = await story.house.atSecondStep('ada');
    expect(ada.sees()).to.equal('methods/code/answer');
    await posts(ada, 'new-password', twice(NEW));
    await ada.reloads();
    expect(ada.sees()).to.equal('methods/code/answer');
    await ada.says({ code: ada.code() });
    expect(ada.reads()).to.match(/at least 15 characters/i);
    await ada.says(twice('fourteen chars'));
    expect(ada.reads()).to.match(/too short/);
    await ada.says(twice(NEW));
    expect((await story.house.shop.claims(ada.landed())).acr).to.equal(MFA.acr_values);
    clock.advance({ minutes: 2 });
    const again = await story.signsIn('ada', NEW);
    expect((await story.house.shop.claims(again.landed())).amr, 'as before').to.deep.equal(['pwd']);
  });

  it('is changed by the password alone, where there is nothing else', async () => {
    await story.marks('cleo');
    const cleo = await story.house.atSecondStep('cleo');
    const stranger = await story.house.atSecondStep('cleo');
    expect([cleo.sees(), stranger.sees()]).to.deep.equal([PAGE, PAGE]);
    await cleo.says(twice(NEW));
    const after = await story.passwordOf('cleo');
    await stranger.says(twice(OTHER));
    expect(stranger.sees(), 'whoever is second starts anew').to.equal('sign-in/begin');
    expect(await story.passwordOf('cleo')).to.equal(after);
    expect((await story.house.shop.claims(cleo.landed())).amr).to.deep.equal(['pwd']);
  });

  it('stays as it is where a second step is there and cannot be asked', async () => {
    const { model } = createAccounts(story.house.connection);
    const unknown = { id: 'fax', kind: 'fax', data: {}, version: 0, addedAt: new Date() };
    await model.updateOne({ _id: 'id-cleo' }, { $push: { credentials: unknown } });
    await story.marks('cleo');
    const cleo = await story.house.atSecondStep('cleo');
    expect(cleo.sees()).to.equal('sign-in/no-way');
    await posts(cleo, 'new-password', twice(NEW));
    await cleo.says({});
    expect(cleo.landed().searchParams.get('error')).to.equal('unmet_authentication_requirements');
  });

  it('is changed on the way to a higher level, with the password first', async () => {
    const bob = await story.signsIn('bob', people.bob.password);
    expect(bob.landed().searchParams.get('code')).to.be.a('string');
    await story.marks('bob');
    await bob.opens(await story.house.shop.signIn(MFA));
    expect(bob.sees()).to.equal('methods/password/answer');
    await bob.says({ password: people.bob.password });
    await bob.says({ code: story.house.carrier.lastCode(people.bob.phone) });
    expect(bob.sees()).to.equal(PAGE);
    await bob.says(twice(NEW));
    expect((await story.house.shop.claims(bob.landed())).acr).to.equal(MFA.acr_values);
  });
});
