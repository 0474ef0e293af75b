/**
 * An address for password resets: set up, changed and deleted in My account, and of no use and
 * nowhere offered in a sign-in (S-025, S-118, S-127, D-9).
 */
import { expect } from 'chai';

import { createAccounts } from '../../src/models/account.ts';
import { administrationOf } from '../support/administration.ts';
import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import { openPostBox } from '../support/mail-server.ts';
import { begin, rowsOn } from '../support/my-account.ts';
import { credential, people, type PersonName } from '../support/people.ts';
import { rememberRecords } from '../support/records.ts';
import type { Visitor } from '../support/visitor.ts';

const ADDRESS = 'ada@home.example';

describe('An address for password resets', () => {
  let house: House;
  let post: Awaited<ReturnType<typeof openPostBox>>;
  let restore: () => Promise<void>;

  before(async () => {
    post = await openPostBox();
    house = await openHouse({
      channels: { mail: { url: post.url, from: 'Doorstep <no@example.org>' } },
    });
    restore = await rememberRecords(house);
  });
  beforeEach(async () => {
    clock.advance({ days: 2 });
    await restore();
    post.goesAway(false);
    post.mails.length = 0;
  });
  after(async () => {
    await post.close();
    await house.close();
  });

  async function signedIn(name: PersonName = 'ada'): Promise<Visitor> {
    const visitor = house.visitor(name);
    await visitor.opens('/account');
    await visitor.identifies();
    const isTexted = visitor.sees() === 'methods/text/answer';
    const code = isTexted ? house.carrier.lastCode(people.bob.phone) : visitor.code();
    await visitor.says({ code });
    return visitor;
  }

  async function adding(name?: PersonName): Promise<Visitor> {
    const visitor = await signedIn(name);
    await begin(visitor, 'add');
    await visitor.says({ method: 'email' });
    expect(visitor.sees()).to.equal('methods/email/add');
    return visitor;
  }

  const mailTo = (address: string) => post.mails.findLast(({ to }) => to === address)?.mail;
  const codeTo = (address: string): string =>
    /^\d{8}$/m.exec(mailTo(address)?.text ?? '')?.[0] ?? '';

  async function adds(address: string, visitor?: Visitor): Promise<Visitor> {
    const ada = visitor ?? (await adding());
    await ada.says({ address });
    await ada.says({ code: codeTo(address) });
    expect(ada.sees(), ada.reads()).to.equal('security-info/added');
    await ada.presses('done');
    return ada;
  }

  const held = async (name = 'ada') =>
    (await createAccounts(house.connection).findById(`id-${name}`))?.credentials.filter(
      ({ kind }) => kind === 'email',
    ) ?? [];

  async function given(name: PersonName, ...addresses: string[]): Promise<void> {
    const accounts = createAccounts(house.connection);
    const account = await accounts.findById(`id-${name}`);
    if (!account) throw new Error(`nobody is called ${name}`);
    const added = addresses.map((address, at) => credential(`mail-${at}`, 'email', { address }));
    await accounts.addCredentials(account, added);
  }

  it('is proved by a code that is mailed to it, and is nothing to sign in with', async () => {
    const ada = await adding();
    expect(ada.reads()).to.contain('without the password you might forget');
    await ada.says({ address: ADDRESS });
    expect(ada.reads()).to.contain(`We mailed a code to ${ADDRESS}.`).and.contain('junk folder');
    const code = codeTo(ADDRESS);
    expect(code).to.match(/^\d{8}$/);
    await ada.says({ code: code === '00000000' ? '00000001' : '00000000' });
    expect(ada.reads()).to.contain('Wrong code. 4 tries left.');
    await ada.says({ code });
    expect(ada.sees()).to.equal('security-info/added');
    expect(ada.reads()).to.contain('a•••@h•••.example is set up for password resets');
    await ada.presses('done');
    expect(rowsOn(ada)).to.deep.equal(['Authenticator app', 'Phone', 'Email']);
    expect(ada.reads()).to.contain(`Email ${ADDRESS}`).and.contain('For password resets only');
    expect((await held()).map(({ data }) => data)).to.deep.equal([{ address: ADDRESS }]);
  });

  it('gets a mail that shows the code at once, says what it is for, and links nowhere', async () => {
    const ada = await adding();
    await ada.says({ address: ADDRESS });
    const { subject, text = '', html = '' } = mailTo(ADDRESS) ?? {};
    const code = codeTo(ADDRESS);
    expect(subject).to.equal('Doorstep: Your code');
    expect(html).to.contain(`<tt>${code}</tt>`);
    for (const said of [text, html]) {
      expect(said).to.contain('adding this address').and.contain('on behalf of Doorstep');
      expect(said)
        .to.contain('It works once, for 10 minutes.')
        .and.not.match(/https?:|www\.|href/);
      expect(said, 'whoever has a mistyped address learns nothing').not.to.match(/ada/i);
    }
  });

  it('is corrected where it was mistyped', async () => {
    const ada = await adding();
    await ada.says({ address: 'ada@home' });
    expect(ada.reads()).to.contain('This is not an email address that we could write to.');
    expect(ada.html().querySelector('#address')?.getAttribute('value')).to.equal('ada@home');
    await ada.says({ address: 'adda@home.example' });
    const stray = codeTo('adda@home.example');
    await ada.presses('another-way');
    expect(ada.html().querySelector('#address')?.getAttribute('value')).to.equal(
      'adda@home.example',
    );
    await ada.says({ address: ADDRESS });
    await ada.says({ code: stray });
    expect(ada.reads(), 'of the other address').to.contain('Wrong code.');
    await ada.says({ code: codeTo(ADDRESS) });
    expect(ada.sees()).to.equal('security-info/added');
  });

  it('is asked for again while no mail leaves, and the same page goes on', async () => {
    const ada = await adding();
    post.goesAway(true);
    await ada.says({ address: ADDRESS });
    expect(ada.reads()).to.contain('We could not mail you.').and.contain('Use another address');
    post.goesAway(false);
    clock.advance({ minutes: 1 });
    await ada.presses('again');
    expect(ada.reads()).to.contain(`We mailed a code to ${ADDRESS}.`);
    await ada.says({ code: codeTo(ADDRESS) });
    expect(ada.sees()).to.equal('security-info/added');
  });

  it('is mailed once a minute', async () => {
    const ada = await adding();
    await ada.says({ address: ADDRESS });
    await ada.presses('another-way');
    await ada.says({ address: 'ADA@home.example' });
    expect(ada.reads()).to.contain('No more texts, calls or mails for now');
    expect(post.mails).to.have.length(1);
  });

  it('is no second one of the same mailbox, and there are two at most (S-118)', async () => {
    await given('ada', ADDRESS);
    const ada = await adding();
    await ada.says({ address: 'ADA@Home.Example' });
    expect(ada.reads()).to.contain('You have set up this address already.');
    await adds('ada@other.example', ada);
    await begin(ada, 'add');
    expect(ada.reads()).not.to.contain('Email');
    const _csrf = ada.html().querySelector('main [name=_csrf]')?.getAttribute('value') ?? '';
    const form = { _csrf, method: 'email', address: 'ada@third.example' };
    await ada.post(`${ada.at().pathname}/add`, new URLSearchParams(form));
    expect(ada.status()).to.equal(400);
    expect(await held()).to.have.length(2);
  });

  it('is never more than two, also where two are added at once', async () => {
    await given('ada', ADDRESS);
    const one = await adding();
    clock.advance({ seconds: 30 });
    const other = await adding();
    await one.says({ address: 'one@home.example' });
    await other.says({ address: 'other@home.example' });
    await Promise.all([
      one.says({ code: codeTo('one@home.example') }),
      other.says({ code: codeTo('other@home.example') }),
    ]);
    expect(await held()).to.have.length(2);
  });

  it('changes to another one that is proved, and goes', async () => {
    await given('ada', ADDRESS);
    const ada = await signedIn();
    await begin(ada, 'replace', 'mail-0');
    await adds('ada@new.example', ada);
    expect(ada.reads()).to.contain('ada@new.example').and.not.to.contain(ADDRESS);
    const [now] = await held();
    await begin(ada, 'remove', now?.id);
    expect(ada.reads()).to.contain('Delete this method? Email ada@new.example');
    await ada.presses('remove');
    expect(rowsOn(ada)).to.deep.equal(['Authenticator app', 'Phone']);
    await begin(ada, 'restore');
    expect(rowsOn(ada)).to.deep.equal(['Authenticator app', 'Phone', 'Email']);
  });

  /** Who was sent the newest notices with this subject. */
  async function notified(subject: string): Promise<string[]> {
    await house.settles();
    const told = post.mails.filter(({ mail }) => mail.subject === `Doorstep: ${subject}`);
    post.mails.length = 0;
    return told.map(({ to }) => to).toSorted();
  }
  const ADDED = 'A method was added';
  const { email: HERS } = people.ada;

  it('hears of what changes like every other address, once for each of them (S-115)', async () => {
    const ada = await adds(ADDRESS);
    expect(await notified(ADDED)).to.deep.equal([HERS, ADDRESS].toSorted());
    await begin(ada, 'remove', 'phone');
    await ada.presses('remove');
    expect(await notified('A method was removed')).to.deep.equal([HERS, ADDRESS].toSorted());
  });

  it('hears that it was replaced or deleted, and nothing after that', async () => {
    await given('ada', ADDRESS);
    const ada = await signedIn();
    await begin(ada, 'replace', 'mail-0');
    await adds('ada@new.example', ada);
    const all = [ADDRESS, HERS, 'ada@new.example'].toSorted();
    expect(await notified('A method was changed')).to.deep.equal(all);
    const [now] = await held();
    await begin(ada, 'remove', now?.id);
    await ada.presses('remove');
    expect(await notified('A method was removed')).to.deep.equal(
      [HERS, 'ada@new.example'].toSorted(),
    );
    await begin(ada, 'remove', 'phone');
    await ada.presses('remove');
    expect(await notified('A method was removed')).to.deep.equal([HERS]);
  });

  it('hears that an administrator deleted it, from another process and after a crash', async () => {
    await given('ada', ADDRESS);
    const { methods } = administrationOf(house);
    await methods.remove('ada', { id: 'mail-0', reason: 'a wrong one' });
    expect(await held()).to.deep.equal([]);
    clock.advance({ seconds: 11 });
    expect(await notified('A method was removed')).to.deep.equal([HERS, ADDRESS].toSorted());
    const accounts = createAccounts(house.connection);
    expect(JSON.stringify(await accounts.findById('id-ada'))).not.to.contain(ADDRESS);
    const records = house.connection.model('AuditRecord').collection;
    expect(JSON.stringify(await records.find().toArray())).not.to.contain(ADDRESS);
  });

  it('is no second method of whoever has one alone, and brings no recovery codes', async () => {
    const bob = await adds('bob@home.example', await adding('bob'));
    expect(rowsOn(bob)).to.deep.equal(['Phone', 'Email']);
    expect(bob.reads()).to.contain('You have only one method for signing in.');
    expect(bob.reads()).to.contain('You have no recovery codes.');
    await begin(bob, 'remove', 'phone');
    expect(bob.reads()).to.contain('You need it to sign in.');
  });

  it('is for whom the policy says, and says so where it is switched off', async () => {
    await given('ada', ADDRESS);
    const staff = { include: ['groups:staff'] };
    const { policy } = administrationOf(house);
    await policy.set('methods.email.reset', staff, { reason: 'a pilot' });
    const ada = await signedIn();
    expect(ada.reads()).to.contain('Switched off by your organisation');
    await begin(ada, 'add');
    expect(ada.reads()).not.to.contain('Email');
    const _csrf = ada.html().querySelector('main [name=_csrf]')?.getAttribute('value') ?? '';
    const form = { _csrf, method: 'email', address: 'ada@other.example' };
    await ada.post(`${ada.at().pathname}/add`, new URLSearchParams(form));
    expect(ada.status()).to.equal(400);
    expect(post.mails).to.deep.equal([]);
  });

  it('is nowhere in a sign-in: not among the ways, not when posted by hand (S-025)', async () => {
    await given('ada', ADDRESS);
    const ada = await house.atSecondStep('ada');
    await ada.presses('another-way');
    expect(ada.sees()).to.equal('sign-in/choose');
    expect(ada.reads()).not.to.match(/mail/i);
    const _csrf = ada.html().querySelector('main [name=_csrf]')?.getAttribute('value') ?? '';
    const form = { _csrf, method: 'email', credential: 'mail-0' };
    await ada.post(`${ada.at().pathname}/choose`, new URLSearchParams(form));
    expect(ada.status()).to.equal(400);
    expect(post.mails).to.deep.equal([]);
  });

  it('is no first method either: whoever has it alone still sets one up', async () => {
    await given('cleo', 'cleo@home.example');
    const cleo = await house.atSecondStep('cleo');
    expect(cleo.sees()).to.equal('sign-in/enrol-intro');
    await cleo.says({});
    expect(cleo.reads()).not.to.match(/mail/i);
    const _csrf = cleo.html().querySelector('main [name=_csrf]')?.getAttribute('value') ?? '';
    const form = { _csrf, method: 'email', address: 'cleo@other.example' };
    await cleo.post(`${cleo.at().pathname}/add`, new URLSearchParams(form));
    expect(cleo.status()).to.equal(400);
    expect(post.mails).to.deep.equal([]);
    expect(await held('cleo')).to.have.length(1);
  });
});
