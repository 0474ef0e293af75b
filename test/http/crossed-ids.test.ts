/**
 * Whatever an id or a token is good for, it is good for nothing else (S-180, C-06): each is
 * tried at every door, and opens its own.
 */
import { createHmac } from 'node:crypto';

import { expect } from 'chai';

import { type House, openHouse } from '../support/house.ts';
import { callback, openSuite, type Suite } from '../support/conformance-suite.ts';

describe('Ids and tokens', () => {
  let house: House;
  let suite: Suite;
  before(async () => {
    house = await openHouse({ policy: { twoSteps: 'when-asked' } });
    suite = await openSuite(house);
  });
  after(() => house.close());

  /** One of each kind, fresh and unused. */
  async function collected() {
    const { by, landed } = await suite.authorizes();
    const { tokens } = await suite.authorizes({}, { by });
    const issued = await tokens();
    const cookies = await by.jar.getCookies(house.issuer);
    const waiting = house.visitor();
    await waiting.opens(suite.request());
    const { body } = await suite.posts('/request', {
      ...Object.fromEntries(suite.request({ prompt: 'none' }).searchParams),
    });
    return {
      code: landed.searchParams.get('code') ?? '',
      accessToken: issued.access_token,
      refreshToken: issued.refresh_token ?? '',
      idToken: issued.id_token ?? '',
      session: cookies.find(({ key }) => key === 'session')?.value ?? '',
      interaction: waiting.at().pathname.split('/')[2] ?? '',
      pushed: String(body.request_uri).split(':').at(-1) ?? '',
      client: 'client',
    };
  }
  type Kind = keyof Awaited<ReturnType<typeof collected>>;

  const signed = (name: string, value: string): string => {
    const [key = ''] = house.settings.secrets.cookieKeys;
    const signature = createHmac('sha256', key).update(`${name}=${value}`).digest('base64url');
    return `${name}=${value}; ${name}.sig=${signature}`;
  };

  const redeem = async (fields: Record<string, string>) =>
    (await suite.posts('/token', fields)).status === 200;

  const opens = async (path: string, cookie = ''): Promise<Response> =>
    fetch(new URL(path, house.issuer), { redirect: 'manual', headers: { cookie } });

  const leadsTo = async (answer: Promise<Response>, name: string): Promise<boolean> => {
    const location = (await answer).headers.get('location') ?? '';
    return URL.canParse(location) && new URL(location).searchParams.has(name);
  };

  const doors: Readonly<Record<Kind, (id: string) => Promise<boolean>>> = {
    code: (code) => redeem({ grant_type: 'authorization_code', code, redirect_uri: callback }),
    refreshToken: (token) => redeem({ grant_type: 'refresh_token', refresh_token: token }),
    accessToken: async (token) =>
      (await suite.userinfo({ headers: { authorization: `Bearer ${token}` } })).status === 200,
    session: (id) => {
      const { pathname, search } = suite.request({ prompt: 'none' });
      return leadsTo(opens(`${pathname}${search}`, signed('session', id)), 'code');
    },
    interaction: async (uid) =>
      (await opens(`/sign-in/${encodeURIComponent(uid)}`, signed('interaction', uid))).status ===
      200,
    pushed: (id) => {
      const query = new URLSearchParams({
        client_id: 'client',
        request_uri: `urn:ietf:params:oauth:request_uri:${id}`,
      }).toString();
      return leadsTo(opens(`/auth?${query}`), 'state');
    },
    idToken: async (hint) => {
      const query = new URLSearchParams({ id_token_hint: hint }).toString();
      return (await opens(`/session/end?${query}`)).status === 200;
    },
    client: async (id) => {
      const url = suite.request({ client_id: id, prompt: 'none' });
      return leadsTo(opens(`${url.pathname}${url.search}`), 'error');
    },
  };
  const kinds = Object.keys(doors) as Kind[];

  for (const door of kinds) {
    it(`of seven other kinds do not pass for: ${door}`, async () => {
      const ids = await collected();
      for (const kind of kinds.filter((other) => other !== door)) {
        expect(ids[kind], kind).not.to.equal('');
        expect(await doors[door](ids[kind]), kind).to.equal(false);
      }
      expect(await doors[door](ids[door]), 'its own').to.equal(true);
    });
  }

  it('are active for whoever introspects only if they are tokens', async () => {
    const ids = await collected();
    const active: string[] = [];
    for (const kind of kinds) {
      const { body } = await suite.posts('/token/introspection', { token: ids[kind] });
      if (String(body.active) === 'true') active.push(kind);
    }
    expect(active).to.have.members(['accessToken', 'refreshToken']);
  });
});
