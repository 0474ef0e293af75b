/**
 * Every session that a browser may bring, met with every way of asking, for an app that asks
 * for nothing by itself and for one that is never let in below mfa. Written by hand from
 * OIDC Core §3.1.2.1, RFC 9470 and the decisions of goal.ts.
 */
import { expect } from 'chai';

import { countingFor, whatIsLacking } from '../../../src/assurance/levels.ts';
import { acr } from '../../../src/assurance/proof.ts';
import { signedIn } from '../../../src/oidc/finish-interaction.ts';
import type { SignInPolicy } from '../../../src/oidc/requested-assurance.ts';
import {
  ada,
  asAda,
  authorize,
  bobsBoth,
  byBoth,
  byPassword,
  redemption,
  shop,
  smallProvider,
  type SmallProvider,
  visits,
} from './small-provider.ts';

const { pwd, mfa } = acr;
const HOUR = 60 * 60;

/** Ada's sessions but the last, which is Bob's; two hours are more than the idle hour of mfa. */
const columns = ['none', 'pwd', 'pwd, 2 h', 'mfa', 'mfa, 2 h', 'Bob, mfa'] as const;
type Column = (typeof columns)[number];

/**
 * pwd, mfa: a token at once, with this level. P, B: a sign-in from the password on, to pwd or
 * to mfa. S: the second step alone. C: the choice of an account. Other letters: errors.
 */
const words: Readonly<Record<string, string>> = {
  P: 'asks password for pwd',
  B: 'asks password, second step for mfa',
  S: 'asks second step for mfa',
  C: 'asks which account',
  U: 'unmet_authentication_requirements',
  L: 'login_required',
  I: 'interaction_required',
  R: 'invalid_request',
};

type Fields = Readonly<Record<string, string>>;
type Hints = Readonly<Record<'ada' | 'bob', string>>;
type Row = readonly [name: string, (hints: Hints) => Fields, plain: string, floor: string];

const claims = (part: 'id_token' | 'userinfo', member: object) => ({
  claims: JSON.stringify({ [part]: { acr: member } }),
});
const must = { essential: true, value: mfa };

// Columns:                                        none pwd 2h mfa 2h Bob    for the app with a floor
const rows: readonly Row[] = [
  ['nothing', () => ({}), 'P pwd pwd mfa pwd mfa', 'B S S mfa S mfa'],
  ['acr pwd', () => ({ acr_values: pwd }), 'P pwd pwd mfa pwd mfa', 'B S S mfa S mfa'],
  ['acr mfa', () => ({ acr_values: mfa }), 'B S S mfa S mfa', 'B S S mfa S mfa'],
  ['acr phr', () => ({ acr_values: 'phr' }), 'U U U U U U', 'U U U U U U'],
  ['acr phr mfa', () => ({ acr_values: `phr ${mfa}` }), 'B S S mfa S mfa', 'B S S mfa S mfa'],
  ['acr unknown', () => ({ acr_values: 'x y' }), 'U U U U U U', 'U U U U U U'],
  ['essential mfa', () => claims('id_token', must), 'B S S mfa S mfa', 'B S S mfa S mfa'],
  ['essential mfa, userinfo', () => claims('userinfo', must), 'B S S mfa S mfa', 'B S S mfa S mfa'],
  [
    'essential mfa, acr pwd',
    () => ({ ...claims('id_token', must), acr_values: pwd }),
    'B S S mfa S mfa',
    'B S S mfa S mfa',
  ],
  [
    'essential phr',
    () => claims('id_token', { essential: true, value: 'phr' }),
    'U U U U U U',
    'U U U U U U',
  ],
  [
    'voluntary phr',
    () => claims('id_token', { value: 'phr' }),
    'P pwd pwd mfa pwd mfa',
    'B S S mfa S mfa',
  ],
  ['odd type', () => claims('id_token', { value: 7 }), 'R R R R R R', 'R R R R R R'],
  ['max_age=0', () => ({ max_age: '0' }), 'P P P P P P', 'B B B B B B'],
  ['max_age=3600', () => ({ max_age: '3600' }), 'P pwd P mfa P mfa', 'B S B mfa B mfa'],
  ['max_age=10000', () => ({ max_age: '10000' }), 'P pwd pwd mfa pwd mfa', 'B S S mfa S mfa'],
  [
    'max_age=3600, acr mfa',
    () => ({ max_age: '3600', acr_values: mfa }),
    'B S B mfa B mfa',
    'B S B mfa B mfa',
  ],
  ['max_age odd', () => ({ max_age: 'soon' }), 'R R R R R R', 'R R R R R R'],
  ['max_age=-1', () => ({ max_age: '-1' }), 'R R R R R R', 'R R R R R R'],
  ['prompt=login', () => ({ prompt: 'login' }), 'P P P P P P', 'B B B B B B'],
  [
    'prompt=login, acr mfa',
    () => ({ prompt: 'login', acr_values: mfa }),
    'B B B B B B',
    'B B B B B B',
  ],
  ['prompt=select_account', () => ({ prompt: 'select_account' }), 'C C C C C C', 'C C C C C C'],
  ['prompt=none', () => ({ prompt: 'none' }), 'L pwd pwd mfa pwd mfa', 'L I I mfa I mfa'],
  [
    'prompt=none, acr mfa',
    () => ({ prompt: 'none', acr_values: mfa }),
    'L I I mfa I mfa',
    'L I I mfa I mfa',
  ],
  [
    'prompt=none, acr unknown',
    () => ({ prompt: 'none', acr_values: 'x' }),
    'U U U U U U',
    'U U U U U U',
  ],
  [
    'prompt=none, max_age=0',
    () => ({ prompt: 'none', max_age: '0' }),
    'L L L L L L',
    'L L L L L L',
  ],
  [
    'prompt=none, max_age=3600',
    () => ({ prompt: 'none', max_age: '3600' }),
    'L pwd L mfa L mfa',
    'L I L mfa L mfa',
  ],
  ['prompt=none login', () => ({ prompt: 'none login' }), 'R R R R R R', 'R R R R R R'],
  ['login_hint Ada', () => ({ login_hint: 'ada' }), 'P pwd pwd mfa pwd P', 'B S S mfa S B'],
  ['login_hint Bob', () => ({ login_hint: 'bob' }), 'P P P P P mfa', 'B B B B B mfa'],
  [
    'login_hint Ada, acr mfa',
    () => ({ login_hint: 'ada', acr_values: mfa }),
    'B S S mfa S B',
    'B S S mfa S B',
  ],
  [
    'login_hint Bob, acr mfa',
    () => ({ login_hint: 'bob', acr_values: mfa }),
    'B B B B B mfa',
    'B B B B B mfa',
  ],
  [
    'login_hint Bob, prompt=none',
    () => ({ login_hint: 'bob', prompt: 'none' }),
    'L L L L L mfa',
    'L L L L L mfa',
  ],
  [
    'id_token_hint Ada',
    ({ ada }) => ({ id_token_hint: ada }),
    'P pwd pwd mfa pwd P',
    'B S S mfa S B',
  ],
  ['id_token_hint Bob', ({ bob }) => ({ id_token_hint: bob }), 'P P P P P mfa', 'B B B B B mfa'],
  [
    'id_token_hint Ada, acr mfa',
    ({ ada }) => ({ id_token_hint: ada, acr_values: mfa }),
    'B S S mfa S B',
    'B S S mfa S B',
  ],
  [
    'id_token_hint Ada, prompt=none',
    ({ ada }) => ({ id_token_hint: ada, prompt: 'none' }),
    'L pwd pwd mfa pwd L',
    'L I I mfa I L',
  ],
  [
    'id_token_hint Bob, prompt=none',
    ({ bob }) => ({ id_token_hint: bob, prompt: 'none' }),
    'L L L L L mfa',
    'L L L L L mfa',
  ],
  [
    'id_token_hint forged',
    ({ ada }) => ({ id_token_hint: forged(ada) }),
    'R R R R R R',
    'R R R R R R',
  ],
];

describe('Every session and every request (S-043 to S-048, S-053)', () => {
  cells('for an app without a floor', 'shop', {}, (row) => row[2]);
  cells('for an app that needs mfa', 'vault', {}, (row) => row[3]);
  cells('where everyone needs two steps', 'shop', { twoSteps: 'everyone' }, (row) => row[3]);
});

function cells(
  title: string,
  clientId: 'shop' | 'vault',
  policy: Partial<SignInPolicy>,
  expectedOf: (row: Row) => string,
): void {
  describe(title, () => {
    let op: SmallProvider;
    let open: Awaited<ReturnType<typeof house>>;
    before(async () => {
      op = await smallProvider(policy);
      open = await house(op, clientId);
    });
    after(() => op.stop());

    for (const row of rows) {
      const [name, fields] = row;
      const expected = expectedOf(row).split(' ');
      for (const [index, column] of columns.entries()) {
        const outcome = words[expected[index] ?? ''] ?? expected[index];
        it(`${name}, session ${column}: ${outcome ?? '?'}`, async () => {
          expect(await open.outcome(column, fields(open.hints))).to.equal(outcome);
        });
      }
    }
  });
}

/** The sessions, made once; each cell starts from a copy of them. */
async function house(op: SmallProvider, clientId: 'shop' | 'vault') {
  await op.clients.save({
    ...shop,
    client_id: 'vault',
    redirect_uris: ['https://vault.example/cb'],
    required_acr: mfa,
  });
  op.people.set('bob', { ...ada, _id: 'bob', username: 'bob', identifiers: ['bob'] });
  const { post } = visits(op);
  const asBob = () => {
    const now = op.clock.now();
    return signedIn({ accountId: 'bob', proofs: bobsBoth(now), remember: true }, now);
  };
  const proofs = { pwd: asAda(byPassword, op), mfa: asAda(byBoth, op), bob: asBob };

  async function session(who: keyof typeof proofs) {
    op.result.next = proofs[who];
    const browser = op.browser();
    // Password alone does not do where everyone needs two steps: then the session fails to begin.
    const client = who === 'pwd' ? 'shop' : clientId;
    const { url } = await browser.follow(authorize({}, client));
    return { browser, code: url.searchParams.get('code') ?? '', client };
  }

  const [pwdSession, mfaSession, bobSession] = [
    await session('pwd'),
    await session('mfa'),
    await session('bob'),
  ];
  const idToken = async ({ code, client }: typeof mfaSession) => {
    const secret = btoa(`${client}:${String(shop.client_secret)}`);
    const headers = { authorization: `Basic ${secret}` };
    const response = await op.browser().post('/token', redemption(code, client), headers);
    return String(((await response.json()) as { id_token?: string }).id_token);
  };
  const hints: Hints = { ada: await idToken(mfaSession), bob: await idToken(bobSession) };
  const records = new Map(op.records.all);
  const sessions = { pwd: pwdSession, mfa: mfaSession, bob: bobSession };
  const states: Readonly<Record<Column, readonly [keyof typeof sessions | undefined, number]>> = {
    none: [undefined, 0],
    pwd: ['pwd', 0],
    'pwd, 2 h': ['pwd', 2 * HOUR],
    mfa: ['mfa', 0],
    'mfa, 2 h': ['mfa', 2 * HOUR],
    'Bob, mfa': ['bob', 0],
  };

  async function browserIn(column: Column) {
    const [who, ahead] = states[column];
    op.records.all.clear();
    for (const [id, record] of records) op.records.all.set(id, record);
    delete op.result.next;
    op.started.length = 0;
    op.time.ahead = ahead;
    const browser = op.browser();
    const cookies = who ? await sessions[who].browser.jar.getCookies(op.issuer) : [];
    for (const cookie of cookies) await browser.jar.setCookie(cookie, op.issuer);
    return browser;
  }

  return {
    hints,
    async outcome(column: Column, fields: Fields): Promise<string> {
      const browser = await browserIn(column);
      const { url } = await browser.follow(authorize(fields, clientId));
      const error = url.searchParams.get('error');
      if (error !== null) return error;
      const [flow] = op.started;
      if (flow) return asked(flow, op.clock.now());
      const secret = btoa(`${clientId}:${String(shop.client_secret)}`);
      const code = url.searchParams.get('code') ?? '';
      const headers = { authorization: `Basic ${secret}` };
      const response = await browser.post('/token', redemption(code, clientId), headers);
      const { access_token: token } = (await response.json()) as { access_token: string };
      const told = (await post('/token/introspection', { token })).body;
      expect(told.auth_time).to.be.a('number');
      return told.acr === mfa ? 'mfa' : 'pwd';
    },
  };
}

function asked(
  { goal, proofs, prompts, sessionAccount }: SmallProvider['started'][number],
  now: Date,
): string {
  if (prompts.includes('select_account')) return 'asks which account';
  const lacking = whatIsLacking(goal, countingFor(sessionAccount, goal, proofs), now);
  const names = lacking.map(({ factor }) => (factor === 'knowledge' ? 'password' : 'second step'));
  return `asks ${names.join(', ')} for ${goal.acr === mfa ? 'mfa' : 'pwd'}`;
}

function forged(token: string): string {
  const [header, payload = '', signature] = token.split('.');
  const read = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
  const changed = Buffer.from(JSON.stringify({ ...read, sub: 'eve' })).toString('base64url');
  return [header, changed, signature].join('.');
}
