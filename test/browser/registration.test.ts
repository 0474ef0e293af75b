/**
 * Registration at sign-in as the help pages tell it, word for word: asked for at the sign-in page,
 * skipped, confirmed.
 */
import { expect } from 'chai';

import { tellWhoWaits } from '../support/approver.ts';
import { everyWay } from '../support/at-each-step.ts';
import { openDesk, type Tab } from '../support/browser.ts';
import { clock } from '../support/clock.ts';
import { rememberRecords } from '../support/records.ts';
import { trusting } from '../support/trusting.ts';

const NUMBER = '+49 1512 3456789';

describe('Registration at sign-in, word for word', () => {
  const desk = openDesk(everyWay);
  tellWhoWaits(desk);
  let moveBack: () => Promise<void>;
  before(async () => (moveBack = await rememberRecords(desk.house)));
  beforeEach(() => moveBack());

  const press = (tab: Tab, name: string | RegExp): Promise<void> =>
    tab.leads(() => tab.page.getByRole('button', { name, exact: true }).click());
  const title = (tab: Tab): Promise<string> => tab.page.locator('h1').innerText();

  it('sets up a phone from the prompt at the sign-in page, on a phone', async () => {
    const cleo = await desk.visitor({ viewport: { width: 390, height: 844 }, hasTouch: true });
    await cleo.opens(await desk.house.shop.signIn());
    await cleo.identifies('cleo');
    expect(await title(cleo)).to.equal('More information required');
    await press(cleo, 'Next');
    expect(await title(cleo)).to.equal('Keep your account secure');
    await press(cleo, /^Authenticator app /);
    await press(cleo, 'I want to set up a different method');
    await press(cleo, /^Phone /);
    await cleo.page.getByLabel('Country or region').selectOption({ label: 'Germany (+49)' });
    await cleo.page.getByLabel('Phone number').fill('01512 3456789');
    await cleo.page.getByLabel('Text me a code').check();
    await press(cleo, 'Next');
    expect(await cleo.reads()).to.contain(`We texted your phone ${NUMBER}.`);
    const code = desk.house.carrier.lastCode(NUMBER.replaceAll(' ', ''));
    await cleo.leads(() => cleo.page.getByLabel('Code').fill(code));
    expect(await cleo.reads()).to.contain('Your phone +49 ••• 89 is set up.');
    expect(await cleo.page.locator('.recovery-codes code').count()).to.equal(10);
    await press(cleo, 'I have saved them');
    expect(cleo.landed().searchParams.get('code')).to.be.a('string');
  });

  it('may be skipped where policy says so, and has people look at what is there', async () => {
    const { registration } = desk.house.settings.policy;
    const [secondStep, confirm] = [
      { ...registration.secondStep, for: true },
      { for: true, afterDays: 30 },
    ];
    await trusting(desk.house).decides({
      ...{ twoSteps: 'when-asked', registration: { ...registration, secondStep, confirm } },
    });
    const cleo = await desk.visitor();
    await cleo.opens(await desk.house.shop.signIn());
    await cleo.identifies('cleo');
    await press(cleo, 'Skip for now (3 left)');
    cleo.landed();

    clock.advance({ days: 3650 });
    const ada = await desk.visitor();
    await ada.opens(await desk.house.shop.signIn({ acr_values: 'urn:doorstep:acr:mfa' }));
    await ada.identifies('ada');
    await ada.finishesWithCode();
    expect(await title(ada)).to.equal('Is this still right?');
    expect(await ada.reads())
      .to.contain('Authenticator app')
      .and.contain('+44 ••• 56');
    await press(ada, 'Looks good');
    ada.landed();
  });
});
