/**
 * What is remembered of what people do, and what they are told: over HTTP, with a mail server
 * on loopback (S-063, S-115, S-148, S-213, S-216, R-08, R-11).
 */
import { expect } from 'chai';

import { verifyChain } from '../../src/audit/verify.ts';
import { createCrypt } from '../../src/lib/crypt.ts';
import { createAccounts } from '../../src/models/account.ts';
import type { AuditEvent } from '../../src/models/audit-event.ts';
import { createAuditRecords } from '../../src/models/audit-record.ts';
import { administrationOf } from '../support/administration.ts';
import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import { appCode, people, type PersonName } from '../support/people.ts';
import { openPostBox } from '../support/mail-server.ts';
import { rememberRecords } from '../support/records.ts';

const FORGED = 'Mozilla/5.0 (X11; Linux x86_64) Firefox/131.0 "} {"event":"forged"}';

describe('What happened', () => {
  let house: House;
  let post: Awaited<ReturnType<typeof openPostBox>>;
  let forget: () => Promise<void>;

  before(async () => {
    post = await openPostBox();
    house = await openHouse({
      log: { level: 'info' },
      channels: { mail: { url: post.url, from: 'Doorstep <no@example.org>' } },
    });
    forget = await rememberRecords(house);
  });
  afterEach(async () => {
    await house.settles();
    post.mails.length = 0;
    await forget();
    await house.restart();
    clock.advance({ minutes: 2 });
  });
  after(async () => {
    await post.close();
    await house.close();
  });

  const mailsTo = (name: PersonName) => post.subjectsTo(people[name].email);

  async function remembered(): Promise<AuditEvent[]> {
    const events: AuditEvent[] = [];
    for await (const record of createAuditRecords(house.connection).inOrder()) {
      events.push(...record.events);
    }
    return events;
  }
  const waiting = async (id: string) =>
    (await createAccounts(house.connection).findById(id))?.events;
  const names = async () => (await remembered()).map(({ name }) => name);

  async function signsIn(name: PersonName) {
    const visitor = house.visitor(name);
    await visitor.opens(await house.shop.signIn());
    await visitor.identifies();
    await visitor.says({ code: visitor.code() });
    expect(visitor.landed().href).to.contain('/shop/back');
    return visitor;
  }

  it('is told of a sign-in: who, when, from where, how, to which app', async () => {
    await signsIn('ada');
    expect(await names(), 'nobody waits for it').to.deep.equal([]);
    await house.settles();
    const [finished, browser] = await remembered();
    expect(finished).to.deep.include({
      name: 'sign-in.finished',
      result: 'done',
      by: 'id-ada',
      account: 'id-ada',
      details: {
        acr: 'urn:doorstep:acr:mfa',
        methods: ['password', 'code'],
        isStepUp: false,
        failuresBefore: 0,
      },
    });
    expect(finished?.from).to.deep.include({ address: '127.0.0.1', client: 'shop' });
    expect(finished?.from?.request).to.match(/^[\w-]{22}$/);
    expect(browser).to.deep.include({ name: 'browser.new' });
    // On one level, as logs and lists print it, the browser's name must still be there.
    const printed: object = { ...browser?.from, ...browser?.details };
    expect(printed).to.deep.include({ ...browser?.from, isNewBrowser: true });
    expect(Object.keys(browser?.details ?? {})).not.to.include.members(['browser']);
  });

  it('is told of what failed, without what was typed', async () => {
    const ada = house.visitor('ada');
    await ada.opens(await house.shop.signIn());
    await ada.identifies('a wrong password of ada');
    await ada.says({ password: people.ada.password });
    await ada.says({ code: '000000' });
    await ada.presses('cancel');
    await house.settles();
    const events = await remembered();
    expect(events.map(({ name, result }) => `${name} ${result}`)).to.deep.equal([
      'password.failed failed',
      'second-factor.failed failed',
      'sign-in.refused refused',
    ]);
    for (const { by, account } of events) {
      expect({ by, account }).to.deep.equal({ by: 'stranger', account: 'id-ada' });
    }
    expect(JSON.stringify(events)).not.to.match(/wrong password|000000/);
  });

  it('is told of a name that nobody has, without the name', async () => {
    const eve = house.visitor();
    await eve.opens(await house.shop.signIn());
    await eve.says({ identifier: 'nobody@example.org' });
    await eve.says({ password: 'whatever it may be' });
    await house.settles();
    const events = await remembered();
    expect(events.map(({ name }) => name)).to.deep.equal(['password.failed']);
    expect(events[0]).not.to.have.property('account');
    expect(JSON.stringify(events)).not.to.contain('nobody@');
  });

  it('is one record for many events, in a chain that holds', async () => {
    await Promise.all([signsIn('ada'), house.atSecondStep('bob')]);
    await house.settles();
    const records = createAuditRecords(house.connection);
    const crypt = createCrypt(house.settings.secrets.encryptionKeys);
    const { flaws, events, records: count } = await verifyChain({ records, crypt });
    expect(flaws).to.deep.equal([]);
    expect({ events, count }).to.deep.equal({ events: 2, count: 1 });
  });

  it('is mailed: a new browser once, and no more when it comes again (S-216)', async () => {
    const ada = await signsIn('ada');
    await house.settles();
    expect(mailsTo('ada')).to.deep.equal(['Doorstep: New sign-in to your account']);
    clock.advance({ minutes: 1 });
    await ada.opens(await house.shop.signIn({ prompt: 'login' }));
    await ada.says({ password: people.ada.password });
    await ada.says({ code: ada.code() });
    expect(ada.landed().href).to.contain('/shop/back');
    await house.settles();
    expect(mailsTo('ada')).to.have.length(1);
  });

  it('is mailed with when, from where and what to do, “This wasn’t me”, and where to look (S-124)', async () => {
    await signsIn('ada');
    await house.settles();
    const { text = '', html = '' } = post.mails[0]?.mail ?? {};
    for (const body of [text, html]) {
      expect(body)
        .to.contain('127.0.0.1')
        .and.to.contain('UTC')
        .and.to.contain('If this wasn’t you');
      const [notMe = '', ...others] = body.match(/https?:[^\s"<]+/g) ?? [];
      expect(notMe).to.match(new RegExp(`^${house.issuer}/account/not-me\\?token=`));
      expect(new Set(others)).to.deep.equal(new Set([`${house.issuer}/account`]));
      expect(body).to.contain('On the Security info page you see how you sign in');
    }
    const ada = house.visitor('ada');
    await ada.opens('/account');
    expect(ada.sees(), 'the link lets nobody in').to.equal('sign-in/identify');
  });

  it('is mailed to whoever is shut out without a link, for none of them would open', async () => {
    const { accounts } = administrationOf(house);
    await accounts.disable('ada', 'left us');
    clock.advance({ seconds: 11 });
    await house.settles();
    const { text = '', html = '' } = post.mails.at(-1)?.mail ?? {};
    for (const body of [text, html]) {
      expect(body)
        .to.contain('no link on purpose')
        .and.not.to.match(/https?:/);
    }
  });

  it('is mailed: a new method, with one mail for it and its recovery codes (S-115)', async () => {
    const cleo = await house.atSecondStep('cleo');
    await cleo.says({});
    await cleo.says({ method: 'code' });
    const seed = cleo.html().querySelector('.secret')?.text.replaceAll(/\s/g, '') ?? '';
    await cleo.says({ code: '000000' });
    await cleo.says({ code: appCode(seed) });
    await house.settles();
    expect(await names()).to.deep.equal([
      'method.added',
      'recovery-codes.made',
      'confirmation.failed',
    ]);
    expect(mailsTo('cleo')).to.deep.equal(['Doorstep: A method was added']);
    expect(JSON.stringify(await remembered())).not.to.contain(seed);
  });

  it('is mailed: three wrong codes after the right password, once (S-216)', async () => {
    const ada = await house.atSecondStep('ada');
    for (let tries = 0; tries < 2; tries += 1) await ada.says({ code: '000000' });
    await house.settles();
    expect(mailsTo('ada')).to.deep.equal([]);
    for (let tries = 0; tries < 2; tries += 1) await ada.says({ code: '000000' });
    await house.settles();
    expect(mailsTo('ada')).to.deep.equal([
      'Doorstep: Someone knows your password but not your code',
    ]);
  });

  it('is mailed: a sign-in after five failures (S-216)', async () => {
    const ada = house.visitor('ada');
    await ada.opens(await house.shop.signIn());
    await ada.says({ identifier: 'ada' });
    for (let tries = 0; tries < 3; tries += 1) await ada.says({ password: 'not it at all' });
    await ada.says({ password: people.ada.password });
    for (let tries = 0; tries < 2; tries += 1) await ada.says({ code: '000000' });
    await ada.says({ code: ada.code() });
    await house.settles();
    expect(mailsTo('ada')).to.include('Doorstep: Sign-in after many wrong attempts');
  });

  it('is mailed: a code that was used before (S-063)', async () => {
    const ada = await house.atSecondStep('ada');
    const code = ada.code();
    await ada.says({ code });
    await house.settles();
    const again = await house.atSecondStep('ada');
    await again.says({ code });
    await house.settles();
    expect(await names()).to.include('code.replayed');
    expect(mailsTo('ada')).to.include('Doorstep: A used code was entered again');
  });

  it('is mailed: a recovery code that was used', async () => {
    const ada = await house.atSecondStep('ada');
    await ada.presses('another-way');
    await ada.says({ method: 'recovery-code' });
    await ada.says({ code: people.ada.recoveryCodes[0] });
    await ada.presses('noted');
    await house.settles();
    expect(mailsTo('ada')).to.have.members([
      'Doorstep: A recovery code was used',
      'Doorstep: New sign-in to your account',
    ]);
    const used = post.mails.find(({ mail: { subject = '' } }) => subject.includes('code was used'));
    expect(used?.mail.text).to.include('You have 1 code left.');
    expect(used?.mail.html).to.include('You have 1 code left.');
  });

  it('survives a crash before it was moved on, with exactly one mail (R-08, R-11)', async () => {
    await signsIn('ada');
    await house.crashes();
    await house.restart();
    await house.settles();
    expect(await names(), 'whoever stored it may still be at work').to.deep.equal([]);
    clock.advance({ seconds: 11 });
    await house.settles();
    await house.settles();
    expect(await names()).to.deep.equal(['sign-in.finished', 'browser.new']);
    expect(mailsTo('ada')).to.have.length(1);
  });

  it('survives a crash after it was moved on and before it was dropped', async () => {
    await signsIn('ada');
    const events = await waiting('id-ada');
    expect(events).to.have.length(2);
    await house.settles();
    await createAccounts(house.connection).model.updateOne({ _id: 'id-ada' }, { $set: { events } });
    clock.advance({ seconds: 11 });
    await house.settles();
    expect(await names()).to.deep.equal(['sign-in.finished', 'browser.new']);
    expect(mailsTo('ada')).to.have.length(1);
    expect(await waiting('id-ada')).to.deep.equal([]);
  });

  it('waits for a mail server that is away, and leaves when it is back (R-20)', async () => {
    post.goesAway(true);
    await signsIn('ada');
    await house.settles();
    clock.advance({ minutes: 10 });
    await house.settles();
    expect(post.mails).to.deep.equal([]);
    post.goesAway(false);
    clock.advance({ seconds: 30 });
    await house.settles();
    expect(mailsTo('ada')).to.have.length(1);
  });

  it('lets no browser write into the audit or the log (C-17, S-215)', async () => {
    const eve = house.visitor();
    await eve.opens(await house.shop.signIn());
    await eve.says({ identifier: 'ada' });
    const form = eve.formFor('form[data-step]');
    const fields = new URLSearchParams({ password: FORGED });
    for (const { attributes } of form.querySelectorAll('input[type=hidden]')) {
      fields.set(attributes.name ?? '', attributes.value ?? '');
    }
    await eve.raw(form.getAttribute('action') ?? '', {
      method: 'POST',
      body: fields,
      headers: { 'user-agent': FORGED, origin: house.issuer },
    });
    await house.settles();
    const [failed] = await remembered();
    expect(failed?.from?.browser).to.equal('Firefox, Linux');
    expect(JSON.stringify(await remembered()) + (await house.logged())).not.to.contain('forged');
    const lines = (await house.logged()).trimEnd().split('\n');
    const told = lines.map((line) => JSON.parse(line) as { event: string; audit?: string });
    expect(told.find(({ audit }) => audit === failed?.id)?.event).to.equal('password.failed');
  });
});
