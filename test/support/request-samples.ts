/**
 * Every kind of request that the house knows, as its people and apps send them, but for the
 * secrets: whoever sends one of these, whole or mutated, proves nothing by it.
 */
import type { HTMLElement } from 'node-html-parser';

import { clock } from './clock.ts';
import type { House } from './house.ts';
import type { Visitor } from './visitor.ts';
import { ways } from './at-each-step.ts';
import type { Draft, Pairs } from './raw-requests.ts';

const escaped = (fields: Iterable<readonly [string, string]>): Pairs =>
  Array.from(fields, ([name, value]) => [name, encodeURIComponent(value)] as const);

const cookiesOf = async (visitor: Visitor, path: string): Promise<Pairs> =>
  (await visitor.jar.getCookies(new URL(path, visitor.at()).href)).map(
    ({ key, value }) => [key, value] as const,
  );

type More = Partial<Omit<Draft, 'query' | 'body'>> & {
  readonly query?: object;
  readonly body?: object;
};

/** A request for `path`, with what its browser or app adds. */
export function createDrafting(issuer: string) {
  const { host } = new URL(issuer);
  const usual: Pairs = [
    ['host', host],
    ['accept', 'text/html'],
    ['accept-language', 'en'],
  ];
  return (path: string, { query = {}, body, headers = [], ...more }: More = {}): Draft => ({
    ...{ method: body ? 'POST' : 'GET', path, cookies: [] },
    query: escaped(Object.entries(query) as [string, string][]),
    headers: [...usual, ...headers],
    ...(body && { body: escaped(Object.entries(body) as [string, string][]) }),
    ...more,
  });
}

type Drafting = ReturnType<typeof createDrafting>;

/** At every step of a sign-in: its page, and each of its forms, filled in wrongly. */
export async function signInDrafts(house: House): Promise<Draft[]> {
  const draft = createDrafting(house.issuer);
  const drafts: Draft[] = [];
  const left = new Set<string>();
  const { expired, ...others } = ways;
  // What lets one sign-in expire must not end those that come later.
  for (const way of [expired, ...Object.values(others)]) {
    const visitor = await way(house);
    // A code of an app is good once, and the next visitor needs one too.
    clock.advance({ seconds: 31 });
    const { pathname } = visitor.at();
    const cookies = await cookiesOf(visitor, pathname);
    drafts.push(draft(pathname, { cookies }));
    for (const form of visitor.html().querySelectorAll('main form')) {
      // On every page, and the end of it for all others who try something there.
      if (isWayOut(form) && left.has(kindOf(form))) continue;
      left.add(kindOf(form));
      const headers: Pairs = [['origin', house.issuer]];
      const path = form.getAttribute('action') ?? pathname;
      drafts.push(draft(path, { cookies, headers, body: fieldsOf(form) }));
    }
  }
  return drafts;
}

const kindOf = (form: HTMLElement): string =>
  (form.getAttribute('action') ?? '').split('/')[3] ?? '';
const isWayOut = (form: HTMLElement): boolean =>
  ['cancel', 'restart', 'another-way'].includes(kindOf(form));

function fieldsOf(form: HTMLElement): object {
  const inputs = form
    .querySelectorAll('input, select, button')
    .filter(({ attributes }) => attributes.name);
  const fields = inputs.map(({ attributes: { name = '', value = '' } }): [string, string] => [
    name,
    value === '' ? (wrong[name] ?? 'x') : value,
  ]);
  return { ...Object.fromEntries<string>(fields), ...useless[kindOf(form)] };
}

/** Of what would be worth something to whoever has the browser: one mistake must not make it so. */
const useless: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'new-password': { password: 'short', repeated: 'other' },
  'make-codes': { _csrf: 'of another page' },
};

const wrong: Readonly<Record<string, string>> = {
  identifier: 'bob',
  password: 'not the password of anybody',
  code: '000000',
  country: 'DE',
  number: '0151 23456789',
};

/** All that an app and the browser of somebody signed in send to the provider. */
export async function providerDrafts(house: House): Promise<Draft[]> {
  const draft = createDrafting(house.issuer);
  const ada = await ways['answer, code'](house);
  await ada.says({ code: ada.code() });
  const tokens = await house.shop.welcome(ada.landed());
  const { access_token, refresh_token = '', id_token = '' } = tokens;
  clock.advance({ seconds: 31 });

  const cookies = await cookiesOf(ada, '/');
  const wish = Object.fromEntries((await house.shop.signIn()).searchParams);
  const own = { client_id: 'shop', client_secret: 'shop-secret-with-32-bytes-and-more' };
  const basic = Buffer.from(`${own.client_id}:${own.client_secret}`).toString('base64');
  const headers: Pairs = [['authorization', `Basic ${basic}`]];
  const bearer: Pairs = [['authorization', `Bearer ${access_token}`]];
  const code = {
    grant_type: 'authorization_code',
    code: 'x'.repeat(43),
    code_verifier: 'y'.repeat(43),
  };
  const end = { id_token_hint: id_token, client_id: 'shop', state: 's' };
  const redirect_uri = house.shop.redirectUri;
  const post_logout_redirect_uri = 'http://127.0.0.1:4999/shop/bye';
  const asking = await ada.raw('/session/end');
  const xsrf = /name="xsrf" value="(\w+)"/.exec(await asking.text())?.[1] ?? '';
  return [
    draft('/auth', { query: wish }),
    draft('/auth', { query: { ...wish, prompt: 'none' }, cookies }),
    draft('/auth', { query: { ...wish, id_token_hint: id_token, max_age: '60' }, cookies }),
    draft('/auth', { query: { ...wish, claims: '{"id_token":{"acr":{"essential":true}}}' } }),
    draft('/auth', { body: wish }),
    draft('/auth/abcdefghijklmnopqrstu', { cookies }),
    draft('/request', { body: { ...wish, ...own } }),
    draft('/request', { body: wish, headers }),
    draft('/token', { body: { ...code, redirect_uri }, headers }),
    draft('/token', { body: { ...code, redirect_uri, ...own } }),
    draft('/token', { body: { grant_type: 'refresh_token', refresh_token }, headers }),
    draft('/token/introspection', { body: { token: access_token }, headers }),
    draft('/token/revocation', { body: { token: 'x'.repeat(43) }, headers }),
    draft('/me', { headers: bearer }),
    draft('/me', { body: { access_token } }),
    draft('/session/end', { query: { ...end, post_logout_redirect_uri }, cookies }),
    draft('/session/end', { body: end, cookies }),
    draft('/session/end/confirm', { body: { xsrf, logout: '' }, cookies }),
    draft('/session/end/success', { query: { client_id: 'shop' } }),
    ...plain(draft),
  ];
}

const plain = (draft: Drafting): Draft[] =>
  [
    ...['/', '/help', '/healthz', '/readyz', '/jwks', '/nowhere'],
    ...['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'],
    ...['/assets/brand.css', '/assets/none.css'],
  ].map((path) => draft(path));
