import { expect } from 'chai';

import type { OidcRecord } from '../../../src/models/oidc-record.ts';
import {
  asAda,
  authorize,
  byBoth,
  byPassword,
  error,
  shop,
  smallProvider,
  type SmallProvider,
  visits,
} from './small-provider.ts';

const mfa = 'urn:doorstep:acr:mfa';
const pwd = 'urn:doorstep:acr:pwd';

describe('a session that two requests change at once (R-26)', () => {
  let op: SmallProvider;
  let signIn: ReturnType<typeof visits>['signIn'];
  let claimsFor: ReturnType<typeof visits>['claimsFor'];
  let redeem: ReturnType<typeof visits>['redeem'];
  let post: ReturnType<typeof visits>['post'];
  beforeEach(async () => {
    op = await smallProvider();
    op.result.next = asAda(byPassword, op);
    ({ signIn, claimsFor, redeem, post } = visits(op));
    await op.clients.save({
      ...shop,
      client_id: 'blog',
      redirect_uris: ['https://blog.example/cb'],
    });
  });
  afterEach(() => op.stop());

  type Browser = Awaited<ReturnType<typeof signIn>>['browser'];
  const payloadOf = (record: OidcRecord) => op.payloads.open(record);
  /** Those with somebody in them. */
  const sessions = () =>
    [...op.records.all.values()].filter(
      (record) => record.kind === 'Session' && payloadOf(record).accountId !== undefined,
    );

  /** Two tabs that come back from their second step in the same moment. */
  async function stepUpTwice(browser: Browser) {
    op.result.next = asAda(byBoth, op);
    return Promise.all([
      browser.follow(authorize({ acr_values: mfa })),
      browser.follow(authorize({ acr_values: mfa }, 'blog')),
    ]);
  }

  it('stays one session, with both apps, when two sign-ins of it finish together', async () => {
    const { browser } = await signIn();
    const outcomes = await stepUpTwice(browser);
    expect(outcomes.map(error)).to.deep.equal([null, null]);
    const [session, ...others] = sessions();
    if (!session) throw new Error('the session is gone');
    expect(others).to.deep.equal([]);
    expect(payloadOf(session).authorizations).to.have.all.keys('shop', 'blog');
  });

  it('is open to the browser afterwards, whichever answer came last', async () => {
    for (let round = 0; round < 5; round += 1) {
      op.result.next = asAda(byPassword, op);
      const { browser } = await signIn();
      await stepUpTwice(browser);
      const { code } = await signIn({ prompt: 'none', acr_values: mfa }, browser);
      expect((await claimsFor(code)).acr, `round ${round}`).to.equal(mfa);
    }
  });

  it('ends with the tokens of both when the person signs out', async () => {
    const { browser } = await signIn();
    const [{ url }] = await stepUpTwice(browser);
    const { body } = await redeem(url.searchParams.get('code') ?? '');
    const token = { token: String(body.access_token) };
    expect((await post('/token/introspection', token)).body.active).to.equal(true);
    const page = await browser.request('/session/end');
    const { xsrf } = (await page.json()) as { xsrf: string };
    await browser.post('/session/end/confirm', { xsrf, logout: 'yes' });
    expect((await post('/token/introspection', token)).body).to.deep.equal({ active: false });
    expect(sessions()).to.deep.equal([]);
  });

  it('never tells its new id to whoever only knows the old one (S-160)', async () => {
    const { browser } = await signIn();
    const thief = op.browser();
    for (const cookie of await browser.jar.getCookies(op.issuer)) {
      await thief.jar.setCookie(cookie, op.issuer);
    }
    op.time.ahead = 61; // so that a silent request saves the session too
    op.result.next = asAda(byBoth, op);
    const stolen = Array.from({ length: 20 }, () => thief.follow(authorize({ prompt: 'none' })));
    await Promise.all([browser.follow(authorize({ acr_values: mfa })), ...stolen]);
    const later = await signIn({ prompt: 'none' }, thief);
    expect(error(later)).to.equal('login_required');
    const { code } = await signIn({ prompt: 'none' }, browser);
    expect((await claimsFor(code)).acr).to.equal(mfa);
    expect(sessions()).to.have.lengthOf(1);
  });

  it('tells it to nobody who had read the session before it moved, either (S-160)', async () => {
    const { browser } = await signIn();
    const thief = op.browser();
    for (const cookie of await browser.jar.getCookies(op.issuer)) {
      await thief.jar.setCookie(cookie, op.issuer);
    }
    op.time.ahead = 61; // so that a silent request saves the session too
    const { read, goOn } = holdNextReader();
    const stolen = thief.follow(authorize({ prompt: 'none' }));
    await read;
    op.result.next = asAda(byBoth, op);
    await browser.follow(authorize({ acr_values: mfa }));
    goOn();
    await stolen;
    expect(error(await signIn({ prompt: 'none' }, thief))).to.equal('login_required');
  });

  /** Whoever reads a session next waits with what was read until it is told to go on. */
  function holdNextReader() {
    const reading = Promise.withResolvers<undefined>();
    const waiting = Promise.withResolvers<undefined>();
    const findSession = op.records.findSession.bind(op.records);
    op.records.findSession = async (id) => {
      op.records.findSession = findSession;
      const found = await findSession(id);
      reading.resolve(undefined);
      await waiting.promise;
      return found;
    };
    return { read: reading.promise, goOn: () => waiting.resolve(undefined) };
  }

  it('is not made again by a sign-in that finishes while the person signs out', async () => {
    const { browser } = await signIn();
    const page = await browser.request('/session/end');
    const { xsrf } = (await page.json()) as { xsrf: string };
    delete op.result.next;
    const { url } = await browser.follow(authorize({ acr_values: mfa }));
    op.result.next = asAda(byBoth, op);
    const [signedOut] = await Promise.all([
      browser.post('/session/end/confirm', { xsrf, logout: 'yes' }),
      browser.follow(url.href),
    ]);
    expect(signedOut.status).to.equal(303);
    expect(sessions()).to.deep.equal([]);
  });

  it('keeps its uid while its id changes, so that its tokens stay', async () => {
    const { browser, code } = await signIn();
    const { body } = await redeem(code);
    const [before] = sessions();
    op.result.next = asAda(byBoth, op);
    await signIn({ acr_values: mfa }, browser);
    const [after] = sessions();
    expect(after?._id).to.equal(before?._id);
    expect(after?.handle).not.to.equal(before?.handle);
    const told = await post('/token/introspection', { token: String(body.access_token) });
    expect(told.body).to.include({ active: true, acr: pwd });
  });
});
