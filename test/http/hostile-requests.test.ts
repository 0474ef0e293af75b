/**
 * Requests that no browser and no app sends: odd addresses, methods, hosts and sizes (S-170,
 * S-174, S-195 to S-197, R-34). All of them get a calm answer, and nobody is sent elsewhere.
 */
import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';

import { expect } from 'chai';

import { type House, openHouse } from '../support/house.ts';
import { recordsOf } from '../support/records.ts';

interface Wish {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

describe('Hostile requests', () => {
  let house: House;
  before(async () => (house = await openHouse({ log: { level: 'info' } })));
  after(() => house.close());

  /** As it is on the wire: nothing is made tidy on the way. */
  async function sends({ method = 'GET', path = '/', headers = {}, body }: Wish): Promise<Answer> {
    const { port, host } = new URL(house.issuer);
    const sent = request({
      ...{ host: '127.0.0.1', port, method, path, agent: false },
      headers: { host, accept: 'text/html', ...headers },
    });
    sent.end(body);
    // Whoever sends far too much is cut off, sometimes before anything is heard.
    const cut = once(sent, 'close').catch(() => []);
    const answer = await Promise.race([once(sent, 'response').catch(() => cut), cut]);
    const [message] = answer as [IncomingMessage?];
    if (!message) return { status: 400, headers: {}, text: '' };
    const { statusCode: status = 0, headers: answered } = message;
    return { status, headers: answered, text: await buffer(message).then(String, () => '') };
  }

  const uid = 'abcdefghijklmnopqrstu';

  for (const [path, statuses] of Object.entries<readonly number[]>({
    '/nowhere': [404],
    '/sign-in': [404],
    '/sign-in/': [404],
    [`/sign-in/${uid}`]: [400],
    [`/sign-in/${uid}/`]: [400],
    [`/sign-in/${uid}/answer`]: [405],
    [`/sign-in/${uid}/nothing`]: [404],
    [`/sign-in/${uid}/answer/more`]: [404],
    '/sign-in/__proto__': [400],
    '/sign-in/%00': [400],
    '/sign-in/%E0%A4%A': [400, 404],
    '/sign-in/%ED%A0%80': [400, 404],
    '/sign-in/[$ne]': [400],
    '/sign-in/..%2f..%2fetc%2fpasswd': [400, 404],
    '/%': [400, 404],
    '//': [200, 400, 404],
    '//evil.example/': [400, 404],
    '/\\evil.example': [400, 404],
    '/auth/': [303, 400, 404],
    [`/auth/${uid}`]: [400, 404, 410],
    '/auth/%E0%A4%A': [400, 404, 410],
    '/assets/': [404],
    '/assets/..%2f..%2fpackage.json': [404],
    '/assets/../../package.json': [404],
    '/assets/__proto__': [404],
    '/assets/constructor?v=1': [404],
    '/.git/config': [404],
    '/config/default.yaml': [404],
    '/reg': [404],
    '/device': [404],
    '/interaction/x': [404],
    '/token/introspection': [405],
    '/session/end/confirm': [405],
    '/HELP': [200, 404],
  })) {
    it(`get a page at ${path}`, async () => {
      const answer = await sends({ path });
      expect(answer.status).to.be.oneOf(statuses);
      isCalm(answer);
    });
  }

  it('of other methods get 405 and the list', async () => {
    const paths = ['/', '/help', '/auth', '/token', '/me', '/jwks', `/sign-in/${uid}`, '/x'];
    for (const path of paths) {
      for (const method of ['PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND']) {
        const answer = await sends({ method, path, headers: { 'x-secret': 'do not echo' } });
        expect(answer.status, `${method} ${path}`).to.equal(405);
        expect(answer.headers.allow, path).to.be.a('string');
        expect(answer.text).not.to.contain('do not echo');
        isCalm(answer);
      }
    }
  });

  it('under another name get nothing (S-196, C-66)', async () => {
    const { host, port } = new URL(house.issuer);
    const others: Wish[] = [
      ...[
        'evil.example',
        `evil.example:${port}`,
        `127.0.0.1:${port}`,
        'localhost',
        `${host}@evil.example`,
        `evil.example@${host}`,
        ` `,
        `${host}, evil.example`,
      ].map((name) => ({ headers: { host: name } })),
      { path: `http://evil.example/` },
      { path: `http://${host}/` },
      { path: '*', method: 'OPTIONS' },
    ];
    for (const other of others) {
      for (const path of [
        other.path ?? '/auth?client_id=shop',
        '/.well-known/openid-configuration',
      ]) {
        const answer = await sends({ ...other, path: other.path ?? path });
        expect(answer.status, JSON.stringify(other)).to.equal(400);
        expect(answer.text).not.to.contain('evil.example');
        isCalm(answer);
      }
    }
  });

  it('that claim another host in headers are answered as if they did not', async () => {
    const answer = await sends({
      path: '/.well-known/openid-configuration',
      headers: {
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'https',
        forwarded: 'host=evil.example;proto=https',
        'x-original-url': '/admin',
        'x-http-method-override': 'DELETE',
      },
    });
    expect(answer.status).to.equal(200);
    expect(answer.text).not.to.match(/evil|https:/);
  });

  it('that are too large are refused, and the next ones are not', async () => {
    const large = 'a'.repeat(64 * 1024);
    const nested = `${'['.repeat(1000)}${']'.repeat(1000)}`;
    const form = 'application/x-www-form-urlencoded';
    const wishes: Wish[] = [
      { path: `/${large}` },
      { headers: { 'x-large': large } },
      { headers: { cookie: Array.from({ length: 2000 }, (_, n) => `c${n}=1`).join('; ') } },
      ...['/token', '/auth', '/session/end', '/request', '/token/introspection'].flatMap((path) => [
        { path, method: 'POST', body: `a=${large}`, headers: { 'content-type': form } },
        {
          path,
          method: 'POST',
          body: `${'a=1&'.repeat(10_000)}b`,
          headers: { 'content-type': form },
        },
        { path, method: 'POST', body: nested, headers: { 'content-type': 'application/json' } },
        {
          path,
          method: 'POST',
          body: 'x',
          headers: { 'content-encoding': 'gzip', 'content-type': form },
        },
      ]),
    ];
    for (const wish of wishes) {
      const answer = await sends(wish);
      const { path = '/', headers } = wish;
      expect(
        answer.status,
        `${path.slice(0, 20)} ${Object.keys(headers ?? {}).join()}`,
      ).to.be.within(400, 499);
      isCalm(answer);
    }
    expect((await sends({})).status).to.equal(200);
  });

  it('to sign in are refused on a page where nobody may be sent (S-170)', async () => {
    const { redirectUri } = house.shop;
    const { host } = new URL(redirectUri);
    for (const redirect_uri of [
      undefined,
      '',
      redirectUri.toUpperCase(),
      `${redirectUri}/`,
      `${redirectUri}?`,
      `${redirectUri}?a=b`,
      `${redirectUri}#`,
      `${redirectUri}#a`,
      `${redirectUri}/../back`,
      `${redirectUri}/..`,
      `${redirectUri}%2f`,
      `${redirectUri}%00`,
      `${redirectUri} `,
      ` ${redirectUri}`,
      `${redirectUri}\r\nSet-Cookie: a=b`,
      redirectUri.replace('http:', 'https:'),
      redirectUri.replace('http:', 'HTTP:'),
      redirectUri.replace(host, '127.0.0.1'),
      redirectUri.replace(host, '127.0.0.1:5000'),
      redirectUri.replace(host, `${host}@evil.example`),
      redirectUri.replace('http://', 'http://shop@'),
      redirectUri.replace('127.0.0.1', 'localhost'),
      redirectUri.replace('127.0.0.1', '127.1'),
      redirectUri.replace('127.0.0.1', '2130706433'),
      redirectUri.replace('/shop/', '/partner/'),
      redirectUri.replace('/shop/', '//shop/'),
      redirectUri.replace('/shop/', '/./shop/'),
      redirectUri.replace('back', '%62ack'),
      redirectUri.replaceAll('/', '\\'),
      '//127.0.0.1:4999/shop/back',
      '/shop/back',
      'javascript:alert(1)',
      'data:text/html,x',
      'http://evil.example/',
    ]) {
      const answer = await asks({ redirect_uri });
      expect(answer.status, redirect_uri).to.equal(400);
      expect(answer.headers.location, redirect_uri).to.equal(undefined);
      isCalm(answer);
    }
    const twice = await asks({}, `&redirect_uri=${encodeURIComponent('http://evil.example/')}`);
    expect(twice.status).to.equal(400);
    for (const client_id of [undefined, '', 'nobody', '__proto__', 'constructor', 'SHOP', 'a\0']) {
      expect((await asks({ client_id })).status, client_id).to.equal(400);
    }
  });

  it('to sign in that ask for the wrong thing tell the app, and start nothing', async () => {
    const flows = async (): Promise<number> =>
      (await recordsOf(house.connection)).Flow?.length ?? 0;
    const before = await flows();
    const wrong: [Readonly<Record<string, string | undefined>>, RegExp, string?][] = [
      ...['', 'token', 'id_token', 'code token', 'code id_token', 'none', 'CODE'].map(
        (response_type): [Record<string, string>, RegExp] => [
          { response_type },
          /^(unsupported_response_type|invalid_request|unauthorized_client)$/,
        ],
      ),
      [{ response_type: undefined }, /^invalid_request$/],
      [{ response_mode: 'fragment2' }, /^(invalid_request|unsupported_response_mode)$/],
      [{ scope: 'profile' }, /./],
      [{ prompt: 'none login' }, /^invalid_request$/],
      [{ prompt: 'nonsense' }, /^invalid_request$/],
      [{ prompt: 'none' }, /^login_required$/],
      [{ max_age: '-1' }, /^invalid_request$/],
      [{ max_age: 'x' }, /^invalid_request$/],
      [{ max_age: '1e99' }, /^invalid_request$/],
      [{ code_challenge: undefined }, /^invalid_request$/],
      [{ code_challenge: 'short' }, /^invalid_request$/],
      [{ code_challenge: 'ä'.repeat(43) }, /^invalid_request$/],
      [{ code_challenge_method: 'plain' }, /^invalid_request$/],
      [{ code_challenge_method: 'S512' }, /^invalid_request$/],
      [{ code_challenge_method: undefined }, /^invalid_request$/],
      [{ acr_values: 'urn:none:such' }, /^unmet_authentication_requirements$/],
      [{ id_token_hint: 'x' }, /^invalid_request$/],
      [{ id_token_hint: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJpZC1hZGEifQ.' }, /^invalid_request$/],
      [{ request: 'eyJhbGciOiJub25lIn0.e30.' }, /^invalid_request_object$/],
      [
        { request_uri: 'http://evil.example/' },
        /^(request_uri_not_supported|invalid_request(_uri)?)$/,
      ],
      [{ registration: '{}' }, /^registration_not_supported$/],
      ...[
        'x',
        '[]',
        'null',
        '1',
        '""',
        '{"id_token":[]}',
        '{"id_token":1}',
        '{"id_token":{"acr":1}}',
        '{"id_token":{"acr":[]}}',
        '{"id_token":{"acr":{"value":1}}}',
        '{"id_token":{"acr":{"value":{"$gt":""}}}}',
        '{"id_token":{"acr":{"values":"urn:doorstep:acr:mfa"}}}',
        '{"id_token":{"acr":{"values":[]}}}',
        '{"id_token":{"acr":{"essential":"yes","value":"a"}}}',
        '{"id_token":{"sub":{"value":["id-ada"]}}}',
        '{"userinfo":{"name":"x"}}',
        '{"userinfo":[]}',
      ].map((claims): [Record<string, string>, RegExp] => [{ claims }, /^invalid_request$/]),
      [{}, /^invalid_request$/, '&scope=openid'],
      [{}, /^invalid_request$/, '&state=two'],
      [{ claims: '{}' }, /^invalid_request$/, '&claims={}'],
    ];
    for (const [params, error, more] of wrong) {
      const what = JSON.stringify(params);
      const answer = await asks(params, more);
      isCalm(answer);
      if (answer.status === 400) continue;
      expect(answer.status, what).to.equal(303);
      const to = new URL(answer.headers.location ?? '', house.issuer);
      expect(to.href.split(/[?#]/)[0], what).to.equal(house.shop.redirectUri);
      const told = new URLSearchParams(to.search || to.hash.slice(1));
      expect(told.get('error'), `${what} ${to.href}`).to.match(error);
      expect(told.has('code'), what).to.equal(false);
    }
    expect(await flows()).to.equal(before);
  });

  it('leave text of strangers as text, on the page and in the log', async () => {
    const odd = '"><img src=x onerror=alert(1)>\r\n{"level":"error"}\u001b[31m';
    for (const name of [
      'login_hint',
      'ui_locales',
      'state',
      'nonce',
      'display',
      '__proto__',
      'a[$gt]',
    ]) {
      const answer = await asks({ [name]: odd });
      expect(answer.status, name).to.be.within(300, 499);
      expect(answer.headers['set-cookie']?.join() ?? '').not.to.contain('onerror');
    }
    const ada = house.visitor();
    await ada.opens(await house.shop.signIn({ login_hint: odd }));
    expect(ada.html().querySelector('main img')).to.equal(null);
    expect(await house.logged())
      .not.to.contain('onerror')
      .and.not.to.contain('request.failed');
  });

  async function asks(params: Readonly<Record<string, string | undefined>>, more = '') {
    const url = await house.shop.signIn();
    for (const [name, value] of Object.entries(params)) {
      if (value === undefined) url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    }
    return sends({ path: `${url.pathname}${url.search}${more}` });
  }

  function isCalm({ status, headers, text }: Answer): void {
    expect(status).to.be.below(500);
    expect(text).not.to.match(/\bat .+\.[jt]s:\d+|node_modules|\/work\//);
    expect(headers['x-powered-by']).to.equal(undefined);
    const to = headers.location;
    if (to === undefined) return;
    const { origin, host } = new URL(to, house.issuer);
    expect([house.issuer, new URL(house.shop.redirectUri).origin], host).to.include(origin);
  }
});
