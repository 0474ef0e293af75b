import { expect } from 'chai';

import {
  dansApprover,
  numberOn,
  openApprover,
  scanned,
  tellWhoWaits,
} from '../support/approver.ts';
import { openDesk, type Tab } from '../support/browser.ts';
import { rememberRecords } from '../support/records.ts';
import { loseSecondSteps } from './walks.ts';

describe('Approving on the phone, in two browsers', () => {
  const desk = openDesk();
  // A refusal has consequences, which are no business of the other stories.
  let moveBack: () => Promise<void>;
  before(async () => (moveBack = await rememberRecords(desk.house)));
  beforeEach(() => moveBack());
  tellWhoWaits(desk);

  /** Cleo's first day: the page that shows the code. */
  async function atPairing(): Promise<Tab> {
    await loseSecondSteps(desk.house, 'cleo');
    const cleo = await desk.atSecondStep('cleo');
    await cleo.says('enrol');
    await cleo.picks('add', 'method', 'approve');
    expect(await cleo.sees()).to.equal('methods/approve/add');
    return cleo;
  }

  async function lands(tab: Tab): Promise<void> {
    const claims = await desk.house.shop.claims(tab.landed());
    expect(claims.amr).to.have.members(['pwd', 'pop', 'mfa']);
  }

  it('begins with a QR code, goes on by itself, and signs in from then on', async () => {
    const cleo = await atPairing();
    const phone = await openApprover(desk);
    const address = await scanned(cleo);
    expect(address).to.match(/^http:\/\/localhost:\d+\/approver#[A-Z2-7]{26}$/);

    await cleo.leads(() => phone.follows(address));
    await phone.says('Test: approve to finish setting up this phone');
    const first = await numberOn(cleo);
    await cleo.leads(() => phone.approves(first));
    await phone.says('This phone is set up');
    expect(await cleo.sees()).to.equal('adding/recovery-codes');
    await cleo.says('saved');
    await lands(cleo);

    const later = await desk.atSecondStep('cleo');
    expect(await later.sees()).to.equal('methods/approve/answer');
    await phone.says('Approve this sign-in?');
    const number = await numberOn(later);
    await later.leads(() => phone.approves(number));
    await phone.says('Approved');
    await lands(later);
  });

  it('begins with a code that is typed', async () => {
    const cleo = await atPairing();
    const phone = await openApprover(desk);
    const code = await cleo.shownSecret();
    await cleo.leads(() => phone.types(code.toLowerCase().replace(/(.{13})/, '$1 - ')));
    const number = await numberOn(cleo);
    await cleo.leads(() => phone.approves(number));
    await phone.says('This phone is set up');
    await cleo.says('saved');
    await lands(cleo);
  });

  it('says on both sides that a wrong number was typed, and asks again', async () => {
    const phone = await dansApprover(desk);
    const dan = await desk.atSecondStep('dan');
    const wrong = (await numberOn(dan)) === '00' ? '11' : '00';
    await dan.leads(() => phone.approves(wrong));
    await phone.says('That was not the number');
    expect(await dan.reads()).to.contain('A wrong number was typed on the phone');

    await dan.says('again');
    await phone.says('Approve this sign-in?');
    const right = await numberOn(dan);
    await dan.leads(() => phone.approves(right));
    await lands(dan);
  });

  it('says on both sides that it was refused', async () => {
    const phone = await dansApprover(desk);
    const dan = await desk.atSecondStep('dan');
    await dan.leads(() => phone.denies());
    await phone.says('The sign-in was stopped');
    expect(await dan.sees()).to.equal('sign-in/denied');
    await dan.says('cancel');
    expect(dan.landed().searchParams.get('error')).to.equal('access_denied');
  });

  it('takes every tab of the sign-in along', async () => {
    const phone = await dansApprover(desk);
    const first = await desk.visitor();
    await first.opens(await desk.house.shop.signIn({ prompt: 'consent' }));
    await first.identifies('dan');
    const second = await desk.tabOf(first);
    await second.opens(first.page.url());
    const number = await numberOn(first);
    expect(await numberOn(second)).to.equal(number);
    await first.leads(() => second.leads(() => phone.approves(number)));
    expect(await first.sees()).to.equal('sign-in/consent');
    expect(await second.sees()).to.equal('sign-in/consent');
    await second.says('consent');
    await lands(second);
  });

  it('goes on by asking where nobody can be listened to', async () => {
    const phone = await dansApprover(desk);
    const dan = await desk.visitor();
    await dan.page.route('**/hear?*', (route) => route.fulfill({ status: 429 }));
    await dan.opens(await desk.house.shop.signIn());
    await dan.identifies('dan');
    await phone.says('Approve this sign-in?');
    const number = await numberOn(dan);
    await dan.leads(() => phone.approves(number));
    await lands(dan);
  });

  it('goes on by a button where there is no script', async () => {
    const phone = await dansApprover(desk);
    const dan = await desk.atSecondStep('dan', { javaScriptEnabled: false });
    const button = dan.page.getByRole('button', { name: 'I have approved it' });
    await dan.leads(() => button.click());
    expect(await dan.sees(), 'too early').to.equal('methods/approve/answer');
    await phone.approves(await numberOn(dan));
    await phone.says('Approved');
    await dan.leads(() => button.click());
    await lands(dan);
  });

  it('shows the button to nobody whose page goes on by itself', async () => {
    const dan = await desk.atSecondStep('dan');
    await dan.page.getByText('Waiting for your phone…').waitFor();
    expect(await dan.page.getByRole('button', { name: 'I have approved it' }).isVisible()).to.equal(
      false,
    );
  });
});
