import { expect } from 'chai';

import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';

describe('Client secrets', () => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse({
      server: { trustedProxies: ['127.0.0.1'] },
      limits: { wrongClientSecrets: { mostPerWindow: 3, windowSeconds: 60 } },
    });
  });
  afterEach(() => house.close());

  const right = 'shop-secret-with-32-bytes-and-more';

  /** How a token request of this app is answered; its code is never right. */
  async function asks(secret: string, more: Readonly<Record<string, string>> = {}, id = 'shop') {
    const response = await fetch(`${house.issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}`, ...more },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: 'unknown',
        redirect_uri: house.shop.redirectUri,
        code_verifier: 'v'.repeat(43),
      }),
    });
    return { status: response.status, wait: response.headers.get('retry-after') };
  }

  const wrongly = async (times: number): Promise<number[]> => {
    const statuses: number[] = [];
    for (let n = 0; n < times; n += 1) statuses.push((await asks(`wrong ${n}`)).status);
    return statuses;
  };

  it('are tried only so often from one network, and for one app (S-181)', async () => {
    expect(await wrongly(5)).to.deep.equal([401, 401, 401, 429, 429]);
    const wait = Number((await asks('wrong')).wait);
    expect(wait).to.be.within(1, 60);
    const elsewhere = { 'x-forwarded-for': '192.0.2.1' };
    expect((await asks('wrong', elsewhere)).status).to.equal(401);
    expect((await asks('wrong', {}, 'partner')).status).to.equal(401);
    clock.advance({ seconds: 60 });
    expect(await wrongly(1)).to.deep.equal([401]);
  });

  it('pass when they are right, whatever others try', async () => {
    await wrongly(5);
    expect((await asks(right)).status, 'the code is wrong, the secret is not').to.equal(400);
  });

  it('pass beside their successor for as long as was said, and no longer', async () => {
    const until = new Date(Date.now() + 60_000).toISOString();
    const next = 'the-next-secret-with-32-bytes-and-more';
    await house.registers('shop', {
      client_secret: next,
      previous_client_secret: right,
      previous_client_secret_until: until,
    });
    clock.advance({ seconds: 45 });
    expect((await asks(right)).status).to.equal(400);
    expect((await asks(next)).status).to.equal(400);
    expect((await asks('wrong')).status).to.equal(401);
    clock.advance({ seconds: 15 });
    expect((await asks(right)).status).to.equal(401);
    expect((await asks(next)).status).to.equal(400);
  });

  it('are counted together by those who try at once', async () => {
    const tries = Array.from({ length: 20 }, (_, n) => asks(`wrong ${n}`));
    const statuses = (await Promise.all(tries)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).to.have.length(3);
    expect(statuses.filter((status) => status === 429)).to.have.length(17);
  });

  it('of whatever unknown app are counted together, and as pages too', async () => {
    const ids = ['nobody', '__proto__', 'SHOP', 'a', 'b'];
    const statuses: number[] = [];
    for (const id of ids) {
      const accept = { accept: 'text/html' };
      statuses.push((await asks('wrong', accept, id)).status);
    }
    expect(statuses.slice(3)).to.deep.equal([429, 429]);
  });
});
