/**
 * Apps on phones and desktops (RFC 8252): where they may come back to, and that another program
 * which poses as one gets nothing from a live session alone.
 */
import { expect } from 'chai';
import * as client from 'openid-client';

import { describeHouse } from '../support/describe-house.ts';

const loopback = ['http://127.0.0.1/back?kept=a%20b', 'http://[::1]/back'];
const PRIVATE_USE = 'com.example.app:/back';

describeHouse('A native app', {}, (house) => {
  const verifier = client.randomPKCECodeVerifier();
  beforeEach(() =>
    house.registers('native', {
      ...{ client_name: 'The App', application_type: 'native', first_party: true },
      token_endpoint_auth_method: 'none',
      redirect_uris: [...loopback, PRIVATE_USE],
      post_logout_redirect_uris: ['http://127.0.0.1/bye'],
    }),
  );

  const asks = async (redirectUri: string, more: Readonly<Record<string, string>> = {}) => ({
    client_id: 'native',
    redirect_uri: redirectUri,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    ...more,
  });

  async function redeems(landed: URL, redirectUri: string): Promise<number> {
    const response = await fetch(`${house.issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        ...{ grant_type: 'authorization_code', client_id: 'native', code_verifier: verifier },
        ...{ redirect_uri: redirectUri, code: landed.searchParams.get('code') ?? '' },
      }),
    });
    return response.status;
  }

  for (const address of [
    'http://127.0.0.1:49152/back?kept=a%20b',
    'http://127.0.0.1:1/back?kept=a%20b',
    'http://[::1]:65535/back',
  ]) {
    it(`comes back on whatever port it listens at: ${address}`, async () => {
      const ada = await house.atSecondStep('ada', await asks(address));
      await ada.says({ code: ada.code() });
      const landed = ada.landed();
      expect(landed.href.startsWith(address), landed.href).to.equal(true);
      expect(await redeems(landed, loopback[0] ?? ''), 'at another port').to.equal(400);
    });
  }

  it('gets tokens without a secret, for the address that it asked with', async () => {
    const address = 'http://[::1]:50000/back';
    const ada = await house.atSecondStep('ada', await asks(address));
    await ada.says({ code: ada.code() });
    expect(await redeems(ada.landed(), address)).to.equal(200);
  });

  for (const address of [
    'http://127.0.0.1:49152/other',
    'http://127.0.0.1:49152/back',
    'http://127.0.0.2:49152/back?kept=a%20b',
    'http://localhost:49152/back',
    'http://127.0.0.1:99999/back?kept=a%20b',
    'http://127.0.0.1:49152@evil.example/back?kept=a%20b',
    'http://ada@127.0.0.1:49152/back?kept=a%20b',
    'https://127.0.0.1:49152/back?kept=a%20b',
    'com.example.app:/back/',
    'com.example.app://back',
    'com.example.other:/back',
  ]) {
    it(`comes back to no address but its own: ${address}`, async () => {
      const visitor = house.visitor();
      await visitor.opens(await house.shop.signIn(await asks(address)));
      expect(visitor.status()).to.equal(400);
    });
  }

  it('must use PKCE', async () => {
    const visitor = house.visitor();
    const url = await house.shop.signIn(await asks('http://[::1]:50000/back'));
    url.searchParams.delete('code_challenge');
    url.searchParams.delete('code_challenge_method');
    await visitor.opens(url);
    expect(visitor.landed().searchParams.get('error')).to.equal('invalid_request');
  });

  it('is let in by a button of a page, where phones want a tap', async () => {
    const ada = await house.atSecondStep('ada', await asks(PRIVATE_USE));
    await ada.says({ code: ada.code() });
    expect(ada.reads()).to.contain('The App');
    const way = ada.html().querySelector('a.primary')?.getAttribute('href') ?? '';
    const answer = await ada.raw(way, { redirect: 'manual' });
    expect(answer.headers.get('location')).to.match(/^com\.example\.app:\/back\?code=/);
  });

  it('gets nothing by a live session alone, although it is ours (RFC 8252 §8.6)', async () => {
    const ada = await house.atSecondStep('ada');
    await ada.says({ code: ada.code() });
    const address = 'http://127.0.0.1:50000/back?kept=a%20b';
    await ada.opens(await house.shop.signIn(await asks(address, { prompt: 'none' })));
    expect(ada.landed().searchParams.get('error')).to.equal('interaction_required');
    for (let round = 0; round < 2; round += 1) {
      await ada.opens(await house.shop.signIn(await asks(address)));
      expect(ada.reads(), 'asks').to.contain('The App');
      await ada.presses('consent');
      expect(ada.landed().searchParams.get('code')).to.be.a('string');
    }
  });

  it('is led back after signing out, on whatever port', async () => {
    const visitor = house.visitor();
    const bye = { client_id: 'native', post_logout_redirect_uri: 'http://127.0.0.1:50001/bye' };
    await visitor.opens(`/session/end?${new URLSearchParams(bye).toString()}`);
    expect(visitor.landed().href).to.match(/^http:\/\/127\.0\.0\.1:50001\/bye/);
  });
});
