import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { expect } from 'chai';
import Koa from 'koa';

import { pinProtocol } from '../../../src/web/hosts.ts';
import { keepWish, wishesOf } from '../../../src/web/language-wishes.ts';

/** What a house at this issuer answers: the wishes, and the cookie that it sets. */
async function told(issuer: string, headers: Readonly<Record<string, string>>) {
  const app = new Koa();
  pinProtocol(app, issuer);
  app.use((ctx) => {
    ctx.uiLocales = 'nl pl';
    keepWish(ctx, 'fr');
    ctx.body = wishesOf(ctx).filter(Boolean).join(' ');
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}`, { headers });
  const [cookie = ''] = answer.headers.getSetCookie();
  server.close();
  return { wishes: await answer.text(), cookie };
}

describe('the wished languages', () => {
  const said = { 'accept-language': 'de-AT, en;q=0.5' };

  it('are what was chosen here, then the app’s, then the browser’s', async () => {
    const { wishes } = await told('http://localhost:3000', { ...said, cookie: 'language=es' });
    expect(wishes).to.equal('es nl pl de-AT en');
  });

  it('are kept where no other host and no other name can set them', async () => {
    const { cookie } = await told('https://id.example', said);
    expect(cookie).to.match(/^__Host-language=fr; path=\/; .*secure; httponly$/i);
    expect(cookie).not.to.match(/domain/i);
    const both = { ...said, cookie: 'language=es; __Host-language=it' };
    expect((await told('https://id.example', both)).wishes).to.equal('it nl pl de-AT en');
  });
});
