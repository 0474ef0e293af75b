import { expect } from 'chai';

import { openDesk } from '../support/browser.ts';
import { appCode, people } from '../support/people.ts';

describe('Allowing an app of somebody else', () => {
  const desk = openDesk();

  it('is asked once, after signing in', async () => {
    const ada = await desk.visitor();
    await ada.opens(await desk.house.partner.signIn());
    await ada.identifies('ada');
    await ada.says('answer', { code: appCode(people.ada.seed) });
    await ada.says('consent');
    const { sub } = await desk.house.partner.claims(ada.landed());
    expect(sub).to.equal('id-ada');

    await ada.opens(await desk.house.partner.signIn());
    expect(ada.landed().searchParams.get('code')).to.be.a('string');
  });

  it('is asked alone of whoever is signed in already', async () => {
    const ada = await desk.atSecondStep('ada');
    await ada.finishesWithCode();
    await ada.opens(await desk.house.partner.signIn({ prompt: 'consent' }));
    expect(await ada.sees()).to.equal('sign-in/consent');
    expect(await ada.reads()).to.contain('A Partner');
    await ada.says('consent');
    expect(ada.landed().searchParams.get('code')).to.be.a('string');
  });

  it('can be refused, which the app is told', async () => {
    const ada = await desk.atSecondStep('ada');
    await ada.finishesWithCode();
    await ada.opens(await desk.house.partner.signIn({ prompt: 'consent' }));
    await ada.says('cancel');
    expect(ada.landed().searchParams.get('error')).to.equal('access_denied');
  });
});
