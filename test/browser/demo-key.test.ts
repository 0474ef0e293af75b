import { expect } from 'chai';
import type { Browser, BrowserContext, Page } from 'playwright-core';

import { demoPeople } from '../../scripts/demo-people.ts';
import { theBrowser } from '../support/chromium.ts';
import { openWholeDemo, type WholeDemo } from '../support/whole-demo.ts';

const STORY_MILLISECONDS = 60_000;
/** WCAG 2.2, 1.4.10: the narrowest that must do without scrolling sideways. */
const NARROW = { width: 320, height: 640 };

describe('The demo’s key in a browser', function () {
  this.timeout(STORY_MILLISECONDS);
  let browser: Browser;
  let demo: WholeDemo;
  let profile: BrowserContext;
  let page: Page;
  let complaints: string[];

  before(async function () {
    const [found, opened] = await Promise.all([theBrowser(), openWholeDemo()]);
    demo = opened;
    if (!found) this.skip();
    browser = found;
  });
  after(() => demo.close());

  beforeEach(async () => {
    complaints = [];
    profile = await browser.newContext({
      ...{ locale: 'en-GB', reducedMotion: 'reduce', viewport: NARROW },
    });
    profile.on('weberror', (error) => complaints.push(error.error().message));
    profile.on('console', (said) => said.type() === 'error' && complaints.push(said.text()));
    page = await profile.newPage();
    await page.goto(demo.app);
  });
  afterEach(async () => {
    await profile.close();
    expect(complaints, 'what the browser complained about').to.deep.equal([]);
  });

  const presses = (name: string): Promise<void> =>
    page.getByRole('button', { name, exact: true }).click();

  const [ada] = demoPeople;
  const chooser = () => page.getByRole('dialog', { name: 'Demo key' });

  it('is Ada’s second step for her bank account, by Enter, and then for her payslips', async () => {
    await presses('Sign in');
    await page.getByLabel('User name').fill(ada?.username ?? '');
    await presses('Next');
    await page.locator('input[type=password]').fill(ada?.password ?? '');
    await presses('Sign in');
    await presses('Change bank account');
    const { x = -1, width = 0 } = (await chooser().boundingBox()) ?? {};
    expect([x, x + width].every((edge) => edge >= 0 && edge <= NARROW.width)).to.equal(true);
    await page.keyboard.press('Escape');
    await page.getByText('No key was used.').waitFor();
    await presses('Use my key');
    await chooser().waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('your pay goes to the new account').waitFor();
    expect(await page.locator('[data-claim=acr]').textContent()).to.equal('phr');
    await presses('View payslips');
    await page.getByText('November: three gold coins').waitFor();
  });

  it('speaks the language of the page, and says where its keys live', async () => {
    await presses('Sign in with two steps');
    await presses('Deutsch');
    await presses('Mit Passkey anmelden');
    const dialog = page.getByRole('dialog', { name: 'Demo-Schlüssel' });
    await dialog.getByText('gibt es nur in diesem Browser').waitFor();
    await dialog.getByRole('button', { name: 'Abbrechen' }).click();
    await page.getByText('Es wurde kein Schlüssel benutzt.').waitFor();
  });

  it('is enough alone, as a passkey', async () => {
    await presses('Sign in with two steps');
    await presses('Sign in with a passkey');
    await presses('Use ada’s demo key');
    await page.getByRole('heading', { name: 'Hello, Ada Ekberg' }).waitFor();
    expect(await page.locator('[data-claim=amr]').textContent()).to.equal('mfa, swk, user');
  });
});
