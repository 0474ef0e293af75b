import { expect } from 'chai';

import {
  asAda,
  byBoth,
  error,
  shop,
  smallProvider,
  type SmallProvider,
  visits,
} from './small-provider.ts';

const HOUR = 60 * 60;

type Browser = ReturnType<SmallProvider['browser']>;

describe('signing out', () => {
  let op: SmallProvider;
  let post: ReturnType<typeof visits>['post'];
  let redeem: ReturnType<typeof visits>['redeem'];
  let signIn: ReturnType<typeof visits>['signIn'];
  beforeEach(async () => {
    op = await smallProvider();
    op.result.next = asAda(byBoth, op);
    ({ post, redeem, signIn } = visits(op));
  });
  afterEach(() => op.stop());

  const asks = async (browser: Browser, more: Record<string, string> = {}) => {
    const query = new URLSearchParams({ ...bye, ...more }).toString();
    const page = await browser.request(`/session/end?${query}`);
    return (await page.json()) as { name: string; action: string; xsrf: string };
  };
  const bye = { client_id: 'shop', post_logout_redirect_uri: 'https://shop.example/bye' };
  const away = {
    ...{ name: 'sign-out/leave', href: 'https://shop.example/bye?state=s+1' },
    ...{ isByHand: false, isSignedOut: true, client: { name: 'The Shop' } },
  };
  /** Browsers say that they want a page. */
  const confirms = (browser: Browser, fields: Record<string, string>) =>
    browser.post('/session/end/confirm', { logout: 'yes', ...fields }, { accept: 'text/html' });
  const answers = async (browser: Browser, xsrf: string, more: object = {}) =>
    confirms(browser, { xsrf, ...bye, state: 's 1', ...more });
  const follows = async (browser: Browser, answer: Response): Promise<unknown> => {
    expect(answer.status).to.equal(303);
    const location = answer.headers.get('location') ?? '';
    expect(location).to.match(/^\/session\/end(\?|$)/);
    return (await browser.request(location)).json();
  };
  const stays = async (browser: Browser) =>
    expect(error(await signIn({ prompt: 'none' }, browser))).to.equal(null);

  const signOut = async (browser: Browser) => {
    const page = await browser.request(
      '/session/end?client_id=shop&post_logout_redirect_uri=https://shop.example/bye',
    );
    const props = (await page.json()) as { action: string; xsrf: string };
    const done = await browser.post(props.action, { xsrf: props.xsrf, logout: 'yes' });
    return { page, props, done };
  };

  it('asks first, on our page, whose form leads to us', async () => {
    const { browser } = await signIn();
    const { page, props } = await signOut(browser);
    expect(props).to.include({ name: 'sign-out/confirm', action: '/session/end/confirm' });
    expect(props).to.have.property('client').that.deep.equals({ name: 'The Shop' });
    expect(page.headers.get('content-security-policy')).to.match(/form-action 'self'(;|$)/);
  });

  it('ends session and tokens, clears the cache, and leads back to the app by a page', async () => {
    const { browser, code } = await signIn();
    const { body } = await redeem(code);
    const { done } = await signOut(browser);
    expect(done.status).to.equal(200);
    expect(await done.json()).to.deep.equal({
      ...{ name: 'sign-out/leave', href: 'https://shop.example/bye' },
      ...{ isByHand: false, isSignedOut: true, client: { name: 'The Shop' } },
    });
    expect(done.headers.get('clear-site-data')).to.equal('"cache"');
    expect(error(await signIn({ prompt: 'none' }, browser))).to.equal('login_required');
    const told = await post('/token/introspection', { token: String(body.access_token) });
    expect(told.body).to.deep.equal({ active: false });
  });

  it('leaves other browsers signed in', async () => {
    const here = await signIn();
    const there = await signIn();
    const { body } = await redeem(there.code);
    await signOut(here.browser);
    const told = await post('/token/introspection', { token: String(body.access_token) });
    expect(told.body.active).to.equal(true);
    expect(error(await signIn({ prompt: 'none' }, there.browser))).to.equal(null);
  });

  it('leads back to the app from a question that was answered before', async () => {
    const { browser } = await signIn();
    const { xsrf } = await asks(browser);
    await answers(browser, xsrf);
    expect(await follows(browser, await answers(browser, xsrf))).to.deep.equal(away);
  });

  it('says so where nobody is signed in, and no app asked', async () => {
    const { browser } = await signIn();
    const { xsrf } = await asks(browser);
    await answers(browser, xsrf);
    const late = await confirms(browser, { xsrf });
    expect(await follows(browser, late)).to.deep.equal({ name: 'sign-out/done' });
  });

  it('asks anew where another tab was asked meanwhile', async () => {
    const { browser } = await signIn();
    const { xsrf } = await asks(browser);
    await asks(browser);
    const anew = await follows(browser, await answers(browser, xsrf));
    expect(anew).to.have.property('name', 'sign-out/confirm');
    await stays(browser);
    const done = await answers(browser, (anew as { xsrf: string }).xsrf);
    expect(await done.json()).to.deep.equal(away);
  });

  it('is not done by a form that another site made', async () => {
    const { browser } = await signIn();
    for (const xsrf of ['made up', 'undefined']) {
      const answer = await answers(browser, xsrf);
      expect(await follows(browser, answer)).to.have.property('name', 'sign-out/confirm');
    }
    expect((await answers(browser, '')).status).to.equal(400);
    await stays(browser);
  });

  it('leads late to no address that is not registered', async () => {
    const { browser } = await signIn();
    const stranger = { post_logout_redirect_uri: 'https://shop.example.evil/bye' };
    const late = await answers(op.browser(), 'x', stranger);
    const told = await browser.request(late.headers.get('location') ?? '');
    expect(told.status).to.equal(400);
    expect(await told.text()).not.to.contain('sign-out');
    const nobody = await answers(op.browser(), 'x', { ...stranger, client_id: '' });
    expect(await follows(op.browser(), nobody)).to.deep.equal({ name: 'sign-out/done' });
  });

  describe('with a hint', () => {
    const hintOf = async (code: string) => (await redeem(code)).body.id_token ?? '';

    it('of its own session does not ask for an app of ours, even when it is old', async () => {
      const { browser, code } = await signIn();
      const { body } = await redeem(code);
      op.time.ahead = HOUR;
      const hint = { id_token_hint: body.id_token ?? '', state: 's 1' };
      const query = new URLSearchParams({ ...bye, ...hint }).toString();
      const done = await browser.request(`/session/end?${query}`);
      expect(await done.json()).to.deep.equal(away);
      expect(done.headers.get('clear-site-data')).to.equal('"cache"');
      const cookies = await browser.jar.getCookies(op.issuer);
      expect(cookies.map(({ key }) => key)).not.to.include('session');
      expect(error(await signIn({ prompt: 'none' }, browser))).to.equal('login_required');
      const told = await post('/token/introspection', { token: String(body.access_token) });
      expect(told.body).to.deep.equal({ active: false });
    });

    it('of another session asks', async () => {
      await op.clients.save({
        ...shop,
        backchannel_logout_uri: 'https://shop.example/notice',
        backchannel_logout_session_required: true,
      });
      const there = await signIn();
      const { browser } = await signIn();
      const id_token_hint = await hintOf(there.code);
      expect(await asks(browser, { id_token_hint })).to.have.property('name', 'sign-out/confirm');
      await stays(browser);
    });

    it('asks for an app of others', async () => {
      const { browser, code } = await signIn();
      const id_token_hint = await hintOf(code);
      await op.clients.save({ ...shop, first_party: false });
      expect(await asks(browser, { id_token_hint })).to.have.property('name', 'sign-out/confirm');
    });

    it('that nobody signed is refused', async () => {
      const { browser, code } = await signIn();
      const [head = '', body = ''] = (await hintOf(code)).split('.');
      const query = new URLSearchParams({ ...bye, id_token_hint: `${head}.${body}.x` });
      expect((await browser.request(`/session/end?${query.toString()}`)).status).to.equal(400);
      await stays(browser);
    });
  });
});
