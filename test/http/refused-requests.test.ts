/**
 * What is refused is found in the log by the reference that a page gave, once and with its
 * reason; and in the audit once an hour for each app and kind of error, however often it comes.
 */
import { expect } from 'chai';
import * as client from 'openid-client';

import type { AuditEvent } from '../../src/models/audit-event.ts';
import { createAuditRecords } from '../../src/models/audit-record.ts';
import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';

type Line = Readonly<Record<string, unknown>>;

describe('Requests that are refused', () => {
  let house: House;
  before(async () => (house = await openHouse({ log: { level: 'info' } })));
  after(() => house.close());

  const lines = async (): Promise<Line[]> =>
    (await house.logged())
      .split('\n')
      .filter((line) => line.includes('"request.refused"'))
      .map((line) => JSON.parse(line) as Line);

  /** The only line under this reference. */
  async function lineOf(requestId: string | null): Promise<Line> {
    const found = (await lines()).filter((line) => line.requestId === requestId);
    expect(found, String(requestId)).to.have.length(1);
    return found[0] ?? {};
  }

  async function asked(path: string | URL, init: RequestInit = {}): Promise<Line> {
    const answer = await house.visitor().raw(path, init);
    return lineOf(answer.headers.get('x-request-id'));
  }

  const changed = async (more: Readonly<Record<string, string | undefined>>): Promise<URL> => {
    const url = await house.shop.signIn();
    for (const [name, value] of Object.entries(more)) {
      if (value === undefined) url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    }
    return url;
  };

  it('say which address of an app was not its own', async () => {
    const odd = 'https://evil.example/\u202e\u0007?a=b';
    const line = await asked(await changed({ redirect_uri: odd }));
    expect(line).to.include({ level: 'info', error: 'invalid_redirect_uri', client: 'shop' });
    expect(line.redirect_uri).to.equal('https://evil.example/\\u{202e}\\u{7}?a=b');
    const long = await asked(
      await changed({ redirect_uri: `https://evil.example/${'a'.repeat(999)}` }),
    );
    expect(long.redirect_uri).to.have.length(200);
  });

  it('say what was missing where the app is told by an error', async () => {
    const line = await asked(
      await changed({ code_challenge: undefined, code_challenge_method: undefined }),
    );
    expect(line).to.include({ error: 'invalid_request', client: 'shop' });
    expect(line.description).to.match(/PKCE/);
    expect(await asked(await changed({ scope: 'openid', response_type: 'token' }))).to.include({
      response_type: 'token',
    });
  });

  it('say which address after signing out was not registered', async () => {
    const query = 'client_id=shop&post_logout_redirect_uri=https%3A%2F%2Fevil.example%2Fbye';
    const line = await asked(`/session/end?${query}`);
    expect(line).to.include({ client: 'shop' });
    expect(line.post_logout_redirect_uri).to.equal('https://evil.example/bye');
  });

  it('say that a secret was wrong, and never the secret', async () => {
    const body = new URLSearchParams({ grant_type: 'authorization_code', code: 'a-secret-code' });
    const authorization = `Basic ${btoa('shop:a-wrong-secret')}`;
    const headers = { authorization, accept: 'application/json' };
    const line = await asked('/token', { method: 'POST', body, headers });
    expect(line).to.include({ error: 'invalid_client', client: 'shop' });
    expect(await house.logged())
      .not.to.contain('a-wrong-secret')
      .and.not.to.contain('a-secret-code');
  });

  it('say what else a page gave a reference for', async () => {
    expect(await asked('/nowhere')).to.include({ error: 'not-found', path: '/nowhere' });
    const form = { method: 'POST', body: new URLSearchParams({ _csrf: 'x' }) };
    const ada = house.visitor('ada');
    await ada.opens(await house.shop.signIn());
    const answer = await ada.raw(`${ada.at().pathname}/identify`, form);
    const line = await lineOf(answer.headers.get('x-request-id'));
    expect(line).to.include({ error: 'csrf' });
  });

  it('are silent where the app only asked whether somebody is signed in', async () => {
    const before = (await lines()).length;
    const visitor = house.visitor();
    await visitor.opens(await house.shop.signIn({ prompt: 'none' }));
    expect(visitor.landed().searchParams.get('error')).to.equal('login_required');
    expect(await lines()).to.have.length(before);
  });

  it('are in the audit once an hour for each app and kind of error, with their number', async () => {
    clock.advance({ days: 1 });
    const refused = async (id = 'shop') => {
      const url = await changed({ client_id: id, redirect_uri: 'https://evil.example/' });
      await house.visitor().raw(url);
    };
    for (let time = 0; time < 5; time += 1) await refused();
    for (const id of ['nobody-1', 'nobody-2', client.randomState()]) await refused(id);
    clock.advance({ hours: 1, seconds: 1 });
    await refused();
    await house.settles();
    const told: AuditEvent[] = [];
    const since = Date.now() - 2 * 3_600_000;
    for await (const { events } of createAuditRecords(house.connection).inOrder()) {
      told.push(
        ...events.filter(({ name, at }) => name === 'request.refused' && at.getTime() > since),
      );
    }
    expect(told.map(({ details }) => details)).to.deep.equal([
      // The second of the stories above was not told of yet.
      { client: 'shop', error: 'invalid_redirect_uri', count: 2 },
      { client: '', error: 'invalid_client', count: 1 },
      { client: 'shop', error: 'invalid_redirect_uri', count: 5 },
    ]);
  });

  it('say why on the page while apps are developed, and never otherwise', async () => {
    const odd = 'http://127.0.0.1:9/<b>x</b>';
    const why = 'redirect_uri http://127.0.0.1:9/&lt;b&gt;x&lt;/b&gt; is not registered for shop';
    const page = async (wanted: Readonly<Record<string, string>>): Promise<string> =>
      (await house.visitor().raw(await changed(wanted))).text();
    const before = (await lines()).length;
    expect(await page({ redirect_uri: odd })).not.to.contain('127.0.0.1:9');
    await house.restart({ oidc: { ...house.settings.oidc, explainRefusals: true } });
    expect(await page({ redirect_uri: odd })).to.contain(why);
    expect(await page({ client_id: 'shopp' })).to.contain('client_id shopp is not registered');
    // Not what the audit is told of them.
    const told = (await lines()).slice(before).filter(({ path }) => path === '/auth');
    await house.restart({ oidc: { ...house.settings.oidc, explainRefusals: false } });
    expect(told.map(({ level, why }) => [level, why])).to.deep.equal([
      ['info', undefined],
      ['warn', `redirect_uri ${odd} is not registered for shop`],
      ['warn', 'client_id shopp is not registered'],
    ]);
  });
});
