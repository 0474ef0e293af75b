/**
 * "Let this browser in" (D-8): strangers guess from ever new networks, and whoever has the
 * account's mail gets in all the same, in the browser that confirms and for an hour; and nothing
 * of it tells accounts apart (S-007).
 */
import { expect } from 'chai';

import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import { people } from '../support/people.ts';
import { openPostBox } from '../support/mail-server.ts';
import { rememberRecords } from '../support/records.ts';
import type { Visitor } from '../support/visitor.ts';
import { uidOf } from '../support/at-each-step.ts';

const WRONG = 'not the password of anybody';
const server = { trustedProxies: ['127.0.0.1', '::1'] };

describe('A browser that is let in', () => {
  let house: House;
  let post: Awaited<ReturnType<typeof openPostBox>>;
  let moveBack: () => Promise<void>;
  let guessed = 0;

  before(async () => {
    post = await openPostBox();
    const mail = { url: post.url, from: 'Doorstep <no@example.org>' };
    house = await openHouse({ log: { level: 'info' }, server, channels: { mail } });
    moveBack = await rememberRecords(house);
  });
  after(async () => {
    await post.close();
    await house.close();
  });
  beforeEach(async () => {
    await house.settles();
    clock.advance({ days: 3 });
    post.mails.length = 0;
    await moveBack();
  });

  async function asks(identifier: string, from = '203.0.113.9', on = house): Promise<Visitor> {
    const visitor = on.visitor(identifier === 'ada' ? 'ada' : undefined);
    visitor.comesFrom(from);
    await visitor.opens(await on.shop.signIn());
    await visitor.says({ identifier });
    return visitor;
  }

  /** Wrong passwords, each from a network of its own. */
  async function strangersGuess(identifier: string, on = house, most = 5): Promise<void> {
    const stranger = await asks(identifier, '198.51.100.1', on);
    for (let count = 0; count < most; count += 1) {
      stranger.comesFrom(`10.1.${(guessed += 1)}.1`);
      await stranger.says({ password: WRONG });
      expect(stranger.status()).to.equal(200);
    }
  }

  async function heldUp(identifier = 'ada', on = house): Promise<Visitor> {
    await strangersGuess(identifier, on);
    const visitor = await asks(identifier, undefined, on);
    await visitor.says({ password: people.ada.password });
    expect(visitor.status()).to.equal(429);
    return visitor;
  }

  const offer = 'form[data-step="held-up"]';
  const toLetIn = 'Doorstep: Are you trying to sign in?';
  const mailed = () => post.mails.filter(({ mail }) => mail.subject === toLetIn);

  /** Where the newest mail leads. */
  async function link(): Promise<URL> {
    await house.settles();
    const { text = '' } = mailed().at(-1)?.mail ?? {};
    return new URL(/^https?:\S+$/m.exec(text)?.[0] ?? expect.fail('no mail with a link'));
  }

  async function letIn(): Promise<Visitor> {
    const ada = await heldUp();
    await ada.presses('let-in');
    await ada.opens(await link());
    await ada.says({});
    expect(ada.sees()).to.equal('sign-in/let-in-done');
    return ada;
  }

  async function audited(): Promise<string[]> {
    await house.settles();
    const lines = (await house.logged()).split('\n');
    return lines.filter((line) => line.includes('"browser.admi'));
  }

  it('signs in at once, with all its steps', async () => {
    const before = (await audited()).length;
    const ada = await heldUp();
    const page = `/sign-in/${uidOf(ada)}`;
    expect(ada.reads()).to.contain('Let this browser in');
    await ada.presses('let-in');
    expect(ada.sees()).to.equal('sign-in/let-in');
    const address = await link();
    expect(post.mails.map(({ to }) => to)).to.deep.equal([people.ada.email]);
    expect(address.searchParams.get('token')).to.match(/^[\w-]{43}$/);

    await ada.opens(address);
    expect(ada.sees()).to.equal('sign-in/let-in-confirm');
    await ada.says({});
    expect(ada.sees()).to.equal('sign-in/let-in-done');
    await ada.opens(page);
    await ada.says({});
    await ada.says({ password: people.ada.password });
    expect(ada.sees()).to.equal('methods/code/answer');
    await ada.says({ code: ada.code() });
    expect(ada.landed().href).to.contain('/shop/back');

    expect(await audited()).to.have.length(before + 2);
    const token = address.searchParams.get('token') ?? '';
    expect(await house.logged()).not.to.contain(token);
  });

  it('is mailed about with when, from where, and that nothing need be done', async () => {
    await house.describes('ada', { locale: 'de' });
    const ada = await heldUp();
    await ada.presses('let-in');
    await house.settles();
    const [{ mail } = expect.fail('no mail')] = post.mails;
    expect(mail.subject).to.equal('Doorstep: Versuchen Sie gerade, sich anzumelden?');
    for (const body of [mail.text ?? '', mail.html ?? '']) {
      expect(body).to.contain('203.0.113.9').and.to.contain('UTC').and.to.contain('/let-in?token=');
      expect(body).to.contain(`${house.issuer}/account`).and.to.contain('„Sicherheitsinf');
      expect(body).to.contain('müssen Sie nichts tun');
    }
  });

  it('is the one that confirms, and nothing but its own form confirms', async () => {
    const ada = await heldUp();
    await ada.presses('let-in');
    const address = await link();
    const scanner = house.visitor();
    await scanner.opens(address);
    const other = house.visitor();
    await other.opens(address);
    expect(other.sees(), 'to look at it changes nothing').to.equal('sign-in/let-in-confirm');
    await ada.opens(address);
    const own = ada.formFor('form[data-step]');
    await other.submit(own, {});
    expect(other.status(), "another browser's form").to.equal(403);
    await ada.submit(own, { token: 'x'.repeat(43) });
    expect(ada.status(), 'a token that nobody was sent').to.equal(410);
    const elsewhere = await ada.raw('/let-in/confirm', {
      method: 'POST',
      body: new URLSearchParams({
        token: address.searchParams.get('token') ?? '',
        _csrf: own.querySelector('[name="_csrf"]')?.getAttribute('value') ?? '',
      }),
      headers: { 'sec-fetch-site': 'cross-site' },
    });
    expect(elsewhere.status, 'from another site').to.equal(403);
    await ada.opens(address);
    await ada.says({});
    expect(ada.sees()).to.equal('sign-in/let-in-done');
    await other.opens(address);
    expect(other.status(), 'another browser afterwards').to.equal(410);
  });

  it('gets in although strangers asked for all the mails of the hour (S-011)', async () => {
    const stranger = await heldUp();
    await stranger.presses('let-in');
    await strangersAsk();
    const ada = await asks('ada');
    await ada.says({ password: people.ada.password });
    await ada.presses('let-in');
    await house.settles();
    expect(mailed(), 'two, which strangers asked for').to.have.length(2);
    await ada.opens(await link());
    await ada.says({});
    await ada.opens(await house.shop.signIn());
    await ada.says({ identifier: 'ada' });
    await ada.says({ password: people.ada.password });
    expect(ada.sees()).to.equal('methods/code/answer');
    await stranger.opens(await house.shop.signIn());
    await stranger.says({ identifier: 'ada' });
    await stranger.says({ password: WRONG });
    expect(stranger.status(), 'whoever only asked').to.equal(429);
  });

  async function strangersAsk(): Promise<void> {
    const stranger = await asks('ada', '198.51.100.77');
    await stranger.says({ password: WRONG });
    await stranger.presses('let-in');
  }

  it('is let in once by one mail, however often it confirms', async () => {
    const ada = await letIn();
    const address = await link();
    await ada.opens(address);
    expect(ada.status()).to.equal(410);
    const kept = () => house.connection.model('Account').findById('id-ada').lean().exec();
    const before = JSON.stringify(await kept());
    clock.advance({ minutes: 5 });
    await ada.opens(address);
    expect(ada.status()).to.equal(410);
    expect(JSON.stringify(await kept())).to.equal(before);
  });

  it('finds a second click on the button done, and done once', async () => {
    const ada = await heldUp();
    await ada.presses('let-in');
    await ada.opens(await link());
    const before = (await audited()).length;
    const form = ada.formFor('form[data-step]');
    const body = new URLSearchParams();
    for (const { attributes } of form.querySelectorAll('input')) {
      body.set(attributes.name ?? '', attributes.value ?? '');
    }
    const clicks = await Promise.all(
      [1, 2, 3, 4].map(() => ada.raw('/let-in/confirm', { method: 'POST', body })),
    );
    const to = clicks.map(({ headers }) => headers.get('location'));
    expect(new Set(to)).to.deep.equal(new Set(['/let-in/done']));
    expect(await audited()).to.have.length(before + 1);
  });

  it('has half an hour to confirm', async () => {
    const ada = await heldUp();
    await ada.presses('let-in');
    const address = await link();
    await ada.opens(address);
    const form = ada.formFor('form[data-step]');
    clock.advance({ minutes: 31 });
    await ada.submit(form, {});
    expect(ada.status()).to.equal(410);
    await ada.opens(address);
    expect(ada.status()).to.equal(410);
  });

  it('is let in although its sign-in took too long meanwhile', async () => {
    const ada = await heldUp();
    clock.advance({ minutes: 55 });
    await ada.presses('let-in');
    const address = await link();
    clock.advance({ minutes: 20 });
    await ada.opens(address);
    await ada.says({});
    expect(ada.sees()).to.equal('sign-in/let-in-done');
  });

  it('has to wait like any other after an hour', async () => {
    const ada = await letIn();
    for (const [minutes, guesses, status] of [
      [58, 5, 200],
      [3, 1, 429],
    ] as const) {
      clock.advance({ minutes });
      await strangersGuess('ada', house, guesses);
      await ada.opens(await house.shop.signIn());
      await ada.says({ identifier: 'ada' });
      await ada.says({ password: people.ada.password });
      expect(ada.status(), `${minutes} minutes later`).to.equal(status);
    }
  });

  it('gets in where the account’s own limit never opens again, and lifts no count', async () => {
    const tallies = { password: { times: [new Date()], streak: 100 } };
    const attempts = { version: 1, tallies };
    await house.connection.model('Account').updateOne({ _id: 'id-ada' }, { $set: { attempts } });
    const ada = await asks('ada');
    await ada.says({ password: people.ada.password });
    expect(ada.headers().get('retry-after')).to.equal(null);
    await ada.presses('let-in');
    await ada.opens(await link());
    await ada.says({});
    const stranger = await asks('ada', '10.2.0.1');
    await stranger.says({ password: WRONG });
    expect(stranger.status(), 'for all others it stays').to.equal(429);
    await ada.opens(await house.shop.signIn());
    await ada.says({ identifier: 'ada' });
    await ada.says({ password: people.ada.password });
    expect(ada.sees()).to.equal('methods/code/answer');
  });

  it('is asked for in the same words by a name that nobody has, and nobody is mailed', async () => {
    const seen: Record<string, string[]> = {};
    const before = await refusedMails();
    await house.connection
      .model('Account')
      .updateOne({ _id: 'id-bob' }, { $unset: { 'profile.email': 1 } });
    for (const name of ['ada', 'bob', 'ned']) {
      const looks: string[] = [];
      const visitor = await heldUp(name);
      for (let mails = 0; mails < 3; mails += 1) {
        looks.push(lookOf(visitor, name));
        await visitor.presses('let-in');
        looks.push(lookOf(visitor, name));
        await visitor.says({});
        await visitor.says({ password: people.ada.password });
      }
      seen[name] = looks;
    }
    expect(seen.bob).to.deep.equal(seen.ada);
    expect(seen.ned).to.deep.equal(seen.ada);
    await house.settles();
    expect(
      post.mails.map(({ to }) => to),
      'two, and not the third',
    ).to.deep.equal([people.ada.email, people.ada.email]);
    expect((await refusedMails()) - before).to.equal(3);
  });

  const refusedMails = async (): Promise<number> =>
    (await house.logged()).split('"admission.refused"').length - 1;

  it('is mailed once for two clicks', async () => {
    const ada = await heldUp();
    const form = ada.formFor(offer);
    await Promise.all([ada.submit(form, {}), ada.submit(form, {})]);
    await house.settles();
    expect(mailed()).to.have.length(1);
  });

  it('is not offered where the network itself has to wait, and not to whoever posts it by hand', async () => {
    const ada = await asks('ada');
    for (let count = 0; count < 6; count += 1) await ada.says({ password: WRONG });
    expect(ada.status()).to.equal(429);
    expect(ada.html().querySelector(offer)).to.equal(null);
    const other = await asks('bob');
    const _csrf = other.html().querySelector('[name="_csrf"]')?.getAttribute('value') ?? '';
    await other.post(`/sign-in/${uidOf(other)}/let-in`, new URLSearchParams({ _csrf }));
    expect(other.sees()).to.equal('methods/password/answer');
  });

  it('is not offered without mail: everybody is told whom to ask', async () => {
    const without = await openHouse({ server, organisation: { helpContact: 'the guild office' } });
    try {
      const looks = [];
      for (const name of ['ada', 'ned']) {
        const visitor = await heldUp(name, without);
        expect(visitor.html().querySelector(offer)).to.equal(null);
        expect(visitor.reads()).to.contain('contact the guild office');
        looks.push(lookOf(visitor, name));
        const page = visitor.html().querySelector('main a')?.getAttribute('href') ?? '';
        await visitor.opens(page);
        const _csrf = visitor.html().querySelector('[name="_csrf"]')?.getAttribute('value') ?? '';
        await visitor.post(`${page}/let-in`, new URLSearchParams({ _csrf }));
        expect(visitor.sees()).to.equal('methods/password/answer');
      }
      expect(looks[1]).to.equal(looks[0]);
    } finally {
      await without.close();
    }
  });
});

/** Status, headers and page, without what is random and without the name that was typed. */
function lookOf(visitor: Visitor, identifier: string): string {
  const headers = [...visitor.headers()]
    .filter(([name]) => !['date', 'content-length', 'x-request-id', 'retry-after'].includes(name))
    .map(([name, value]) => `${name}: ${value}`);
  return [visitor.status(), ...headers, visitor.html().toString()]
    .join('\n')
    .replaceAll(/[\w-]{21,}/g, 'ID')
    .replaceAll(/\b\d+ seconds\b/g, 'SOME seconds')
    .replaceAll(new RegExp(`\\b${identifier}\\b`, 'g'), 'NAME');
}
