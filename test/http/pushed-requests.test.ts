import { expect } from 'chai';
import * as client from 'openid-client';

import { describeHouse } from '../support/describe-house.ts';

describeHouse('A pushed request (RFC 9126)', {}, (house) => {
  async function pushed(more: Readonly<Record<string, string>> = {}): Promise<URL> {
    const { searchParams } = await house.shop.signIn(more);
    const configuration = await house.shop.configuration();
    return client.buildAuthorizationUrlWithPAR(configuration, Object.fromEntries(searchParams));
  }

  /** How a browser that comes with it fares: 200 for a sign-in, 400 where it was used. */
  async function opens(url: URL): Promise<number> {
    const visitor = house.visitor();
    await visitor.opens(url);
    return visitor.status();
  }

  it('may be opened again, until it is answered', async () => {
    const url = await pushed();
    const ada = house.visitor('ada');
    await ada.opens(url);
    expect(await opens(url)).to.equal(200);
    await ada.opens(url);
    await ada.identifies();
    await ada.says({ code: ada.code() });
    expect(ada.landed().searchParams.get('code')).to.be.a('string');
    expect(await opens(url)).to.equal(400);
  });

  it('is answered by a refusal as well', async () => {
    const url = await pushed();
    const visitor = house.visitor();
    await visitor.opens(url);
    await visitor.presses('cancel');
    expect(visitor.landed().searchParams.get('error')).to.equal('access_denied');
    expect(await opens(url)).to.equal(400);
  });

  for (const mode of ['query', 'form_post']) {
    it(`is answered when nobody may be asked, by ${mode}`, async () => {
      const url = await pushed({ prompt: 'none', response_mode: mode });
      await house.visitor().opens(url);
      const visitor = house.visitor();
      await visitor.opens(url);
      expect(visitor.status()).to.equal(400);
      expect(visitor.sees()).to.equal('problem');
    });
  }

  it('is not there for another app, which learns nothing of it and leaves it as it is', async () => {
    const url = await pushed();
    const { partner } = house;
    const foreign = new URLSearchParams({
      ...{ client_id: partner.id, redirect_uri: partner.redirectUri, response_type: 'code' },
      request_uri: url.searchParams.get('request_uri') ?? '',
    });
    const visitor = house.visitor();
    await visitor.opens(`/auth?${foreign.toString()}`);
    const told = visitor.landed().searchParams;
    expect(told.get('error')).to.equal('invalid_request_uri');
    expect(told.has('state'), 'the state of the other').to.equal(false);
    expect(await opens(url)).to.equal(200);
  });
});
