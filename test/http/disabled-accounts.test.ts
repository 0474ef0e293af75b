/**
 * An account that is disabled in the middle of something (C-08, C-11, S-147): whatever it
 * was about to do ends there, at every step of a sign-in and at every door for tokens. The same
 * walks with an account in good order reach the app, so that none fails for another reason.
 */
import { expect } from 'chai';
import * as client from 'openid-client';

import { createAccounts } from '../../src/models/account.ts';
import { clock } from '../support/clock.ts';
import { describeHouse } from '../support/describe-house.ts';
import type { House } from '../support/house.ts';
import { answersAny } from '../support/keys.ts';
import { twice } from '../support/password-story.ts';
import { appCode, people, type Person } from '../support/people.ts';
import { digitsOn, presses } from '../support/telephone.ts';
import type { Visitor } from '../support/visitor.ts';
import { everyWay, flowOf, ways } from '../support/at-each-step.ts';

const ADDED = '+4915123456789';
const CALLED = '+4930123456';
const MOST_STEPS = 12;

describeHouse('An account that is disabled', everyWay, (house, moveBack) => {
  /** Whom a sign-in is for; Ada, where nobody said yet. */
  async function personAt(visitor: Visitor): Promise<Person> {
    const { facts } = JSON.parse(await flowOf(house, visitor)) as Flow;
    const named = Object.values(people).find(
      ({ username }) => username === facts.account?.username,
    );
    return named ?? people.ada;
  }

  /** Does what is right on each page, to the app or to where nothing is right any more. */
  async function goesOn(visitor: Visitor, person: Person): Promise<void> {
    for (let steps = 0; steps < MOST_STEPS; steps += 1) {
      const act = rightActs[visitor.sees()];
      if (!act) return;
      await act(visitor, person, house);
    }
  }

  // Where it was refused on the phone, nobody gets anywhere as it is.
  const { denied: _, ...begun } = ways;
  for (const [name, way] of Object.entries(begun)) {
    it(`gets nowhere any more from: ${name} (C-08)`, async () => {
      for (const isDisabled of [false, true]) {
        await moveBack();
        clock.advance({ minutes: 20 });
        const visitor = await way(house);
        const person = await personAt(visitor);
        clock.advance({ minutes: 1 });
        const accounts = createAccounts(house.connection);
        if (isDisabled) await accounts.setDisabled(`id-${person.username}`, new Date());
        await goesOn(visitor, person);
        const end = visitor.sees();
        if (isDisabled) expect(end).not.to.match(/[?&]code=/);
        else expect(end).to.match(/[?&]code=/);
      }
    });
  }

  it('gets no token, keeps none, and is not signed in (C-08, C-11)', async () => {
    const redeemed = await signedIn();
    const tokens = await house.shop.welcome(redeemed.landed());
    clock.advance({ minutes: 1 });
    const waiting = (await signedIn()).landed();
    const config = await house.shop.configuration();
    await house.disable('ada', true);

    expect(await failure(house.shop.welcome(waiting)), 'a code').to.equal('invalid_grant');
    const refreshed = client.refreshTokenGrant(config, tokens.refresh_token ?? '');
    expect(await failure(refreshed), 'a refresh token').to.equal('invalid_grant');
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    expect((await fetch(new URL('/me', house.issuer), { headers })).status).to.equal(401);
    const told = await client.tokenIntrospection(config, tokens.access_token);
    expect(told.active, 'to an API that asks').to.equal(false);
    await redeemed.opens(await house.shop.signIn({ prompt: 'none' }));
    expect(redeemed.landed().searchParams.get('error')).to.equal('login_required');
  });

  async function signedIn(): Promise<Visitor> {
    const ada = await ways['answer, code'](house);
    await ada.says({ code: ada.code() });
    return ada;
  }
});

interface Flow {
  readonly facts: { readonly account?: { readonly username: string } };
}

type RightAct = (visitor: Visitor, person: Person, house: House) => Promise<void>;

/** By the name of the page; none where a sign-in has ended. */
const rightActs: Readonly<Record<string, RightAct>> = {
  'sign-in/identify': (at, { username }) => at.says({ identifier: username }),
  'sign-in/pick-account': (at, { username }) => at.says({ identifier: username }),
  'sign-in/begin': (at) => at.says({}),
  'sign-in/let-in': (at) => at.presses('continue'),
  'sign-in/choose': (at) => at.says({ method: 'recovery-code', credential: 'codes' }),
  'sign-in/enrol-intro': (at) => at.says({}),
  'sign-in/enrol': (at) => at.says({ method: 'code' }),
  'sign-in/codes-left': (at) => at.presses('noted'),
  'sign-in/registered': (at) => at.presses('saved'),
  'adding/recovery-codes': (at) => at.presses('saved'),
  'sign-in/new-password': (at) => at.says(twice('paper boats at daybreak')),
  'sign-in/consent': (at) => at.presses('consent'),
  'sign-in/continue': (at) => at.presses('continue'),
  'sign-in/expired': (at) => at.presses('restart'),
  'methods/password/answer': (at, { password }) => at.says({ password }),
  'methods/code/answer': (at) => at.says({ code: at.code() }),
  'methods/recovery-code/answer': (at) => at.says({ code: people.ada.recoveryCodes[0] }),
  'methods/text/answer': (at, { phone = '' }, { carrier }) =>
    at.says({ code: carrier.lastCode(phone) }),
  async 'methods/call/answer'(at, { phone = '' }, { carrier }) {
    await presses(carrier.callTo(phone), digitsOn(at));
    await at.reloads();
  },
  async 'methods/call/add'(at, _person, { carrier }) {
    await presses(carrier.callTo(CALLED), digitsOn(at));
    await at.reloads();
  },
  'methods/security-key/answer': (at, _person, house) => answersAny(at, house),
  'methods/security-key/add': (at, _person, house) => answersAny(at, house),
  'methods/approve/answer': (at) => at.presses('instead', { code: at.code() }),
  'methods/approve/add': (at) => at.presses('another-way'),
  'methods/code/add'(at) {
    const seed = at.html().querySelector('.secret')?.text.replaceAll(/\s/g, '') ?? '';
    // After the last try the page shows it no more.
    return seed === '' ? at.reloads() : at.says({ code: appCode(seed) });
  },
  'methods/text/add': (at, _person, { carrier }) =>
    at.html().querySelector('[name="code"]')
      ? at.says({ code: carrier.lastCode(ADDED) })
      : at.says({ country: 'DE', number: '0151 23456789' }),
};

const failure = async (tokens: Promise<unknown>): Promise<string> => {
  try {
    await tokens;
  } catch (error) {
    if (error instanceof client.ResponseBodyError) return error.error;
    throw error;
  }
  return 'no failure';
};
