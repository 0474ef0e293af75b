/**
 * Steps cannot be skipped, repeated or mixed (S-020 to S-031): stories of those who try.
 * What no step allows at all is in step-table.test.ts.
 */
import { expect } from 'chai';
import { parse } from 'node-html-parser';

import { type Act, allowedActs, type StepName } from '../../src/sign-in/steps.ts';
import { hiddenFields } from '../support/at-once.ts';
import { clock } from '../support/clock.ts';
import { describeHouse } from '../support/describe-house.ts';
import type { House } from '../support/house.ts';
import { people, type PersonName } from '../support/people.ts';
import { recordsOf, rememberRecords } from '../support/records.ts';
import { signInPosts } from '../support/sign-in-posts.ts';
import type { Visitor } from '../support/visitor.ts';
import { flowOf, uidOf, ways } from '../support/at-each-step.ts';

type Fields = Readonly<Record<string, string>>;

interface Walk {
  readonly name: PersonName;
  /** From the password to the last question. */
  readonly first: readonly (readonly [act: string, typed: Fields])[];
  readonly then: (visitor: Visitor, house: House) => Fields;
}

const walks: Readonly<Record<string, Walk>> = {
  'with the app': { name: 'ada', first: [], then: (ada) => ({ code: ada.code() }) },
  'another way': {
    name: 'ada',
    first: [
      ['another-way', {}],
      ['choose', { method: 'recovery-code', credential: 'codes' }],
    ],
    then: () => ({ code: people.ada.recoveryCodes[0] }),
  },
  'with a text': {
    name: 'bob',
    first: [],
    then: (_bob, { carrier }) => ({ code: carrier.lastCode(people.bob.phone) }),
  },
  'with a phone that is added': {
    name: 'cleo',
    first: [
      ['enrol', {}],
      ['add', { method: 'text' }],
      ['add', { country: 'DE', number: '0151 23456789' }],
    ],
    then: (_cleo, { carrier }) => ({ code: carrier.lastCode('+4915123456789') }),
  },
};

describeHouse('The order of steps', {}, (house) => {
  for (const [title, { name, first, then }] of Object.entries(walks)) {
    it(`changes nothing when forms of earlier steps are sent again: ${title} (C-73)`, async () => {
      const visitor = house.visitor(name);
      await visitor.opens(await house.shop.signIn());
      const earlier: Sent[] = [];
      const remembered = (act: string, typed: Fields): void => {
        const form = visitor.formFor(`form[action$="/${act}"]`);
        const action = form.getAttribute('action') ?? '';
        earlier.push({ act, action, fields: { ...hiddenFields(form), ...typed } });
      };
      const says = async (act: string, typed: Fields): Promise<void> => {
        remembered(act, typed);
        await visitor.presses(act, typed);
        const step = nextStepOf(visitor);
        const before = await recordsOf(house.connection);
        for (const old of earlier) {
          // What may be said at this very step is no replay, but for an answer.
          if (allowedActs[step].includes(old.act as Act) && old.act !== 'answer') continue;
          await visitor.raw(old.action, { method: 'POST', body: new URLSearchParams(old.fields) });
          expect(await recordsOf(house.connection), `${old.act} at ${step}`).to.deep.equal(before);
        }
      };
      await says('identify', { identifier: name });
      await says('answer', { password: people[name].password });
      for (const [act, typed] of first) await says(act, typed);
      await says('answer', then(visitor, house));
      if (visitor.sees() === 'adding/recovery-codes') await says('saved', {});
      if (visitor.sees() === 'sign-in/codes-left') await says('noted', {});
      visitor.landed();
    });
  }

  it('proves nothing by walking through all pairs of methods (C-01)', async () => {
    const ada = await ways.choose(house);
    const offered = ada.html().querySelectorAll('form[data-step="choose"]').map(hiddenFields);
    expect(offered.length).to.be.above(2);
    const pairs = offered.flatMap((first) => offered.map((second) => [first, second] as const));
    for (const pair of pairs.filter(([first, second]) => first !== second)) {
      clock.advance({ days: 1 });
      const visitor = await ways.choose(house);
      const left = [];
      for (const { method = '', credential = '' } of pair) {
        await visitor.says({ method, credential });
        expect(visitor.sees()).to.equal(`methods/${method}/answer`);
        left.push({ form: visitor.formFor('form[data-step="answer"]'), method });
        await visitor.presses('another-way');
        expect(visitor.sees()).to.equal('sign-in/choose');
      }
      // Each with what was right while it was asked for.
      for (const { form, method } of left) await visitor.submit(form, rightFor(method, visitor));
      expect(visitor.sees()).to.equal('sign-in/choose');
      expect(provedIn(await flowOf(house, visitor))).to.deep.equal(['password']);
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

  it('takes no part of an answer from another sign-in or account, in 12 swaps (C-41)', async () => {
    // What they proved can be looked up for as long as there is consent to give.
    const ada = await house.atSecondStep('ada', { prompt: 'consent' });
    const bob = await house.atSecondStep('bob', { prompt: 'consent' });
    const texted = house.carrier.lastCode(people.bob.phone);
    const adas = await answerOf(ada, ada.code());
    const bobs = await answerOf(bob, texted);
    const back = await rememberRecords(house);
    const proofs = async () =>
      [await flowOf(house, ada), await flowOf(house, bob)].flatMap((flow) => provedIn(flow));

    for (const [own, others] of [
      [adas, bobs],
      [bobs, adas],
    ] as const) {
      for (const swap of [
        ['code'],
        ['challenge'],
        ['challenge', 'code'],
        ['_csrf'],
        ['cookie'],
        ['challenge', 'code', '_csrf', 'cookie'],
      ] as const) {
        await back();
        const taken = Object.fromEntries(swap.map((part) => [part, others[part]]));
        const { by, cookie, ...fields } = { ...own, ...taken };
        await posts(by, 'answer', fields, { cookie });
        expect(await proofs(), swap.join()).to.deep.equal(['password', 'password']);
      }
    }
    await back();
    for (const { by, cookie, ...fields } of [adas, bobs])
      await posts(by, 'answer', fields, { cookie });
    expect(await proofs(), 'and each is right').to.have.members([
      ...['password', 'code', 'password', 'text'],
    ]);
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
    expect(page.querySelector('main form'), 'a way that leads nowhere').to.equal(null);
    for (const act of signInPosts) {
      const answer = await posts(ada, act, everything(ada), { cookie });
      expect(answer.status, act).to.be.oneOf([303, 410]);
      expect(answer.headers.get('location') ?? '').not.to.match(/^\/auth/);
    }
    expect(JSON.parse(await flowOf(house, ada))).not.to.have.nested.property('facts.account');
  });

  function rightFor(method: string, ada: Visitor): Fields {
    if (method === 'text') return { code: house.carrier.lastCode(people.ada.phone) };
    return { code: method === 'code' ? ada.code() : people.ada.recoveryCodes[0] };
  }

  const everything = (visitor: Visitor) => ({
    identifier: 'bob',
    method: 'text',
    credential: 'phone',
    challenge: challengeOf(visitor),
    password: people.ada.password,
    country: 'DE',
    number: '0151 23456789',
    stay: 'true',
  });
});

interface Sent {
  readonly act: string;
  readonly action: string;
  readonly fields: Fields;
}

/** Where a page stands, as far as these walks come. */
function nextStepOf(visitor: Visitor): StepName {
  const page = visitor.sees();
  if (page.startsWith('http')) return 'over';
  if (page.startsWith('methods/')) {
    return visitor.html().querySelector('form[action$="/answer"]') ? 'answer' : 'add';
  }
  return page.replace(/^(?:sign-in|adding)\//, '') as StepName;
}

/** All that makes an answer what it is. */
const answerOf = async (by: Visitor, code: string) => ({
  by,
  code,
  challenge: challengeOf(by),
  _csrf: by.html().querySelector('[name="_csrf"]')?.getAttribute('value') ?? '',
  cookie: await by.jar.getCookieString(by.at().href),
});

const challengeOf = (visitor: Visitor): string =>
  visitor.html().querySelector('[name="challenge"]')?.getAttribute('value') ?? 'none';

/** By hand, with the token of the page that the visitor sees. */
function posts(
  visitor: Visitor,
  act: string,
  fields: Fields,
  headers: Fields = {},
): Promise<Response> {
  const token = visitor.html().querySelector('[name="_csrf"]')?.getAttribute('value') ?? '';
  return visitor.raw(`/sign-in/${uidOf(visitor)}/${act}`, {
    method: 'POST',
    body: new URLSearchParams({ _csrf: token, ...fields }),
    headers,
  });
}

/** Methods that the sign-in's account has proved. */
function provedIn(flow: string): string[] {
  const { proofs, facts } = JSON.parse(flow) as {
    proofs: { method: string; account: string }[];
    facts: { account?: { id: string } };
  };
  return proofs.filter(({ account }) => account === facts.account?.id).map(({ method }) => method);
}
