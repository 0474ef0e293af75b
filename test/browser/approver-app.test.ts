import { expect } from 'chai';
import { generate } from 'otplib';

import { openApproverDesk, type Phone } from '../support/approver-desk.ts';
import { checkPage } from './page-check.ts';

/** Looking at a page costs seconds, and here are many. */
const MANY_PAGES_MILLISECONDS = 180_000;
const SEED = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

/** What another phone would show for the same seed, now or half a minute ago. */
const codesNow = async (): Promise<string[]> => {
  const now = Math.floor(Date.now() / 1000);
  return Promise.all([0, 30].map((ago) => generate({ secret: SEED, epoch: now - ago })));
};

const shownCode = async ({ page }: Phone): Promise<string> =>
  (await page.locator('.digits').first().innerText()).replaceAll(/\s/g, '');

describe('The approver', () => {
  const desk = openApproverDesk();

  describe('pairs', () => {
    it('by the address of a QR code, once the person says so', async () => {
      const phone = await desk.phone();
      const code = desk.api.offersCode('ada');
      await phone.follows(code);
      await phone.sees('Pair this phone with Doorstep?');
      expect(phone.page.url(), 'the code is not left behind').to.equal(`${desk.origin}/approver`);
      expect(desk.api.formsOf('pair')).to.have.length(0);

      await phone.presses('Pair this phone');
      expect(await phone.hears()).to.equal('This phone is paired');
      await desk.api.isHeard();
      desk.api.asks('ada', { number: '42', purpose: 'enrol' });
      await phone.request.waitFor();
      expect(await phone.reads()).to.contain('Test: approve to finish setting up this phone');
      await phone.approves('42');
      expect(await phone.hears()).to.equal('This phone is set up');
      expect(desk.api.deviceOf('ada').isConfirmed).to.equal(true);
      await phone.page.locator('.digits').waitFor();
    });

    it('by a code that is typed as people type', async () => {
      const phone = await desk.phone();
      const code = desk.api.offersCode('ada');
      const typed = code
        .toLowerCase()
        .replaceAll('o', '0')
        .replaceAll(/(.{4})/g, '$1-');
      await phone.types(typed);
      expect(await phone.hears()).to.equal('This phone is paired');
      expect(desk.api.formsOf('pair').map((form) => form.code)).to.deep.equal([code]);
    });

    it('in a browser that names its language as no browser should', async () => {
      const phone = await desk.phone();
      await phone.page.addInitScript(() => {
        const languages = { get: () => ['en-US@posix'] };
        Object.defineProperty(navigator, 'languages', languages);
      });
      await phone.page.reload();
      await phone.types(desk.api.offersCode('ada'));
      expect(await phone.hears()).to.equal('This phone is paired');
    });

    it('not by a code that is wrong, nor twice by a right one', async () => {
      const phone = await desk.phone();
      await phone.types('too short');
      await phone.sees('That is not a complete code');
      expect(desk.api.formsOf('pair')).to.have.length(0);
      await phone.types('A'.repeat(26));
      await phone.sees('This code no longer works');

      const code = desk.api.offersCode('ada');
      await phone.types(code);
      await phone.hears();
      const other = await desk.phone();
      await other.types(code);
      await other.sees('This code no longer works');
    });

    it('and goes on after a reload in the middle', async () => {
      const phone = await desk.phone();
      await phone.types(desk.api.offersCode('ada'));
      await phone.hears();
      await phone.page.reload();
      await desk.api.isHeard();
      desk.api.asks('ada', { number: '42', purpose: 'enrol' });
      await phone.approves('42');
      expect(await phone.hears()).to.equal('This phone is set up');
    });

    it('not when nobody finishes it', async () => {
      const phone = await desk.phone({ hasClock: true });
      await phone.types(desk.api.offersCode('ada'));
      await phone.hears();
      desk.api.endsTickets();
      await phone.until(() => phone.isSeen('Pairing was not finished'));
      expect(await phone.page.getByLabel('Code', { exact: true }).isVisible()).to.equal(true);
    });
  });

  describe('asked', () => {
    it('shows by whom and from where, and approves with the number', async () => {
      const phone = await desk.phone();
      await phone.pairs('ada');
      const about = { client: 'Tea <b>Shop</b>', text: 'Order 7', isKnownNetwork: false };
      const challenge = desk.api.asks('ada', { number: '07', ...about });
      await phone.request.waitFor();
      const read = await phone.reads();
      for (const words of ['Tea <b>Shop</b>', 'Order 7', '192.0.2.7', 'New network', 'Firefox']) {
        expect(read).to.contain(words);
      }
      const focused = await phone.page.evaluate('document.activeElement.innerText');
      expect(focused).to.equal('Approve this sign-in?');

      await phone.presses('Approve');
      await phone.sees('Type the whole number');
      expect(desk.api.outcomeOf(challenge)).to.equal(undefined);
      await phone.request.getByLabel('Number on the sign-in page').fill('07');
      await phone.page.keyboard.press('Enter');
      expect(await phone.hears()).to.equal('Approved');
      expect(desk.api.outcomeOf(challenge)).to.equal('approved');
    });

    it('ends with a wrong number', async () => {
      const phone = await desk.phone();
      await phone.pairs('ada');
      const challenge = desk.api.asks('ada', { number: '07' });
      await phone.approves('08');
      expect(await phone.hears()).to.equal('That was not the number');
      expect(desk.api.outcomeOf(challenge)).to.equal('wrong-number');
    });

    it('says no for whoever it was not, once they are sure', async () => {
      const phone = await desk.phone();
      await phone.pairs('ada');
      const challenge = desk.api.asks('ada', { number: '07' });
      await phone.presses('No, it’s not me');
      expect(await phone.reads()).to.contain('you will have to change your password');
      await phone.presses('Back');
      await phone.presses('No, it’s not me');
      expect(desk.api.outcomeOf(challenge)).to.equal(undefined);
      await phone.presses('It wasn’t me');
      expect(await phone.hears()).to.equal('The sign-in was stopped');
      expect(desk.api.outcomeOf(challenge)).to.equal('denied');
      expect(desk.api.formsOf('answer').at(-1)).to.include({ decision: 'deny', number: '' });
    });

    it('says no to all that wait for this phone at once', async () => {
      const phone = await desk.phone();
      await phone.pairs('ada');
      desk.api.asks('ada', { number: '07' });
      await phone.request.first().waitFor();
      desk.api.asks('ada', { number: '08' });
      await phone.request.nth(1).waitFor();
      await phone.request.first().getByRole('button', { name: 'No, it’s not me' }).click();
      await phone.request.first().getByRole('button', { name: 'It wasn’t me' }).click();
      const over = phone.page.getByRole('heading', { name: 'The sign-in was stopped' });
      await over.nth(1).waitFor();
      expect(await phone.request.count()).to.equal(0);
    });

    it('says when the request is over, or was asked too often', async () => {
      const phone = await desk.phone({ hasClock: true });
      await phone.pairs('ada');
      const challenge = desk.api.asks('ada', { number: '07' });
      await phone.request.waitFor();
      desk.api.ends(challenge);
      await phone.until(() => phone.isSeen('The request is over'));
      await phone.presses('OK');

      desk.api.asks('ada', { number: '07', secondsLeft: 60 });
      await phone.request.waitFor();
      await phone.until(() => phone.isSeen('The request is over'));
      await phone.presses('OK');

      desk.api.hasNoTriesLeft();
      desk.api.asks('ada', { number: '08' });
      await phone.approves('08');
      expect(await phone.hears()).to.equal('Too many tries');
    });

    it('asks for two accounts side by side', async () => {
      const phone = await desk.phone();
      await phone.pairs('ada');
      await phone.pairs('bob');
      expect(await phone.page.locator('.account-tile h3').allInnerTexts()).to.deep.equal([
        'ada',
        'bob',
      ]);
      const challenges = [
        desk.api.asks('ada', { number: '11' }),
        desk.api.asks('bob', { number: '22' }),
      ];
      const ofBob = phone.request.filter({ hasText: 'bob' });
      await ofBob.getByLabel('Number on the sign-in page').fill('22');
      await ofBob.getByRole('button', { name: 'Approve' }).click();
      expect(await phone.hears()).to.equal('Approved');
      expect(challenges.map(desk.api.outcomeOf)).to.deep.equal([undefined, 'approved']);
      expect(await phone.request.count()).to.equal(1);
    });
  });

  describe('on a bad line', () => {
    it('sends an answer that got lost once more, and it counts once', async () => {
      const phone = await desk.phone();
      await phone.pairs('ada');
      desk.api.losesAnswers(1);
      const before = desk.api.formsOf('answer').length;
      desk.api.asks('ada', { number: '07' });
      await phone.approves('07');
      expect(await phone.hears()).to.equal('Approved');
      const [first, second] = desk.api.formsOf('answer').slice(before);
      expect(second).to.deep.equal(first);
    });

    it('keeps an answer until the server is back', async () => {
      const phone = await desk.phone({ hasClock: true });
      await phone.pairs('ada');
      const challenge = desk.api.asks('ada', { number: '07' });
      await phone.request.waitFor();
      desk.api.goesAway();
      await phone.until(() => phone.isSeen('No connection. Codes still work'));
      await phone.approves('07');
      await phone.until(() => phone.isSeen('your answer has not arrived yet'));
      desk.api.comesBack();
      await phone.request.getByRole('button', { name: 'Approve' }).click();
      expect(await phone.hears()).to.equal('Approved');
      expect(desk.api.outcomeOf(challenge)).to.equal('approved');
    });

    it('goes on listening when the connection comes back twice', async () => {
      const phone = await desk.phone();
      await phone.pairs('ada');
      const online = "dispatchEvent(new Event('online'))";
      await phone.page.evaluate(`${online}; ${online}`);
      desk.api.asks('ada', { number: '07' });
      await phone.approves('07');
      expect(await phone.hears()).to.equal('Approved');
    });

    it('says hello again when its ticket is over', async () => {
      const phone = await desk.phone({ hasClock: true });
      await phone.pairs('ada');
      desk.api.endsTickets();
      await phone.until(desk.api.isOpen);
      desk.api.asks('ada', { number: '07' });
      await phone.approves('07');
      expect(await phone.hears()).to.equal('Approved');
    });

    it('shows codes without any connection, even after a reload', async () => {
      const phone = await desk.phone();
      await phone.pairs('ada');
      await phone.page.evaluate('navigator.serviceWorker.ready');
      await phone.page.context().setOffline(true);
      await phone.page.reload();
      await phone.sees('No connection. Codes still work');
      expect(await codesNow()).to.include(await shownCode(phone));
      await phone.presses('Copy the code');
      const copied = await phone.page.evaluate<string>('navigator.clipboard.readText()');
      expect(await codesNow()).to.include(copied);
    });
  });

  describe('keeps', () => {
    it('its accounts over a reload, and counts on', async () => {
      const phone = await desk.phone();
      await phone.pairs('ada');
      await phone.page.reload();
      await phone.isIdle();
      expect(await codesNow()).to.include(await shownCode(phone));
      desk.api.asks('ada', { number: '07' });
      await phone.approves('07');
      expect(await phone.hears()).to.equal('Approved');
      expect(desk.api.formsOf('answer').map(({ counter }) => counter)).to.deep.equal(['1', '2']);
    });

    it('keys that nobody can take away', async () => {
      const phone = await desk.phone();
      await phone.pairs('ada');
      const tried = await phone.page.evaluate(`new Promise((resolve) => {
        indexedDB.open('approver').onsuccess = ({ target: { result } }) => {
          result.transaction('accounts').objectStore('accounts').getAll().onsuccess = async (event) => {
            const [{ signing, codes }] = event.target.result;
            const attempts = [[signing, 'pkcs8'], [signing, 'jwk'], [codes, 'raw'], [codes, 'jwk']];
            resolve(await Promise.all(attempts.map(([key, format]) =>
              crypto.subtle.exportKey(format, key).then(() => 'taken', ({ name }) => name))));
          };
        };
      })`);
      expect(tried).to.deep.equal(Array(4).fill('InvalidAccessError'));
    });

    it('several phones apart in one browser', async () => {
      const ada = await desk.phone({}, '/approver?phone=ada');
      await ada.pairs('ada');
      await ada.page.goto(`${desk.origin}/approver?phone=bob`);
      await ada.sees('On the computer, choose');
      await ada.page.goto(`${desk.origin}/approver?phone=ada`);
      await ada.isIdle();
      const names = await ada.page.evaluate(
        'indexedDB.databases().then((all) => all.map(({ name }) => name).sort())',
      );
      expect(names).to.deep.equal(['approver-ada', 'approver-bob']);
    });

    it('nothing of an account that was removed elsewhere', async () => {
      const phone = await desk.phone({ hasClock: true });
      await phone.pairs('ada');
      desk.api.removes('ada');
      await phone.until(() => phone.isSeen('This phone was removed'));
      await phone.page.reload();
      await phone.sees('On the computer, choose');
      expect(await phone.page.locator('.account-tile').count()).to.equal(0);
    });

    it('nothing of an account that is removed here', async () => {
      const phone = await desk.phone();
      await phone.pairs('ada');
      await phone.presses('Remove from this phone');
      await phone.presses('Remove');
      expect(await phone.hears()).to.equal('The account is removed');
      await phone.page.reload();
      await phone.sees('On the computer, choose');
    });
  });

  describe('is for everybody', () => {
    const checks = (phone: Phone) => (state: string) => checkPage(phone.page, `approver, ${state}`);

    it('while it pairs', async function () {
      this.timeout(MANY_PAGES_MILLISECONDS);
      const phone = await desk.phone();
      const check = checks(phone);
      await check('nothing paired');
      await phone.types('x');
      await check('unreadable code');
      await phone.follows(desk.api.offersCode('ada'));
      await phone.sees('Pair this phone with');
      await check('invited');
      await phone.presses('Pair this phone');
      await phone.hears();
      await check('paired');
      await desk.api.isHeard();
      desk.api.asks('ada', { number: '42', purpose: 'enrol' });
      await phone.request.waitFor();
      await check('test');
    });

    it('while nothing is asked', async function () {
      this.timeout(MANY_PAGES_MILLISECONDS);
      const phone = await desk.phone();
      const check = checks(phone);
      await phone.pairs('ada');
      await phone.pairs('bob');
      await phone.isIdle();
      await check('idle');
      await phone.page.getByRole('button', { name: 'Remove from this phone' }).first().click();
      await check('removing');
      await phone.presses('Pair another account');
      await check('another account');
      desk.api.goesAway();
      await phone.sees('No connection. Codes still work');
      await check('away');
    });

    it('while it asks', async function () {
      this.timeout(MANY_PAGES_MILLISECONDS);
      const phone = await desk.phone();
      const check = checks(phone);
      await phone.pairs('ada');
      desk.api.asks('ada', { number: '07', isKnownNetwork: false, text: 'Order 7' });
      desk.api.asks('ada', { number: '123' });
      await phone.request.nth(1).waitFor();
      await check('two requests');
      await phone.request.first().getByRole('button', { name: 'No, it’s not me' }).click();
      await check('not me');
      await phone.presses('It wasn’t me');
      await phone.hears();
      await check('denied');
      desk.api.asks('ada', { number: '09' });
      await phone.approves('08');
      await phone.sees('That was not the number');
      await check('wrong number');
    });

    it('in German', async () => {
      const phone = await desk.phone({ locale: 'de-DE' });
      await phone.sees('Dieses Telefon koppeln');
    });

    it('and says why it needs script', async () => {
      const phone = await desk.phone({ javaScriptEnabled: false });
      expect(await phone.reads()).to.contain('needs JavaScript');
    });
  });
});
