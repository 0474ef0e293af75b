/**
 * "This wasn't me": the link in a notice, confirmed in any browser, signs everybody out and suspends
 * what was added; and whoever has the mailbox alone gets nothing by it (S-115).
 */
import { expect } from 'chai';

import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import { openPostBox } from '../support/mail-server.ts';
import { appCode, people, type PersonName } from '../support/people.ts';
import { rememberRecords } from '../support/records.ts';
import { begin, rowsOn } from '../support/my-account.ts';
import { accountIn } from '../support/suspending.ts';
import type { Visitor } from '../support/visitor.ts';

const ADDED = 'Doorstep: A method was added';
const REMOVED = 'Doorstep: A method was removed';
const NEW_BROWSER = 'Doorstep: New sign-in to your account';
const SAID = 'Doorstep: You said: This wasn’t me';
const ALERTED = 'Doorstep: ada says: This wasn’t me';

describe('“This wasn’t me” (S-115)', () => {
  let house: House;
  let post: Awaited<ReturnType<typeof openPostBox>>;
  let moveBack: () => Promise<void>;

  before(async () => {
    post = await openPostBox();
    house = await openHouse({
      log: { level: 'info' },
      channels: { mail: { url: post.url, from: 'Doorstep <no@example.org>' } },
      organisation: { alertsTo: 'security@example.org' },
    });
    moveBack = await rememberRecords(house);
  });
  after(async () => {
    await post.close();
    await house.close();
  });
  beforeEach(async () => {
    await house.settles();
    clock.advance({ days: 5 });
    post.mails.length = 0;
    await moveBack();
  });

  async function atAccount(name: PersonName): Promise<Visitor> {
    const visitor = house.visitor(name);
    await visitor.opens('/account');
    await visitor.identifies();
    if (visitor.sees() === 'methods/code/answer') await visitor.says({ code: visitor.code() });
    return visitor;
  }

  /** Somebody in Ada's session sets up an app of their own; its seed. */
  async function adds(thief: Visitor): Promise<string> {
    await begin(thief, 'add');
    await thief.says({ method: 'code' });
    const seed = thief.html().querySelector('.secret')?.text.replaceAll(/\s/g, '') ?? '';
    await thief.says({ code: appCode(seed) });
    await thief.presses('done');
    return seed;
  }

  /** Where the newest mail with this subject leads. */
  async function linkIn(subject: string): Promise<URL> {
    await house.settles();
    const { text = '' } = post.mails.findLast(({ mail }) => mail.subject === subject)?.mail ?? {};
    return new URL(/^https?:\S+$/m.exec(text)?.[0] ?? expect.fail(`no link in ${subject}`));
  }

  async function disowns(subject: string): Promise<Visitor> {
    const anybody = house.visitor();
    await anybody.opens(await linkIn(subject));
    expect(anybody.sees()).to.equal('not-me/confirm');
    await anybody.says({});
    expect(anybody.sees()).to.equal('not-me/done');
    return anybody;
  }

  const ada = () => accountIn(house, 'id-ada');
  const stored = async () => JSON.stringify(await ada());

  it('signs everybody out and suspends what was added, in another browser than theirs', async () => {
    const thief = await atAccount('ada');
    const seed = await adds(thief);
    clock.advance({ minutes: 1 });
    const mailbox = await disowns(ADDED);
    expect(mailbox.reads()).to.contain('Nobody is signed in to account ada any more.');
    await thief.opens('/account/security-info');
    expect(thief.sees(), 'the session').to.equal('sign-in/pick-account');
    const again = await house.atSecondStep('ada');
    await again.says({ code: appCode(seed) });
    expect(again.sees(), 'the code of the new app').to.equal('methods/code/answer');
    const { credentials, signedOutAt } = await ada();
    expect(credentials.filter(({ suspendedAt }) => suspendedAt)).to.have.length(1);
    expect(signedOutAt).to.be.an.instanceOf(Date);
    await again.says({ code: again.code() });
    expect(again.landed().href).to.contain('/shop/back');
  });

  it('is told to all addresses and to whoever hears of attacks, once, and can be disowned by nobody', async () => {
    const owner = await atAccount('ada');
    await adds(owner);
    await disowns(ADDED);
    await house.settles();
    const told = post.mails.filter(({ mail }) => [SAID, ALERTED].includes(mail.subject ?? ''));
    expect(told.map(({ to }) => to)).to.have.members([people.ada.email, 'security@example.org']);
    for (const { to, mail } of told) {
      const links = mail.text?.match(/https?:\S+/g) ?? [];
      const own = [`${house.issuer}/account`];
      expect(links).to.deep.equal(to === people.ada.email ? own : []);
    }
  });

  it('leads at once to an address without the token, which stands nowhere else (S-124, S-126)', async () => {
    await adds(await atAccount('ada'));
    const link = await linkIn(ADDED);
    expect(link.origin).to.equal(house.issuer);
    const token = link.searchParams.get('token') ?? '';
    const mailbox = house.visitor();
    const answer = await mailbox.raw(link);
    expect(answer.status).to.equal(303);
    expect(answer.headers.get('location')).to.equal('/account/not-me');
    expect(answer.headers.get('cache-control')).to.equal('no-store');
    expect(answer.headers.getSetCookie().join()).to.match(/path=\/account\/not-me;.*httponly/i);
    await mailbox.opens('/account/not-me');
    expect(mailbox.html().toString()).not.to.contain(token);
    await mailbox.says({});
    await house.settles();
    expect(await house.logged()).not.to.contain(token);
    expect(await stored()).not.to.contain(token);
  });

  it('is not done by looking: not by HEAD, not ahead of time, not from another site (S-125)', async () => {
    await adds(await atAccount('ada'));
    const link = await linkIn(ADDED);
    const before = await stored();
    const scanner = house.visitor();
    const head = await scanner.raw(link, { method: 'HEAD' });
    const ahead = await scanner.raw(link, { headers: { 'sec-purpose': 'prefetch' } });
    for (const { headers } of [head, ahead]) expect(headers.getSetCookie()).to.deep.equal([]);
    await scanner.opens(link);
    const form = scanner.formFor('form[data-step]');
    const body = new URLSearchParams({
      _csrf: form.querySelector('[name=_csrf]')?.getAttribute('value') ?? '',
    });
    const sent = { method: 'POST', body };
    const elsewhere = { 'sec-fetch-site': 'cross-site' };
    const { status } = await scanner.raw('/account/not-me/confirm', {
      ...sent,
      headers: elsewhere,
    });
    expect(status).to.equal(403);
    const bare = { method: 'POST', body: new URLSearchParams() };
    expect((await scanner.raw('/account/not-me/confirm', bare)).status).to.equal(403);
    expect(await stored()).to.equal(before);
  });

  it('is done once, however often and in how many processes it is pressed', async () => {
    await adds(await atAccount('ada'));
    const link = await linkIn(ADDED);
    const mailboxes = [house.visitor(), house.visitor()];
    for (const mailbox of mailboxes) await mailbox.opens(link);
    const forms = mailboxes.map((mailbox) => mailbox.formFor('form[data-step]'));
    await Promise.all(
      [0, 1, 0, 1].map(async (at) => {
        const form = forms[at] ?? expect.fail('no form');
        const body = new URLSearchParams({
          _csrf: form.querySelector('[name=_csrf]')?.getAttribute('value') ?? '',
        });
        const sent = await mailboxes[at]?.raw('/account/not-me/confirm', { method: 'POST', body });
        expect(sent?.status).to.equal(303);
      }),
    );
    await house.settles();
    expect(post.mails.filter(({ mail }) => mail.subject === SAID)).to.have.length(1);
    clock.advance({ minutes: 1 });
    const owner = await atAccount('ada');
    const [mailbox = house.visitor()] = mailboxes;
    await mailbox.opens(link);
    expect(mailbox.sees(), 'opened again').to.equal('not-me/done');
    await owner.reloads();
    expect(owner.sees(), 'a session since').to.equal('account/security-info');
  });

  it('is over after 72 hours, and for whatever is no link of ours', async () => {
    await adds(await atAccount('ada'));
    const link = await linkIn(ADDED);
    const token = link.searchParams.get('token') ?? '';
    const mailbox = house.visitor();
    const before = await stored();
    for (const other of [
      '',
      'x',
      `${token}A`,
      token.slice(0, -2),
      `${token.slice(0, -1)}!`,
      'x'.repeat(4000),
    ]) {
      await mailbox.opens(`/account/not-me?${new URLSearchParams({ token: other }).toString()}`);
      expect(mailbox.status(), other).to.equal(410);
    }
    await mailbox.opens('/account/not-me?token=a&token=b');
    expect(mailbox.status()).to.equal(410);
    await house.visitor().opens('/account/not-me');
    await mailbox.opens(link);
    const form = mailbox.formFor('form[data-step]');
    clock.advance({ hours: 72 });
    await mailbox.submit(form, {});
    expect(mailbox.status(), 'pressed too late').to.equal(410);
    await mailbox.opens(link);
    expect(mailbox.status(), 'opened too late').to.equal(410);
    expect(await stored()).to.equal(before);
  });

  it('never does what another link that is open in the same browser would', async () => {
    const owner = await atAccount('ada');
    await adds(owner);
    const mailbox = house.visitor();
    await mailbox.opens(await linkIn(ADDED));
    const form = mailbox.formFor('form[data-step]');
    await mailbox.opens(await linkIn(NEW_BROWSER));
    const before = await stored();
    await mailbox.submit(form, {});
    expect(mailbox.status()).to.equal(403);
    expect(await stored()).to.equal(before);
  });

  it('asks whoever signs in after a new browser for a new password, and for the second step', async () => {
    const shopper = await house.atSecondStep('ada');
    await shopper.says({ code: shopper.code() });
    expect(shopper.landed().href).to.contain('/shop/back');
    clock.advance({ minutes: 1 });
    await disowns(NEW_BROWSER);
    expect(await ada()).to.have.property('passwordChangeDueAt');
    const again = await house.atSecondStep('ada');
    expect(again.sees(), 'no password alone').to.equal('methods/code/answer');
    await again.says({ code: again.code() });
    expect(again.sees()).to.equal('sign-in/new-password');
  });

  it('brings a deleted method back, to whoever proves it is them by another one', async () => {
    const thief = await atAccount('ada');
    await begin(thief, 'remove', 'phone');
    await thief.presses('remove');
    clock.advance({ minutes: 1 });
    await disowns(REMOVED);
    expect(
      (await ada()).credentials.map(({ id }) => id),
      'not by mail',
    ).not.to.include('phone');
    clock.advance({ hours: 20 });
    const owner = await atAccount('ada');
    expect(owner.reads()).to.contain('Bring it back');
    expect(rowsOn(owner)).to.deep.equal(['Authenticator app', 'Phone']);
    clock.advance({ minutes: 11 });
    await begin(owner, 'restore', 'phone');
    expect(owner.sees(), 'a recent proof').to.equal('methods/code/answer');
    await owner.says({ code: owner.code() });
    await owner.presses('continue');
    expect(owner.reads()).to.contain('Back again:');
    expect((await ada()).credentials.map(({ id }) => id)).to.include('phone');
  });

  it('brings what somebody else added and removed back as suspended, if at all', async () => {
    const thief = await atAccount('ada');
    const seed = await adds(thief);
    const { credentials } = await ada();
    const { id: theirs = '' } = credentials.at(-1) ?? {};
    await begin(thief, 'remove', theirs);
    await thief.presses('remove');
    clock.advance({ minutes: 1 });
    await disowns(REMOVED);
    await disowns(ADDED);
    clock.advance({ minutes: 1 });
    const owner = await atAccount('ada');
    await begin(owner, 'restore', theirs);
    expect(owner.reads()).to.contain('Back again:').and.contain('Suspended');
    const again = await house.atSecondStep('ada');
    await again.says({ code: appCode(seed) });
    expect(again.sees()).to.equal('methods/code/answer');
  });

  it('brings nothing back that nobody disowned, nor after three days', async () => {
    const owner = await atAccount('ada');
    await begin(owner, 'remove', 'phone');
    await owner.presses('remove');
    const link = await linkIn(REMOVED);
    clock.advance({ hours: 12 });
    const later = await atAccount('ada');
    expect(later.reads()).not.to.contain('Bring it back');
    const mailbox = house.visitor();
    await mailbox.opens(link);
    await mailbox.says({});
    clock.advance({ hours: 60 });
    const tooLate = await atAccount('ada');
    expect(tooLate.reads()).not.to.contain('Bring it back');
  });

  it('suspends the codes that came with a first method as well, and leads nobody to another', async () => {
    const thief = await house.atSecondStep('cleo');
    await thief.says({});
    await thief.says({ method: 'code' });
    const seed = thief.html().querySelector('.secret')?.text.replaceAll(/\s/g, '') ?? '';
    await thief.says({ code: appCode(seed) });
    await disowns(ADDED);
    clock.advance({ minutes: 1 });
    const { credentials } = await accountIn(house, 'id-cleo');
    const suspended = credentials.filter(({ suspendedAt }) => suspendedAt).map(({ kind }) => kind);
    expect(suspended).to.deep.equal(['app', 'recovery-codes']);
    const cleo = await house.atSecondStep('cleo');
    expect(cleo.sees()).to.equal('sign-in/no-way');
  });
});
