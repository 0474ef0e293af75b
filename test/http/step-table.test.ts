/**
 * The table of steps and routes (S-021, S-026, C-55): every step that there is, met with every
 * address that the sign-in's own router knows. What a step does not allow changes not a byte,
 * whatever the form says; and no form counts that is not ours (C-51, C-52, C-53, C-59: nothing
 * about an account can be set up or changed from a sign-in that still waits for an answer).
 *
 * Forms that are not ours are refused before the sign-in is read, whatever its step; so they are
 * sent where nobody is known yet, where somebody is asked for a code, and where all is over.
 */
import { expect } from 'chai';

import { type Act, allowedActs, type StepName } from '../../src/sign-in/steps.ts';
import { describeHouse } from '../support/describe-house.ts';
import { people } from '../support/people.ts';
import { recordsOf, rememberRecords } from '../support/records.ts';
import { signInPosts } from '../support/sign-in-posts.ts';
import type { Visitor } from '../support/visitor.ts';
import { everyWay, flowOf, uidOf, ways } from '../support/at-each-step.ts';

type Fields = Readonly<Record<string, string>>;

const isAllowed = (step: StepName, post: string): boolean =>
  allowedActs[step].includes(post as Act);
const OTHER_METHODS = ['GET', 'PUT'];

describeHouse('The table of steps and routes', everyWay, (house) => {
  it('has a row for every step, and a route for everything that a step allows', () => {
    const allowed = Object.values(allowedActs).flat();
    expect(signInPosts).to.include.members(allowed);
    expect(new Set(signInPosts)).to.deep.equal(new Set(allowed));
  });

  for (const [name, way] of Object.entries(ways)) {
    const step = name.replace(/, .*/, '') as StepName;
    const refused = signInPosts.filter((post) => !isAllowed(step, post));

    // What comes after this one: whatever is posted there brings the end that is due anyway.
    if (step !== 'finish') {
      it(`refuses every act that has no business at: ${name}`, async () => {
        const visitor = await way(house);
        const before = await recordsOf(house.connection);
        const [sent, fields] = [house.carrier.texts.length, rightly(visitor)];
        expect(refused).to.not.have.length(0);
        for (const act of refused) {
          const answer = await posts(visitor, act, fields);
          expect(answer.status, act).to.equal(303);
          expect(answer.headers.get('location'), act).to.equal(`/sign-in/${uidOf(visitor)}`);
        }
        expect(await recordsOf(house.connection)).to.deep.equal(before);
        expect(house.carrier.texts).to.have.length(sent);
      });
    }
  }

  for (const name of ['identify', 'answer, code'] as const) {
    it(`takes nothing but its own forms at: ${name}`, async () => {
      const visitor = await ways[name](house);
      const stranger = await ways.identify(house);
      await expectNothingForeign(visitor, tokenOf(stranger));
    });
  }

  it('is the same however an address is spelt', async () => {
    const ada = await ways['answer, code'](house);
    const before = await recordsOf(house.connection);
    for (const act of signInPosts.filter((post) => !isAllowed('answer', post))) {
      const answer = await posts(ada, `${act.toUpperCase()}/`, rightly(ada));
      expect(answer.headers.get('location'), act).to.equal(`/sign-in/${uidOf(ada)}`);
    }
    expect(await recordsOf(house.connection)).to.deep.equal(before);
  });

  it('ends as it is due whatever is posted where nothing is left to say', async () => {
    const ada = await ways.finish(house);
    const fields = rightly(ada);
    const backToFinish = await rememberRecords(house);
    for (const act of [...signInPosts, 'identify']) {
      await backToFinish();
      await expectLeaving(await posts(ada, act, fields), `/auth/${uidOf(ada)}`);
      const { facts } = JSON.parse(await flowOf(house, ada)) as { facts: object };
      expect(facts, act).to.deep.equal({ isOver: true });
    }
    await ada.opens(`/auth/${uidOf(ada)}`);
    expect((await house.partner.claims(ada.landed())).sub).to.equal('id-ada');
  });

  it('is over once it is over', async () => {
    const ada = await ways.finish(house);
    const stranger = await ways.identify(house);
    await posts(ada, 'continue', rightly(ada));
    const before = await recordsOf(house.connection);
    for (const act of signInPosts) {
      await expectLeaving(await posts(ada, act, rightly(ada)), `/auth/${uidOf(ada)}`);
    }
    expect(await recordsOf(house.connection)).to.deep.equal(before);
    await expectNothingForeign(ada, tokenOf(stranger));
  });

  /** Everything right but one thing: the token, the site, the method or the kind of body. */
  async function expectNothingForeign(visitor: Visitor, strange: string): Promise<void> {
    const before = await recordsOf(house.connection);
    const sent = house.carrier.texts.length;
    const fields = rightly(visitor);
    const path = `/sign-in/${uidOf(visitor)}`;
    const json = JSON.stringify({ _csrf: tokenOf(visitor), ...fields });
    for (const act of signInPosts) {
      const foreign = await posts(visitor, act, { ...fields, _csrf: strange });
      expect(foreign.status, `${act} with another sign-in's token`).to.equal(403);
      const elsewhere = await posts(visitor, act, fields, { 'sec-fetch-site': 'cross-site' });
      expect(elsewhere.status, `${act} from another site`).to.equal(403);
      const headers = { 'content-type': 'application/json', accept: 'application/json' };
      const asJson = await visitor.raw(`${path}/${act}`, { method: 'POST', body: json, headers });
      expect(asJson.status, `${act} as JSON`).to.equal(400);
      for (const method of OTHER_METHODS) {
        const query = new URLSearchParams({ _csrf: tokenOf(visitor), ...fields }).toString();
        const answer = await visitor.raw(`${path}/${act}?${query}`, { method });
        expect(answer.status, `${method} ${act}`).to.equal(405);
      }
    }
    expect(await recordsOf(house.connection)).to.deep.equal(before);
    expect(house.carrier.texts).to.have.length(sent);
  }

  /** What would be right at one step or another. */
  const rightly = (visitor: Visitor): Fields => ({
    identifier: 'bob',
    method: 'text',
    credential: 'phone',
    challenge: visitor.html().querySelector('[name="challenge"]')?.getAttribute('value') ?? 'none',
    password: people.ada.password,
    repeated: people.ada.password,
    code: house.carrier.texts[0]?.text.slice(-6) ?? codeOf(visitor),
    country: 'DE',
    number: '0151 23456789',
    stay: 'true',
  });
});

/** A page that leads on from there, and not a redirect (S-190). */
async function expectLeaving(answer: Response, to: string): Promise<void> {
  expect([answer.status, answer.headers.get('location')]).to.deep.equal([200, null]);
  expect(await answer.text()).to.contain(`content="0; url=${to}"`);
}

/** By hand, with the token of the page that the visitor sees. */
const posts = (
  visitor: Visitor,
  act: string,
  fields: Fields,
  headers: Fields = {},
): Promise<Response> =>
  visitor.raw(`/sign-in/${uidOf(visitor)}/${act}`, {
    method: 'POST',
    body: new URLSearchParams({ _csrf: tokenOf(visitor), ...fields }),
    headers,
  });

const tokenOf = (visitor: Visitor): string =>
  visitor.html().querySelector('[name="_csrf"]')?.getAttribute('value') ?? '';

const codeOf = (visitor: Visitor): string => {
  try {
    return visitor.code();
  } catch {
    return '123456';
  }
};
