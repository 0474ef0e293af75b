/**
 * Steps cannot be skipped, repeated or mixed (S-020 to S-031): stories of those who try.
 * What no step allows at all is in step-table.test.ts.
 */
import { expect } from 'chai';
import { type HTMLElement, parse } from 'node-html-parser';

import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import { people } from '../support/people.ts';
import { recordsOf, rememberRecords } from '../support/records.ts';
import { signInPosts } from '../support/sign-in-posts.ts';
import type { Visitor } from '../support/visitor.ts';
import { flowOf, uidOf, ways } from '../support/ways.ts';

describe('The order of steps', () => {
  let house: House;
  let moveBack: () => Promise<void>;
  before(async () => {
    house = await openHouse();
    moveBack = await rememberRecords(house);
  });
  after(() => house.close());
  beforeEach(async () => {
    clock.advance({ days: 1 });
    house.carrier.texts.length = 0;
    await moveBack();
  });

  it('changes nothing when forms of earlier steps are sent again (C-73)', async () => {
    const ada = await ways.identify(house);
    const earlier: Sent[] = [];
    const fill = async (typed: Readonly<Record<string, string>>): Promise<void> => {
      const form = ada.formFor('form[data-step]');
      earlier.push({ action: form.getAttribute('action') ?? '', fields: fieldsOf(form, typed) });
      await ada.says(typed);
      const before = await recordsOf(house.connection);
      for (const { action, fields: old } of earlier) {
        await ada.raw(action, { method: 'POST', body: new URLSearchParams(old) });
        expect(await recordsOf(house.connection), action).to.deep.equal(before);
      }
    };
    await fill({ identifier: 'ada' });
    await fill({ password: people.ada.password });
    await fill({ code: ada.code() });
    expect(ada.sees()).to.equal('sign-in/remember');
  });

  it('proves nothing by walking through all pairs of methods (C-01)', async () => {
    const methods = [
      { method: 'code', credential: 'app' },
      { method: 'text', credential: 'phone' },
      { method: 'recovery-code', credential: 'codes' },
    ];
    for (const first of methods) {
      for (const second of methods.filter((other) => other !== first)) {
        clock.advance({ days: 1 });
        const ada = await ways.choose(house);
        const left = [];
        for (const chosen of [first, second]) {
          await ada.says(chosen);
          expect(ada.sees()).to.equal(`methods/${chosen.method}/answer`);
          left.push(ada.formFor('form[data-step="answer"]'));
          await ada.presses('another-way');
          expect(ada.sees()).to.equal('sign-in/choose');
        }
        for (const form of left) await ada.submit(form, { code: ada.code() });
        expect(ada.sees()).to.equal('sign-in/choose');
        expect(provedIn(await flowOf(house, ada))).to.deep.equal(['password']);
      }
    }
  });

  it('takes no second factor before the password, whoever asks for it (C-56, S-024)', async () => {
    // As after a crash, or in a race: the account is known and nothing has been asked yet.
    const ada = await ways['answer, password'](house);
    await house.connection.model('Flow').updateOne({}, { $unset: { challenge: 1 } });
    for (const [method, credential] of [
      ['text', 'phone'],
      ['code', 'app'],
      ['recovery-code', 'codes'],
    ] as const) {
      const before = await recordsOf(house.connection);
      const answer = await posts(ada, 'choose', { method, credential });
      expect(answer.status, method).to.equal(400);
      expect(await recordsOf(house.connection), method).to.deep.equal(before);
    }
    expect(house.carrier.texts).to.have.length(0);
    await ada.reloads();
    expect(ada.html().toString()).not.to.contain('••• 56');
  });

  it('sends and begins nothing that the page does not list (S-024)', async () => {
    for (const at of ['choose', 'begin'] as const) {
      const visitor = await ways[at](house);
      house.carrier.texts.length = 0;
      const before = await recordsOf(house.connection);
      for (const [method, credential] of [
        ['password', 'password'],
        ['password', 'nobody'],
        ['text', 'app'],
        ['text', 'PHONE'],
        ['text', 'phone\u0000'],
        ['code', 'phone'],
        ['email', 'phone'],
        ['call', 'phone'],
        ['__proto__', 'phone'],
        ['constructor', 'constructor'],
        ['', ''],
      ] as const) {
        const answer = await posts(visitor, 'choose', { method, credential });
        expect(answer.status, `${at} ${method} ${credential}`).to.equal(400);
        expect(await recordsOf(house.connection)).to.deep.equal(before);
      }
      expect(house.carrier.texts).to.have.length(0);
    }
  });

  it('lends the proofs of a session to no other account (C-37)', async () => {
    for (const [name, asked] of [
      ['bob', 'methods/text/answer'],
      ['cleo', 'sign-in/enrol-intro'],
    ] as const) {
      const ada = await ways['pick-account'](house);
      await ada.presses('other-account');
      await ada.says({ identifier: name });
      expect(ada.sees(), name).to.equal('methods/password/answer');
      expect(provedIn(await flowOf(house, ada))).to.deep.equal([]);
      await ada.says({ password: people[name].password });
      expect(ada.sees()).to.equal(asked);
      clock.advance({ minutes: 2 });
    }
  });

  it('drops every proof when the account changes (C-60)', async () => {
    for (const at of ['answer, code', 'choose', 'enrol-intro', 'consent'] as const) {
      const visitor = await ways[at](house);
      await posts(visitor, 'identify', { identifier: 'bob' });
      expect(JSON.parse(await flowOf(house, visitor))).not.to.have.nested.property(
        'facts.account.id',
        'id-bob',
      );
      await visitor.presses('restart');
      expect(visitor.sees()).to.be.oneOf(['sign-in/identify', 'sign-in/pick-account']);
      await visitor.says({ identifier: 'bob' });
      expect(visitor.sees(), at).to.equal('methods/password/answer');
      expect(provedIn(await flowOf(house, visitor))).to.deep.equal([]);
      clock.advance({ minutes: 2 });
    }
  });

  it('takes no answer of another sign-in or of another account (C-41)', async () => {
    const ada = await ways['answer, code'](house);
    const bob = await ways['answer, text'](house);
    const [adas, bobs] = [everything(ada), everything(bob)];
    const texted = house.carrier.lastCode(people.bob.phone);
    const swaps: [Visitor, Readonly<Record<string, string>>][] = [
      [ada, { challenge: bobs.challenge, code: texted }],
      [ada, { challenge: adas.challenge, code: texted }],
      [ada, { challenge: bobs.challenge, code: ada.code() }],
      [bob, { challenge: adas.challenge, code: ada.code() }],
      [bob, { challenge: bobs.challenge, code: ada.code() }],
      [bob, { challenge: adas.challenge, code: texted }],
      [ada, { challenge: '', code: ada.code() }],
      [ada, { code: ada.code() }],
      [ada, { challenge: adas.challenge, code: people.ada.recoveryCodes[0] }],
    ];
    for (const [visitor, fields] of swaps) {
      await posts(visitor, 'answer', fields);
      expect(provedIn(await flowOf(house, visitor)), JSON.stringify(fields)).to.have.length(1);
    }
  });

  it('is too late ten minutes after the password, though the record is still there (S-031)', async () => {
    const ada = await ways['answer, code'](house);
    const form = ada.formFor('form[data-step="answer"]');
    clock.advance({ minutes: 10 });
    await ada.submit(form, { code: ada.code() });
    expect(ada.sees()).to.equal('sign-in/expired');
    expect(provedIn(await flowOf(house, ada))).to.deep.equal(['password']);
    await ada.presses('restart');
    expect(ada.sees()).to.be.oneOf(['sign-in/identify', 'sign-in/pick-account']);
    expect(provedIn(await flowOf(house, ada))).to.deep.equal([]);
  });

  it('is over after an hour, and says where to begin anew (C-32)', async () => {
    const ada = await ways.identify(house);
    // Browsers drop the cookie after an hour; whoever wants more time does not.
    const cookie = await ada.jar.getCookieString(ada.at().href);
    clock.advance({ hours: 1 });
    expect(await flowOf(house, ada), 'the broom was here; this proves nothing').to.not.equal(
      'null',
    );
    const page = parse(await (await ada.raw(ada.at(), { headers: { cookie } })).text());
    expect(page.querySelector('main')?.getAttribute('data-page')).to.equal('sign-in/expired');
    expect(page.querySelector('form'), 'a way that leads nowhere').to.equal(null);
    for (const act of signInPosts) {
      const answer = await posts(ada, act, everything(ada), { cookie });
      expect(answer.status, act).to.be.oneOf([303, 410]);
      expect(answer.headers.get('location') ?? '').not.to.match(/^\/auth/);
    }
    expect(JSON.parse(await flowOf(house, ada))).not.to.have.nested.property('facts.account');
  });

  const everything = (visitor: Visitor) => ({
    identifier: 'bob',
    method: 'text',
    credential: 'phone',
    challenge: visitor.html().querySelector('[name="challenge"]')?.getAttribute('value') ?? 'none',
    password: people.ada.password,
    country: 'DE',
    number: '0151 23456789',
    yes: 'true',
    skip: 'true',
  });
});

interface Sent {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** By hand, with the token of the page that the visitor sees. */
function posts(
  visitor: Visitor,
  act: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const token = visitor.html().querySelector('[name="_csrf"]')?.getAttribute('value') ?? '';
  return visitor.raw(`/sign-in/${uidOf(visitor)}/${act}`, {
    method: 'POST',
    body: new URLSearchParams({ _csrf: token, ...fields }),
    headers,
  });
}

function fieldsOf(
  form: HTMLElement,
  typed: Readonly<Record<string, string>>,
): Record<string, string> {
  const hidden = form.querySelectorAll('input[type="hidden"]').map(({ attributes }) => attributes);
  return {
    ...Object.fromEntries(hidden.map(({ name = '', value = '' }) => [name, value])),
    ...typed,
  };
}

/** Methods that the sign-in's account has proved. */
function provedIn(flow: string): string[] {
  const { proofs, facts } = JSON.parse(flow) as {
    proofs: { method: string; account: string }[];
    facts: { account?: { id: string } };
  };
  return proofs.filter(({ account }) => account === facts.account?.id).map(({ method }) => method);
}
