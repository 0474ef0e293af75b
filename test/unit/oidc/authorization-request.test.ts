import { expect } from 'chai';

import {
  asAda,
  authorize,
  byBoth,
  error,
  shop,
  smallProvider,
  type SmallProvider,
  visits,
} from './small-provider.ts';

const mfa = 'urn:doorstep:acr:mfa';
const pwd = 'urn:doorstep:acr:pwd';

describe('authorization request', () => {
  let op: SmallProvider;
  let claimsFor: ReturnType<typeof visits>['claimsFor'];
  let redeem: ReturnType<typeof visits>['redeem'];
  let signIn: ReturnType<typeof visits>['signIn'];
  beforeEach(async () => {
    op = await smallProvider();
    op.result.next = asAda(byBoth, op);
    ({ claimsFor, redeem, signIn } = visits(op));
  });
  afterEach(() => op.stop());

  const asked = async (more: Record<string, string>) => {
    const { browser } = await signIn();
    await signIn(more, browser);
    return op.started[1];
  };

  it('brings a new sign-in with prompt=login', async () => {
    const flow = await asked({ prompt: 'login' });
    expect(flow?.prompts).to.deep.equal(['login']);
    expect(flow?.goal.notBefore).to.be.an.instanceof(Date);
  });

  it('brings a new sign-in with max_age=0', async () => {
    expect((await asked({ max_age: '0' }))?.goal.notBefore).to.be.an.instanceof(Date);
  });

  it('brings a new sign-in when the last is older than max_age', async () => {
    const { browser } = await signIn();
    op.time.ahead = 61;
    expect(error(await signIn({ max_age: '60', prompt: 'none' }, browser))).to.equal(
      'login_required',
    );
    const { code } = await signIn({ max_age: '60' }, browser);
    expect(op.started).to.have.lengthOf(2);
    const now = Math.floor(op.clock.now().getTime() / 1000);
    expect((await claimsFor(code)).auth_time).to.be.within(now - 5, now);
  });

  it('brings the account picker with prompt=select_account, once', async () => {
    const flow = await asked({ prompt: 'select_account' });
    expect(flow?.prompts).to.deep.equal(['select_account']);
    expect(op.started).to.have.lengthOf(2);
  });

  it('answers levels that nobody knows with an error, at once (S-046)', async () => {
    expect(error(await signIn({ acr_values: 'urn:x:1 urn:x:2' }))).to.equal(
      'unmet_authentication_requirements',
    );
    expect(op.started).to.deep.equal([]);
  });

  it('accepts a level that is listed among unknown ones', async () => {
    await signIn({ acr_values: `urn:x:1 ${mfa}` });
    expect(op.started[0]?.goal.acr).to.equal(mfa);
  });

  for (const acr of [{ value: 1 }, { values: mfa }, { values: [1] }, { essential: 'yes' }, 'x']) {
    it(`refuses ${JSON.stringify({ acr })} (S-047)`, async () => {
      const outcome = await signIn({ claims: JSON.stringify({ id_token: { acr } }) });
      expect(error(outcome)).to.equal('invalid_request');
    });
  }

  it('counts an essential acr claim beside acr_values', async () => {
    const claims = JSON.stringify({ id_token: { acr: { essential: true, value: mfa } } });
    await signIn({ claims, acr_values: pwd });
    expect(op.started[0]?.goal.acr).to.equal(mfa);
  });

  it('ignores members of claims that it does not understand (OIDC Core §5.5)', async () => {
    const strange = { verified_claims: { claims: { name: null } } };
    for (const claims of [{}, strange, { ...strange, id_token: { name: { purpose: 'a' } } }]) {
      expect(error(await signIn({ claims: JSON.stringify(claims) }))).to.equal(null);
    }
    expect(error(await signIn({ claims: '[]' }))).to.equal('invalid_request');
  });

  for (const query of ['?next=/home', '?tenant=a%20b', '?flag', '?', '?a=1&a=2&', '?u=%c3%bc;x']) {
    it(`brings the query ${query} back as it was registered (RFC 6749 §3.1.2)`, async () => {
      const uri = `https://shop.example/cb${query}`;
      await op.clients.save({ ...shop, redirect_uris: [uri] });
      for (const more of [{}, { scope: 'openid', prompt: 'none' }]) {
        const { href: location } = (await signIn({ redirect_uri: uri, ...more })).url;
        const rest = location.slice(uri.length).replace(/^&/, '');
        expect(location.startsWith(uri), location).to.equal(true);
        expect([...new URLSearchParams(rest).keys()]).to.include.members(['state', 'iss']);
        expect(rest).to.match(/(^|&)(code|error)=/);
      }
    });
  }

  it('keeps claims with hostile names without harm', async () => {
    const claims = '{"id_token":{"$where":null,"a.b":null,"__proto__":{"x":1}}}';
    const { code } = await signIn({ claims });
    expect((await redeem(code)).status).to.equal(200);
  });

  it('ends at once when its hints name two accounts', async () => {
    const { body } = await redeem((await signIn()).code);
    const outcome = await signIn({
      id_token_hint: String(body.id_token),
      claims: '{"id_token":{"sub":{"value":"bob"}}}',
    });
    expect(error(outcome)).to.equal('login_required');
  });

  it('shares no session with a hint at somebody else (S-053)', async () => {
    const { browser } = await signIn();
    delete op.result.next;
    await browser.follow(authorize({ claims: '{"id_token":{"sub":{"value":"bob"}}}' }));
    const flow = op.started[1];
    expect(flow).to.include({ expectedAccount: 'bob' });
    expect(flow).not.to.have.property('sessionAccount');
    expect(flow?.proofs).to.deep.equal([]);
  });

  it('may be posted, also from another site', async () => {
    const query = authorize().split('?')[1] ?? '';
    const response = await op
      .browser()
      .post('/AUTH', Object.fromEntries(new URLSearchParams(query)));
    expect(response.status).to.equal(303);
    expect(response.headers.get('location')).to.equal(`/auth?${query}`);
  });

  it('needs PKCE, from confidential apps too (S-173)', async () => {
    const { browser } = { browser: op.browser() };
    const path = authorize({ code_challenge: undefined, code_challenge_method: undefined });
    expect(error(await browser.follow(path))).to.equal('invalid_request');
    await op.clients.save({ ...shop, require_pkce: false });
    expect(error(await browser.follow(path))).to.equal(null);
  });

  it('shows a page instead of redirecting to an address nobody registered (S-170)', async () => {
    const { url, response } = await op
      .browser()
      .follow(authorize({ redirect_uri: 'https://evil.example/' }));
    expect(url.origin).to.equal(op.issuer);
    expect(response.status).to.equal(400);
    expect(await response.json()).to.include({ name: 'problem', code: 'request-refused' });
  });
});
