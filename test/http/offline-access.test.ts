/**
 * `offline_access` that comes to nothing is no error (OIDC Core §11), so the log says it.
 */
import { expect } from 'chai';
import * as client from 'openid-client';

import { type House, openHouse } from '../support/house.ts';

describe('offline_access', () => {
  let house: House;
  before(async () => (house = await openHouse({ log: { level: 'info' } })));
  after(() => house.close());

  const scope = 'openid offline_access';

  /** The lines that say so, after what the story does. */
  async function said(story: () => Promise<unknown>): Promise<Record<string, unknown>[]> {
    const before = (await house.logged()).length;
    await story();
    const lines = (await house.logged()).slice(before).split('\n').filter(Boolean);
    return lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ event }) => event === 'offline-access.ignored');
  }

  it('without prompt=consent is told of, with the app and the request', async () => {
    const visitor = house.visitor();
    const [line] = await said(async () => visitor.opens(await house.partner.signIn({ scope })));
    expect(line).to.include({ level: 'info', client: 'partner', missing: 'prompt=consent' });
    expect(line?.requestId).to.be.a('string');
  });

  it('is told of when it was pushed', async () => {
    const url = await house.partner.signIn({ scope });
    const config = await house.partner.configuration();
    const params = Object.fromEntries(url.searchParams);
    const lines = await said(() => client.buildAuthorizationUrlWithPAR(config, params));
    expect(lines).to.have.length(1);
  });

  it('is not told of with prompt=consent, of our own apps, or where nobody asked', async () => {
    const visitor = house.visitor();
    const lines = await said(async () => {
      await visitor.opens(await house.partner.signIn({ scope, prompt: 'consent' }));
      await visitor.opens(await house.shop.signIn({ scope }));
      await visitor.opens(await house.partner.signIn());
    });
    expect(lines).to.deep.equal([]);
  });
});
