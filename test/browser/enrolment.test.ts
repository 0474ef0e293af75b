import { readFile } from 'node:fs/promises';

import { expect } from 'chai';

import { openDesk, type Tab } from '../support/browser.ts';
import { appCode } from '../support/people.ts';
import { loseSecondSteps } from './walks.ts';

describe('Setting up a second step, in a browser', () => {
  const desk = openDesk();
  beforeEach(() => loseSecondSteps(desk.house, 'cleo'));

  const shownCodes = (cleo: Tab): Promise<string[]> =>
    cleo.page.locator('.recovery-codes code').allInnerTexts();

  it('begins from nothing with an authenticator app and ends at the shop', async () => {
    const cleo = await desk.atSecondStep('cleo');
    expect(await cleo.sees()).to.equal('sign-in/enrol-intro');
    await cleo.says('enrol');
    await cleo.picks('add', 'method', 'code');
    const seed = await cleo.shownSecret();
    await cleo.says('answer', { code: appCode(seed) });

    expect(await cleo.sees()).to.equal('adding/recovery-codes');
    expect(await shownCodes(cleo)).to.have.length(10);
    await cleo.says('saved');
    const claims = await desk.house.shop.claims(cleo.landed());
    expect(claims.amr).to.have.members(['pwd', 'otp', 'mfa']);
  });

  it('begins from nothing with a phone, and the recovery codes shown are good', async () => {
    const cleo = await desk.atSecondStep('cleo');
    await cleo.says('enrol');
    await cleo.picks('add', 'method', 'text');
    expect(await cleo.sees()).to.equal('methods/text/add');
    expect(await cleo.page.locator('[name="country"]').inputValue(), 'as en-GB says').to.equal(
      'GB',
    );
    // As a list of the browser's own it is searched by typing, without any script.
    const country = cleo.page.locator('[name="country"]');
    await country.pressSequentially('Germ');
    expect(await country.inputValue()).to.equal('DE');
    await cleo.says('add', { country: '', number: '+49 151 23456789' });
    await cleo.says('answer', { code: desk.house.carrier.lastCode('+4915123456789') });
    const [code = ''] = await shownCodes(cleo);
    await cleo.says('saved');
    const claims = await desk.house.shop.claims(cleo.landed());
    expect(claims.amr).to.have.members(['pwd', 'sms', 'mfa']);

    const later = await desk.visitor();
    await later.opens(await desk.house.shop.signIn());
    await later.identifies('cleo');
    // What setting up sends takes nothing of what sign-ins may.
    expect(await later.sees()).to.equal('methods/text/answer');
    await later.says('another-way');
    await later.picks('choose', 'method', 'recovery-code');
    await later.says('answer', { code });
    await later.says('noted');
    expect(later.landed().searchParams.get('code')).to.be.a('string');
  });

  it('saves the recovery codes as a file, or copies them', async () => {
    const cleo = await desk.atSecondStep('cleo');
    await cleo.says('enrol');
    await cleo.picks('add', 'method', 'code');
    await cleo.says('answer', { code: appCode(await cleo.shownSecret()) });
    const [download] = await Promise.all([
      cleo.page.waitForEvent('download'),
      cleo.page.locator('a[download]').click(),
    ]);
    expect(download.suggestedFilename()).to.equal('recovery-codes.txt');
    const saved = await readFile(await download.path(), 'utf8');
    expect(saved.split('\n')).to.include.members(await shownCodes(cleo));

    await cleo.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await cleo.page.getByRole('button', { name: 'Copy the recovery codes' }).click();
    await cleo.page.getByRole('status').filter({ hasText: 'Copied' }).waitFor();
    const copied = await cleo.page.evaluate<string>('navigator.clipboard.readText()');
    expect(copied.split('\n')).to.deep.equal(await shownCodes(cleo));
  });

  it('lets a method be changed for another', async () => {
    const cleo = await desk.atSecondStep('cleo');
    await cleo.says('enrol');
    await cleo.picks('add', 'method', 'code');
    await cleo.says('another-way');
    expect(await cleo.sees()).to.equal('sign-in/enrol');
  });
});
