/**
 * What a browser sees for every session it may bring and a good part of the ways of asking:
 * the table of test/unit/oidc/step-up-table.test.ts in the whole house, with real pages.
 */
import { expect } from 'chai';

import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import type { Visitor } from '../support/visitor.ts';

const PWD = 'urn:doorstep:acr:pwd';
const MFA = 'urn:doorstep:acr:mfa';
const UNMET = 'unmet_authentication_requirements';

/** Short for what the person sees; anything else is the error that the app is told. */
const pages: Readonly<Record<string, string>> = {
  name: 'sign-in/identify',
  pick: 'sign-in/pick-account',
  password: 'methods/password/answer',
  code: 'methods/code/answer',
  text: 'sign-in/begin',
  pwd: PWD,
  mfa: MFA,
  U: UNMET,
  L: 'login_required',
  I: 'interaction_required',
  R: 'invalid_request',
};

const essential = JSON.stringify({ id_token: { acr: { essential: true, values: [MFA] } } });

// Sessions: none, Ada by password, Ada with two steps, hers two hours later, Bob by password.
const rows: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
  [{}, 'name pwd mfa pwd pwd'],
  [{ acr_values: MFA }, 'name code mfa code text'],
  [{ acr_values: 'phr' }, 'U U U U U'],
  [{ acr_values: `phr ${MFA}` }, 'name code mfa code text'],
  [{ acr_values: 'unknown' }, 'U U U U U'],
  [{ claims: essential }, 'name code mfa code text'],
  [{ claims: '{"id_token":{"acr":{"values":"x"}}}' }, 'R R R R R'],
  [{ max_age: '0' }, 'name password password password password'],
  [{ max_age: '3600' }, 'name pwd mfa password pwd'],
  [{ max_age: '10000' }, 'name pwd mfa pwd pwd'],
  [{ prompt: 'login' }, 'name password password password password'],
  [{ prompt: 'none' }, 'L pwd mfa pwd pwd'],
  [{ prompt: 'none', acr_values: MFA }, 'L I mfa I I'],
  [{ prompt: 'none', max_age: '0' }, 'L L L L L'],
  [{ prompt: 'select_account' }, 'name pick pick pick pick'],
  [{ login_hint: 'ada' }, 'name pwd mfa pwd name'],
  [{ login_hint: 'bob' }, 'name name name name pwd'],
  [{ login_hint: 'bob', prompt: 'none' }, 'L L L L pwd'],
];

describe('Step-up, every session and every request (S-043 to S-048, S-053)', () => {
  let house: House;
  const visitors: Visitor[] = [];
  before(async () => {
    house = await openHouse({ policy: { twoSteps: 'when-asked' } });
    const [byPassword, byBoth, faded, bob] = [
      await signedIn('ada'),
      await signedIn('ada', { acr_values: MFA }),
      await signedIn('ada', { acr_values: MFA }),
      await signedIn('bob'),
    ];
    visitors.push(house.visitor(), byPassword, byBoth, faded, bob);
  });
  after(() => house.close());

  async function signedIn(name: 'ada' | 'bob', more: Readonly<Record<string, string>> = {}) {
    clock.advance({ seconds: 30 }); // a code counts once
    const visitor = await house.atSecondStep(name, more);
    if (more.acr_values !== undefined) await visitor.says({ code: visitor.code() });
    visitor.landed();
    return visitor;
  }

  const columns = ['none', 'pwd', 'mfa', 'mfa, 2 h', 'Bob'];
  const faded = columns.indexOf('mfa, 2 h');
  for (const [index, column] of [...columns.entries()].filter(([at]) => at !== faded)) {
    cells(index, column);
  }
  describe('after two hours', () => {
    before(() => clock.advance({ hours: 2 }));
    cells(faded, 'mfa, 2 h');
  });

  function cells(index: number, column: string): void {
    for (const [wishes, outcomes] of rows) {
      const outcome = outcomes.split(' ')[index] ?? '';
      it(`session ${column}, ${JSON.stringify(wishes)}: ${outcome}`, async () => {
        const visitor = visitors[index];
        if (!visitor) throw new Error('no such session');
        await visitor.opens(await house.shop.signIn(wishes));
        expect(await seenBy(visitor)).to.equal(pages[outcome]);
      });
    }
  }

  /** The page, the error, or the level that the token says. */
  async function seenBy(visitor: Visitor): Promise<unknown> {
    if (!visitor.sees().startsWith('http')) return visitor.sees();
    const landed = visitor.landed();
    const error = landed.searchParams.get('error');
    if (error !== null) return error;
    const claims = await house.shop.claims(landed);
    expect(claims.auth_time).to.be.a('number');
    return claims.acr;
  }
});
