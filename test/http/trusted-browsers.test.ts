/**
 * "Don't ask again on this browser" (S-034): where it spares the second step, what apps are told
 * then, and what ends it.
 */
import { expect } from 'chai';

import type { AuditEvent } from '../../src/models/audit-event.ts';
import { createAuditRecords } from '../../src/models/audit-record.ts';
import { administrationOf } from '../support/administration.ts';
import { clock } from '../support/clock.ts';
import { describeHouse } from '../support/describe-house.ts';
import { openPostBox } from '../support/mail-server.ts';
import { numberOn } from '../support/paired-people.ts';
import { people } from '../support/people.ts';
import { dansPhone } from '../support/phone.ts';
import { cookieOf, keepOnly, trusting } from '../support/trusting.ts';
import { createVisitor, type Visitor } from '../support/visitor.ts';

const [PWD, MFA] = ['urn:doorstep:acr:pwd', 'urn:doorstep:acr:mfa'];
const post = await openPostBox();
after(() => post.close());

const overrides = {
  policy: { trustedBrowsers: { days: 30, satisfiesMfa: false } },
  channels: { mail: { url: post.url, from: 'Doorstep <no@example.org>' } },
};

describeHouse('A browser that is not to ask again', overrides, (house) => {
  const { decides, ticks, returns, kept } = trusting(house);
  const later = () => clock.advance({ minutes: 5 });
  const boxOn = (visitor: Visitor) => visitor.html().querySelector('[name="trust"]');
  const isAsked = (visitor: Visitor) => expect(visitor.sees()).to.equal('methods/code/answer');
  /** What the app is told. */
  async function told(visitor: Visitor): Promise<unknown[]> {
    const { acr, amr } = await house.shop.claims(visitor.landed());
    return [acr, ...(amr as string[])];
  }

  let begunAt: Date;
  beforeEach(() => {
    begunAt = new Date();
    post.mails.length = 0;
  });
  async function happened(name: string): Promise<AuditEvent[]> {
    await house.settles();
    const events: AuditEvent[] = [];
    for await (const record of createAuditRecords(house.connection).inOrder()) {
      events.push(...record.events.filter(({ at }) => at >= begunAt));
    }
    // Of two processes, either may have been the first to move its own.
    return events
      .filter((event) => event.name === name)
      .sort((a, b) => a.at.getTime() - b.at.getTime());
  }

  it('lets in with the password alone, and tells apps of no more (S-034)', async () => {
    const ada = await ticks('ada');
    expect(await told(ada)).to.deep.equal([MFA, 'mfa', 'otp', 'pwd']);
    later();
    expect(await told(await returns(ada))).to.deep.equal([PWD, 'pwd']);
    const [, finished] = await happened('sign-in.finished');
    expect(finished?.details).to.deep.include({
      ...{ acr: PWD, methods: ['password', 'trusted-browser'], failuresBefore: 0 },
    });
    expect(await happened('browser.trusted')).to.have.length(1);
    // Silently as well, for longer than a second step lasts; and a sign-out does not end it.
    clock.advance({ hours: 2 });
    await ada.opens(await house.shop.signIn());
    expect(await told(ada)).to.deep.equal([PWD, 'pwd']);
    expect((await kept('ada'))[0]).to.include({ number: 2 });
    await ada.opens('/session/end');
    await ada.submit(ada.formFor('form[data-step="confirm"]'), {});
    expect(ada.sees()).to.equal('sign-out/done');
    await ada.opens(await house.shop.signIn());
    await ada.presses('other-account');
    await ada.identifies();
    ada.landed();
  });

  it('goes on silently when the second step that was given there has faded', async () => {
    const ada = await ticks('ada');
    clock.advance({ hours: 2 });
    await ada.opens(await house.shop.signIn());
    expect(await told(ada)).to.deep.equal([PWD, 'pwd']);
  });

  it('is chosen each time anew, beside the answer that counts, and for itself alone', async () => {
    const ada = await house.atSecondStep('ada');
    expect(boxOn(ada)?.getAttribute('checked')).to.equal(undefined);
    expect(ada.reads()).to.contain('Don’t ask again on this browser for 30 days');
    await ada.says({ code: '000000', trust: 'true' });
    expect(boxOn(ada)?.getAttribute('checked')).to.equal(undefined);
    await ada.says({ code: ada.code() });
    later();
    expect(await kept('ada')).to.deep.equal([]);
    await ticks('ada');
    isAsked(await returns(ada));
  });

  it('asks again after its days, and sooner where policy has fewer', async () => {
    const ada = await ticks('ada');
    clock.advance({ days: 29 });
    await decides({ trustedBrowsers: { days: 20, satisfiesMfa: false } });
    isAsked(await returns(ada));
    await decides({ trustedBrowsers: { days: 60, satisfiesMfa: false } });
    (await returns(ada)).landed();
    clock.advance({ days: 1 });
    isAsked(await returns(ada));
    await decides({ trustedBrowsers: { days: 0, satisfiesMfa: false } });
    await ada.reloads();
    expect(boxOn(ada)).to.equal(null);
  });

  it('asks where the app does, however it says so', async () => {
    const ada = await ticks('ada');
    const claim = (acr: object) => ({ claims: JSON.stringify({ id_token: { acr } }) });
    later();
    for (const asked of [
      { acr_values: MFA },
      claim({ essential: true, value: MFA }),
      claim({ value: MFA }),
      { prompt: 'login' },
      { max_age: '60' },
    ]) {
      isAsked(await returns(ada, asked));
    }
    await house.registers('shop', { required_acr: MFA });
    later();
    isAsked(await returns(ada));
    await ada.says({ code: ada.code() });
    expect(await told(ada)).to.deep.equal([MFA, 'mfa', 'otp', 'pwd']);
    expect((await kept('ada'))[0]).to.include({ number: 1 });
  });

  it('satisfies an app for a day where policy says so, and adds nothing to amr', async () => {
    await decides({ trustedBrowsers: { days: 30, satisfiesMfa: true } });
    const ada = await ticks('ada');
    clock.advance({ hours: 23 });
    expect(await told(await returns(ada, { acr_values: MFA }))).to.deep.equal([MFA, 'pwd']);
    // What was told is taken back with the policy, and with the day.
    await decides({ trustedBrowsers: { days: 30, satisfiesMfa: false } });
    await ada.opens(await house.shop.signIn());
    expect(await told(ada)).to.deep.equal([PWD, 'pwd']);
    await decides({ trustedBrowsers: { days: 30, satisfiesMfa: true } });
    clock.advance({ hours: 1 });
    await ada.opens(await house.shop.signIn());
    expect(await told(ada)).to.deep.equal([PWD, 'pwd']);
    await ada.opens(await house.shop.signIn({ acr_values: MFA }));
    isAsked(ada);
    isAsked(await returns(ada, { acr_values: MFA }));
  });

  const ends: Readonly<Record<string, () => Promise<unknown>>> = {
    'a new password': () =>
      administrationOf(house).passwords.set('ada', { password: people.ada.password }),
    'a method was removed': () => administrationOf(house).methods.remove('ada', { id: 'phone' }),
    'a sign-out everywhere': () => administrationOf(house).accounts.endSessions('ada'),
    'the account was disabled': async () => {
      await administrationOf(house).accounts.disable('ada');
      await administrationOf(house).accounts.enable('ada');
    },
    'an administrator ended it': async () => {
      const { browsers } = administrationOf(house);
      const [one] = await browsers.list('ada');
      await browsers.revoke('ada', { id: one?.id ?? '' });
      expect(await browsers.list('ada')).to.deep.equal([]);
    },
  };
  for (const [what, end] of Object.entries(ends)) {
    it(`asks again after ${what}, also where somebody is signed in by it`, async () => {
      const ada = await ticks('ada');
      clock.advance({ hours: 2 });
      await ada.opens(await house.shop.signIn());
      ada.landed();
      await end();
      await ada.opens(await house.shop.signIn());
      expect(ada.sees()).to.match(/code\/answer|pick-account/);
      isAsked(await returns(ada));
    });
  }

  it('is found out by an old number: trusted no more, and its owner is told', async () => {
    const ada = await ticks('ada');
    const copy = await cookieOf(ada);
    later();
    await returns(ada);
    later();
    const thief = house.visitor('ada');
    await thief.opens('/');
    await keepOnly(thief, copy);
    isAsked(await returns(thief));
    expect(await kept('ada')).to.deep.equal([]);
    const [replayed, ...others] = await happened('browser.trust-replayed');
    expect(others).to.deep.equal([]);
    expect(replayed).to.deep.include({ by: 'id-ada', account: 'id-ada' });
    expect(post.subjectsTo(people.ada.email)).to.include(
      'Doorstep: A copy of your browser was used',
    );
    clock.advance({ hours: 2 });
    await ada.opens(await house.shop.signIn());
    isAsked(ada);
    isAsked(await returns(ada));
  });

  it('is no copy within a minute of its last use, and raises nothing twice', async () => {
    const ada = await ticks('ada');
    const before = await cookieOf(ada);
    later();
    await returns(ada);
    clock.advance({ seconds: 50 });
    // The answer to that was lost on its way.
    await keepOnly(ada, before);
    (await returns(ada)).landed();
    expect((await kept('ada'))[0]).to.include({ number: 2 });
    clock.advance({ seconds: 20 });
    (await returns(ada)).landed();
    expect((await kept('ada'))[0]).to.include({ number: 3 });
  });

  /** Whose last answers are lost, but for what they do then. */
  function impatient(goesOn: typeof fetch) {
    let isLost = false;
    const visitor = createVisitor(house.issuer, people.ada, async (...asked) => {
      const answer = await fetch(...asked);
      return isLost && asked[1]?.method === 'POST' ? goesOn(...asked) : answer;
    });
    return { visitor, loses: (now: boolean) => void (isLost = now) };
  }

  const pageOf = (answer: Parameters<typeof fetch>[0] | URL): string =>
    new URL('.', answer as string).href.replace(/\/$/, '');
  const ways: Readonly<Record<string, typeof fetch>> = {
    'the button is pressed again': fetch,
    'the page is opened again': (url, init) =>
      fetch(pageOf(url), { redirect: 'manual', headers: init?.headers ?? {} }),
  };
  for (const [what, goesOn] of Object.entries(ways)) {
    it(`keeps its number when an answer is lost and ${what}`, async () => {
      const { visitor: ada, loses } = impatient(goesOn);
      await ticks('ada', ada);
      later();
      loses(true);
      (await returns(ada)).landed();
      loses(false);
      expect((await kept('ada'))[0]).to.include({ number: 2 });
      clock.advance({ minutes: 2 });
      (await returns(ada)).landed();
      expect((await kept('ada'))[0]).to.include({ number: 3 });
      expect(await happened('browser.trust-replayed')).to.deep.equal([]);
    });
  }

  it('is given no older number by a sign-in that it goes on with later', async () => {
    const { visitor: ada, loses } = impatient(async () => new Response());
    await ticks('ada', ada);
    later();
    const before = await cookieOf(ada);
    await keepOnly(ada, before);
    await ada.opens(await house.shop.signIn());
    await ada.presses('other-account');
    await ada.says({ identifier: 'ada' });
    loses(true);
    await ada.says({ password: people.ada.password });
    loses(false);
    const tab = house.visitor('ada');
    await tab.opens('/');
    await keepOnly(tab, before);
    await returns(tab);
    clock.advance({ minutes: 2 });
    (await returns(tab)).landed();
    expect((await kept('ada'))[0]).to.include({ number: 3 });
    await ada.jar.setCookie(`${await cookieOf(tab)}; Path=/`, ada.at().href);
    await ada.opens(pageOf(ada.at()));
    ada.landed();
    clock.advance({ minutes: 2 });
    (await returns(ada)).landed();
    expect((await kept('ada'))[0]).to.include({ number: 4 });
  });

  it('is one and the same in three tabs at once', async () => {
    const ada = await ticks('ada');
    later();
    const cookie = await cookieOf(ada);
    const tabs = [1, 2, 3].map(async () => {
      const tab = house.visitor('ada');
      await tab.opens('/');
      await keepOnly(tab, cookie);
      return returns(tab);
    });
    for (const tab of await Promise.all(tabs)) tab.landed();
    expect((await kept('ada'))[0]).to.include({ number: 2 });
    expect(await happened('sign-in.finished')).to.have.length(4);
    expect(await happened('browser.trust-replayed')).to.deep.equal([]);
  });

  it('takes its own place in the account when it is chosen again, for all its days', async () => {
    const ada = await ticks('ada');
    const [before] = await kept('ada');
    later();
    await returns(ada, { prompt: 'login' });
    expect(boxOn(ada)).not.to.equal(null);
    await ada.says({ code: ada.code(), trust: 'true' });
    const [after, ...others] = await kept('ada');
    expect(others).to.deep.equal([]);
    expect(after?.until).to.be.above(before?.until ?? new Date());
    later();
    (await returns(ada)).landed();
  });

  it('is chosen beside a number for the phone as well', async () => {
    const phone = await dansPhone(house.issuer);
    const dan = await house.atSecondStep('dan');
    await phone.approves(numberOn(dan));
    await dan.presses('continue', { trust: 'true' });
    dan.landed();
    later();
    (await returns(dan)).landed();
  });

  it('is not for whoever sets up a method, also by a form made by hand', async () => {
    const cleo = await house.atSecondStep('cleo');
    await cleo.presses('enrol');
    await cleo.says({ method: 'text' });
    await cleo.says({ number: '+14255550177', trust: 'true' });
    expect(boxOn(cleo)).to.equal(null);
    await cleo.says({ code: house.carrier.lastCode('+14255550177'), trust: 'true' });
    await cleo.presses('saved', { trust: 'true' });
    cleo.landed();
    expect(await kept('cleo')).to.deep.equal([]);
  });
});
