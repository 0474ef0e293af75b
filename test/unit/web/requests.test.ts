import { expect } from 'chai';
import type { Middleware } from 'koa';

import { createCrypt } from '../../../src/lib/crypt.ts';
import { createCsrf } from '../../../src/web/csrf.ts';
import { isDiskFull } from '../../../src/lib/disk-full.ts';
import { createErrors } from '../../../src/web/errors.ts';
import { readForm } from '../../../src/web/forms.ts';
import { dropFormAction, securityHeaders } from '../../../src/web/headers.ts';
import { healthChecks } from '../../../src/web/health.ts';
import { onlyHost, pinProtocol } from '../../../src/web/hosts.ts';
import { onlyKnownMethods } from '../../../src/web/methods.ts';
import { form, pagesAsJson, smallApp } from './small-app.ts';

const errors = createErrors({
  log: { error: () => undefined },
  refused: () => undefined,
  disk: { isToBlame: isDiskFull },
  clock: { now: () => new Date(0) },
});
const fine: Middleware = (ctx) => {
  ctx.body = 'fine';
};
type App = Awaited<ReturnType<typeof smallApp>>;

describe('the host', () => {
  let app: App;
  before(async () => {
    app = await smallApp((issuer) => [pagesAsJson, errors, onlyHost(issuer), fine]);
  });
  after(() => app.stop());
  const statusOf = async (path: string, host: string) =>
    (await app.request(path, { headers: { host } })).status;

  it('is the issuer’s and no other (S-196)', async () => {
    const own = `127.0.0.1:${app.port}`;
    expect(await statusOf('/', own)).to.equal(200);
    expect(await statusOf('/', `127.0.0.1.:${app.port}`), 'said to be whole').to.equal(301);
    for (const host of ['evil.example', '127.0.0.1', `${own}.evil.example`, `evil@${own}`]) {
      expect(await statusOf('/', host), host).to.equal(400);
    }
    expect(await statusOf('http://evil.example/', own)).to.equal(400);
    // The start page of that other host would say the same again.
    const { body } = await app.request('/', {
      headers: { host: 'evil.example', accept: 'text/html' },
    });
    expect(body).to.contain(`http://${own}/`).and.not.contain('evil');
  });

  it('may have the port that goes without saying, and means the same (RFC 9110 §4.2.3)', async () => {
    const seen: string[] = [];
    const https = await smallApp(() => [
      pagesAsJson,
      errors,
      onlyHost('https://id.example'),
      (ctx) => {
        seen.push(ctx.host);
        ctx.body = 'fine';
      },
    ]);
    const ask = (host: string, method = 'GET') =>
      https.request('/auth?a=b', { method, headers: { host } });
    for (const host of ['id.example', 'ID.example:443'])
      expect((await ask(host)).status).to.equal(200);
    expect(seen).to.deep.equal(['id.example', 'id.example']);
    for (const host of ['id.example:80', 'id.example:4430', 'id.example..', 'evil.example.']) {
      expect((await ask(host)).status, host).to.equal(400);
    }
    const whole = await ask('id.example.:443');
    expect([whole.status, whole.headers.location]).to.deep.equal([
      301,
      'https://id.example/auth?a=b',
    ]);
    expect((await ask('id.example.', 'POST')).status).to.equal(400);
    await https.stop();
  });

  it('is not looked for in a target that only looks like a path', async () => {
    const own = `127.0.0.1:${app.port}`;
    for (const target of ['//auth?a=b#c@d', '//nowhere#a@b', '//a@b#c']) {
      expect(await statusOf(target, own), target).to.equal(400);
    }
    expect(await statusOf('//nowhere', own)).to.equal(200);
  });

  it('comes with the issuer’s scheme, whatever a header says', async () => {
    const protocols: string[] = [];
    const https = await smallApp(() => [
      (ctx) => {
        protocols.push(ctx.protocol, String(ctx.secure));
        ctx.body = '';
      },
    ]);
    pinProtocol(https.app, 'https://id.example');
    await https.request('/', { headers: { 'x-forwarded-proto': 'http' } });
    await https.stop();
    expect(protocols).to.deep.equal(['https', 'true']);
  });
});

describe('methods', () => {
  let app: App;
  before(async () => {
    const known = onlyKnownMethods([{ path: '/token', methods: ['POST', 'OPTIONS'] }]);
    app = await smallApp(() => [pagesAsJson, errors, known, fine]);
  });
  after(() => app.stop());

  it('are those of the address, or 405 says which (S-196)', async () => {
    expect((await app.request('/token', { method: 'POST' })).status).to.equal(200);
    const { status, headers } = await app.request('/TOKEN');
    expect([status, headers.allow]).to.deep.equal([405, 'POST, OPTIONS']);
  });

  it('are few everywhere', async () => {
    for (const method of ['TRACE', 'PUT', 'DELETE', 'PATCH']) {
      expect((await app.request('/', { method })).status, method).to.equal(405);
    }
  });
});

describe('security headers', () => {
  const answering: Middleware = (ctx) => {
    if (ctx.path === '/auth/form-post') dropFormAction(ctx);
    ctx.body = 'fine';
  };
  const headersOf = async (path: string, issuer: string) => {
    const app = await smallApp(() => [securityHeaders(issuer), answering]);
    const { headers } = await app.request(path);
    await app.stop();
    return headers;
  };
  const policyOf = async (path: string) =>
    String((await headersOf(path, 'https://id.example'))['content-security-policy']);

  it('are on every answer (S-190, S-191)', async () => {
    const headers = await headersOf('/', 'https://id.example');
    expect(headers).to.include({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    expect(headers['strict-transport-security']).to.match(/^max-age=31536000; includeSubDomains$/);
  });

  it('do not demand https of an issuer on loopback', async () => {
    const headers = await headersOf('/', 'http://localhost:3000');
    expect(headers).not.to.have.property('strict-transport-security');
  });

  it('let sign-in live in a popup', async () => {
    for (const path of ['/auth', '/sign-in/abc', '/Auth/abc']) {
      const headers = await headersOf(path, 'https://id.example');
      expect(headers, path).not.to.have.property('cross-origin-opener-policy');
    }
  });

  it('name script-src, because oidc-provider adds its hashes only there', async () => {
    expect(await policyOf('/')).to.match(/(^|;)script-src 'self'(;|$)/);
    expect(await policyOf('/'))
      .to.include("default-src 'none'")
      .and.include("frame-ancestors 'none'");
  });

  it('let only the approver have a manifest and a worker', async () => {
    for (const path of ['/approver', '/approver/worker.js']) {
      expect(await policyOf(path), path).to.match(/;manifest-src 'self';worker-src 'self'$/);
    }
    expect(await policyOf('/approvers')).not.to.include('worker-src');
  });

  it('let forms lead to us, and the form of an answer to its app', async () => {
    expect(await policyOf('/auth')).to.match(/;form-action 'self'$/);
    expect(await policyOf('/auth/form-post')).not.to.contain('form-action');
  });
});

describe('csrf', () => {
  let app: App;
  let token: string;
  before(async () => {
    app = await smallApp((issuer) => {
      const csrf = createCsrf({ crypt: createCrypt(['only for tests, but long']), issuer });
      token = csrf.token('/flow-1');
      return [pagesAsJson, errors, readForm, csrf.check(({ path }) => path), fine];
    });
  });
  after(() => app.stop());
  const post = async (headers: Record<string, string>, sent = token, path = '/flow-1') => {
    const plain = form(`_csrf=${sent}`);
    const options = { ...plain, headers: { ...plain.headers, ...headers } };
    return (await app.request(path, options)).status;
  };
  const own = () => `http://127.0.0.1:${app.port}`;

  it('lets our own forms pass (S-035)', async () => {
    expect(await post({ 'sec-fetch-site': 'same-origin' })).to.equal(200);
    expect(await post({ origin: own() })).to.equal(200);
    expect(await post({})).to.equal(200);
  });

  it('refuses forms of other sites, even with a right token', async () => {
    for (const site of ['cross-site', 'same-site', 'none']) {
      expect(await post({ 'sec-fetch-site': site, origin: own() }), site).to.equal(403);
    }
    expect(await post({ origin: 'https://evil.example' })).to.equal(403);
    expect(await post({ origin: 'null' })).to.equal(403);
  });

  it('refuses a missing, wrong or foreign token', async () => {
    expect(await post({}, '')).to.equal(403);
    expect(await post({}, `${token}x`)).to.equal(403);
    expect(await post({}, token, '/flow-2')).to.equal(403);
  });

  it('does not mind reading', async () => {
    expect((await app.request('/flow-1')).status).to.equal(200);
  });
});

describe('health', () => {
  const answerTo = async (path: string, check: () => Promise<unknown>) => {
    const app = await smallApp(() => [healthChecks({ database: check }), fine]);
    const { status, body } = await app.request(path);
    await app.stop();
    return { status, body };
  };
  const works = () => Promise.resolve();
  const fails = () => Promise.reject(new Error('away'));

  it('is a matter of living, for /healthz (T-4)', async () => {
    let touched = false;
    const { status } = await answerTo('/healthz', async () => {
      touched = true;
    });
    expect([status, touched]).to.deep.equal([200, false]);
  });

  it('is a matter of working, for /readyz', async () => {
    expect((await answerTo('/readyz', works)).status).to.equal(200);
    const { status, body } = await answerTo('/readyz', fails);
    expect([status, JSON.parse(body)]).to.deep.equal([503, { ok: false, failed: ['database'] }]);
  });

  it('waits for no check that never answers', async () => {
    const { promise: never } = Promise.withResolvers<undefined>();
    expect((await answerTo('/readyz', () => never)).status).to.equal(503);
  });
});
