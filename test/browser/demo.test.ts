import { expect } from 'chai';
import type { Page } from 'playwright-core';

import { qrOf } from '../../src/credentials/qr.ts';
import { openDemoDesk } from '../support/demo-desk.ts';
import { levels } from '../support/fake-sign-in.ts';
import { checkPage, isTooWide, violations } from './page-check.ts';
import { checkKeyboard } from './page-fields.ts';

const CODE = 'ABCD2345ABCD2345ABCD2345AB';
const URI = 'otpauth://totp/Org:cleo?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Org';

/** axe-core asks this by name only. */
const namesThatDiffer = (page: Page): Promise<string[]> =>
  violations(page, { type: 'rule', values: ['label-content-name-mismatch'] });

const clipboardOf = (page: Page) => page.evaluate<string>('navigator.clipboard.readText()');

describe('The demo app in a browser', () => {
  const desk = openDemoDesk();

  it('is for everybody before signing in, and copies a password', async () => {
    const page = await desk.opensApp();
    await page.getByRole('button', { name: 'Copy Cleo’s password' }).click();
    expect(await clipboardOf(page)).to.equal('quiet river crossing');
    await page.getByRole('button', { name: 'Copied Cleo’s password' }).waitFor();
    await checkPage(page, 'demo app, welcome');
    expect(await namesThatDiffer(page)).to.deep.equal([]);
    await checkKeyboard(page);
  });

  it('is for everybody after signing in, with its answers in view', async () => {
    const page = await desk.opensApp();
    const { fake } = desk.demo;
    const now = Math.floor(Date.now() / 1000);
    fake.tells({ acr: levels.MFA, amr: ['pwd', 'otp', 'mfa'] });
    fake.introspects({ acr: levels.MFA, auth_time: now });
    await comesBack(page, 'Sign in with two steps');
    for (const name of ['Ask userinfo', 'View payslips']) {
      await page.getByRole('button', { name }).click();
    }
    await page.getByText('November: three gold coins').waitFor();
    await page.getByText('The ID token, claim by claim').click();
    await checkPage(page, 'demo app, signed in');
    expect(await namesThatDiffer(page)).to.deep.equal([]);
  });

  it('works without script, and offers nothing that would not', async () => {
    const page = await desk.opensApp({ javaScriptEnabled: false });
    expect(await page.locator('.copy').first().isVisible()).to.equal(false);
    await comesBack(page, 'Sign in');
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
  });

  it('opens the handset beside its window', async () => {
    const page = await desk.opensApp();
    const opened = page.waitForEvent('popup');
    await page.getByRole('link', { name: 'Open the handset beside this window' }).click();
    expect((await opened).url()).to.equal(`${desk.demo.handset}/`);
    expect(page.url()).to.equal(`${desk.demo.app}/`);
  });

  /** As Doorstep would send the browser, with the state of its first sign-in. */
  async function comesBack(page: Page, button: string): Promise<void> {
    await page.route('**/callback?ask=*', (route) => route.fulfill({ body: 'Doorstep' }));
    await page.getByRole('button', { name: button, exact: true }).click();
    await page.goto(`${desk.demo.app}/callback?code=c&state=s1`);
    await page.getByRole('heading', { name: 'Hello, Ada Ekberg' }).waitFor();
  }
});

describe('The handset in a browser', () => {
  const desk = openDemoDesk();

  it('is for everybody, and brings a text into view', async () => {
    const page = await desk.opensHandset({ viewport: { width: 320, height: 640 } });
    await page.getByText('Dora’s recovery codes').scrollIntoViewIfNeeded();
    const text = { purpose: 'sign-in', text: '123456 is your code', messageId: 'a' };
    desk.demo.store.addText({ ...text, to: '+14255550134' }, new Date());
    const copy = page.getByRole('button', { name: 'Copy the code sent to Bob, +14255550134' });
    await copy.waitFor();
    await page.getByText('123456 is the code for Bob').waitFor();
    const { y = -1 } = (await copy.boundingBox()) ?? {};
    expect(y).to.be.within(0, 640);
    await checkPage(page, 'handset');
    expect(await namesThatDiffer(page)).to.deep.equal([]);
  });

  it('is the phone first, and the desk beside it where there is room', async () => {
    const page = await desk.opensHandset();
    const places: boolean[][] = [];
    for (const width of [1280, 560, 559, 320]) {
      await page.setViewportSize({ width, height: 640 });
      const [phone, desktop] = await Promise.all(
        ['.phone', '.about'].map((part) => page.locator(part).boundingBox()),
      );
      if (!phone || !desktop) throw new Error('nothing to see');
      expect(await isTooWide(page), `is too wide for ${width} px`).to.equal(false);
      places.push([phone.x < desktop.x, phone.y < desktop.y]);
    }
    expect(places.map(([isBeside]) => isBeside)).to.deep.equal([true, true, false, false]);
    expect(places.slice(2).map(([, isAbove]) => isAbove)).to.deep.equal([true, true]);
  });

  it('adds an account from a page that it looks at, with the names in its QR code', async () => {
    const page = await desk.opensHandset();
    await page.evaluate(await pageThatShows(URI));
    await page.getByRole('tab', { name: 'Authenticator' }).click();
    await page.getByRole('button', { name: 'Add an account' }).click();
    await checkPage(page, 'handset, adding');
    await page.getByRole('button', { name: 'Scan the open page' }).click();
    await page.getByText('Added: Org, cleo').waitFor();
    expect(await page.locator('#entries li').first().innerText()).to.match(/^Org\s+cleo/);
    const focused = 'document.activeElement.innerText.replace(/\\s+/g, " ")';
    expect(await page.evaluate(focused)).to.equal('Copy the code of cleo at Org');
    expect(await namesThatDiffer(page)).to.deep.equal([]);
  });

  it('pairs somebody’s phone from a page that it looks at', async () => {
    const page = await desk.opensHandset();
    await page.evaluate(await pageThatShows(`${desk.demo.handset}/approver#${CODE}`));
    await page.getByRole('button', { name: 'Pair from the open page for Cleo' }).click();
    await opensPaired(page, 'cleo', () =>
      page.getByRole('button', { name: 'Scan the open page' }).click(),
    );
  });

  it('asks for one more click where the browser opens no window by itself', async () => {
    const page = await desk.opensHandset();
    await page.evaluate(`navigator.clipboard.writeText('${CODE}')`);
    await page.evaluate('globalThis.opens = open; globalThis.open = () => null');
    await page.getByRole('button', { name: 'Pair from the open page for Cleo' }).click();
    await page.getByRole('button', { name: 'Paste from clipboard' }).click();
    const once = page.getByRole('button', { name: 'Open the approval app of Cleo and pair it' });
    await once.waitFor();
    await page.evaluate('globalThis.open = globalThis.opens');
    await opensPaired(page, 'cleo', () => page.keyboard.press('Enter'));
  });

  it('pairs it with the code that was copied', async () => {
    const page = await desk.opensHandset();
    await page.evaluate('navigator.clipboard.writeText("abcd 2345 abcd 2345 abcd 2345 ab")');
    await page.getByRole('button', { name: 'Pair from the open page for Ada' }).click();
    await opensPaired(page, 'ada', () =>
      page.getByRole('button', { name: 'Paste from clipboard' }).click(),
    );
  });

  it('asks whose phone a picture pairs that falls on nobody’s card', async () => {
    const page = await desk.opensHandset();
    const dropped = await page.evaluateHandle(
      `(() => {
        const transfer = new DataTransfer();
        transfer.setData('text/html', ${JSON.stringify(
          `<img src="${await qrOf(`${desk.demo.handset}/approver#${CODE}`)}">`,
        )});
        return transfer;
      })()`,
    );
    await page.dispatchEvent('.phone', 'drop', { dataTransfer: dropped });
    await opensPaired(page, 'bob', () =>
      page.getByRole('button', { name: 'Bob has this phone' }).click(),
    );
  });

  it('says plainly when there was nothing to take', async () => {
    const page = await desk.opensHandset();
    await page.evaluate('navigator.clipboard.writeText("hello")');
    await page.getByRole('button', { name: 'Pair from the open page for Ada' }).click();
    await page.getByRole('button', { name: 'Paste from clipboard' }).click();
    await page.getByText('This is neither a code of Doorstep’s').waitFor();
  });

  async function opensPaired(page: Page, name: string, act: () => Promise<void>): Promise<void> {
    const opened = page.waitForEvent('popup');
    await act();
    await page.getByText('’s approval app opens in a window of its own').waitFor();
    expect((await opened).url()).to.equal(`${desk.demo.handset}/approver?phone=${name}#${CODE}`);
  }
});

/** What somebody shares with the handset shows this text as a QR code, among other things. */
const pageThatShows = async (text: string): Promise<string> => `(() => {
  navigator.mediaDevices.getDisplayMedia = async () => {
    const picture = new Image();
    picture.src = ${JSON.stringify(await qrOf(text))};
    await picture.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 800 });
    const context = canvas.getContext('2d');
    const draw = () => {
      context.fillStyle = '#f1efeb';
      context.fillRect(0, 0, 1280, 800);
      context.drawImage(picture, 500, 300, 168, 168);
    };
    draw();
    setInterval(draw, 50);
    return canvas.captureStream(20);
  };
})()`;
