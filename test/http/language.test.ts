/**
 * The language that somebody chooses in the foot of a page: kept for all later pages, in this
 * browser only, and leading back to a page of ours.
 */
import { expect } from 'chai';
import { parse } from 'node-html-parser';

import { describeHouse } from '../support/describe-house.ts';
import type { House } from '../support/house.ts';
import type { Visitor } from '../support/visitor.ts';

const picker = 'footer form[action="/language"]';
const chooses = (visitor: Visitor, language: string): Promise<void> =>
  visitor.submit(visitor.formFor(picker), { language });
const languageOf = (visitor: Visitor): string | undefined =>
  visitor.html().querySelector('html')?.getAttribute('lang');

const posts = (house: House, fields: Readonly<Record<string, string>>, headers = {}) =>
  fetch(`${house.issuer}/language`, {
    method: 'POST',
    redirect: 'manual',
    headers: { accept: 'text/html', origin: house.issuer, ...headers },
    body: new URLSearchParams(fields),
  });

describeHouse('The language that somebody chooses', {}, (house) => {
  it('leads back to where they were, and comes before all other wishes', async () => {
    const ada = house.visitor('ada');
    await ada.opens(await house.shop.signIn({ ui_locales: 'de' }));
    await ada.says({ identifier: 'ada' });
    const at = ada.at().href;
    await chooses(ada, 'fr');
    expect([ada.at().href, ada.sees(), languageOf(ada)]).to.deep.equal([
      ...[at, 'methods/password/answer', 'fr'],
    ]);
    expect(ada.html().querySelector(`${picker} [aria-current]`)?.text).to.equal('Français');
    await ada.says({ password: 'ada walks to the lighthouse' });
    expect(languageOf(ada)).to.equal('fr');
    await ada.says({ code: ada.code() });
    expect((await house.shop.claims(ada.landed())).sub).to.equal('id-ada');
    await ada.opens('/nowhere?ui_locales=de');
    expect([ada.status(), languageOf(ada)]).to.deep.equal([404, 'fr']);
  });

  it('is the language of the texts that are asked for there', async () => {
    const bob = house.visitor('bob');
    await bob.opens(await house.shop.signIn());
    await chooses(bob, 'fr');
    await bob.identifies();
    const [text] = house.carrier.texts;
    expect(text?.text).to.contain('est votre code de connexion');
  });

  it('is kept in a cookie of its own', async () => {
    const answer = await posts(house, { language: 'de', back: '/help?x=1#y' });
    expect(answer.status).to.equal(303);
    expect(answer.headers.get('location')).to.equal(`${house.issuer}/help?x=1#y`);
    const [cookie = '', ...others] = answer.headers.getSetCookie();
    expect(others).to.deep.equal([]);
    expect(cookie).to.match(/^language=de; path=\/; expires=.+; samesite=lax; httponly$/i);
  });

  it('speaks the approver’s language, too', async () => {
    const headers = { cookie: 'language=fr', 'accept-language': 'de' };
    const answer = await fetch(`${house.issuer}/approver/manifest.webmanifest`, { headers });
    expect(((await answer.json()) as { lang: string }).lang).to.equal('fr');
    expect(answer.headers.get('vary')).to.equal('Accept-Language, Cookie');
  });

  it('is one of ours, whatever a cookie says', async () => {
    for (const value of ['xx', '../en', '__proto__', 'fr-CA', '']) {
      const headers = { cookie: `language=${value}`, 'accept-language': 'de' };
      const page = parse(await (await fetch(`${house.issuer}/help`, { headers })).text());
      const lang = page.querySelector('html')?.getAttribute('lang');
      expect(lang, value).to.equal(value === 'fr-CA' ? 'fr' : 'de');
    }
  });

  for (const language of ['xx', 'FR', 'fr-CA', '', '__proto__', 'fr; domain=x']) {
    it(`is refused where it is none of ours: ${language}`, async () => {
      const answer = await posts(house, { language, back: '/' });
      expect([answer.status, answer.headers.getSetCookie()]).to.deep.equal([400, []]);
    });
  }

  const elsewhere = [
    ...['//evil.example', '/\\evil.example', '\\\\evil.example', '/\t/evil.example'],
    ...['https://evil.example/', 'javascript:alert(1)', 'evil.example', '', '.evil.example'],
    ...[
      '@evil.example',
      ':80@evil.example',
      ' //evil.example',
      '/\n/evil.example',
      '///evil.example',
    ],
  ];
  for (const back of elsewhere) {
    it(`leads nowhere else: ${JSON.stringify(back)}`, async () => {
      const answer = await posts(house, { language: 'fr', back });
      expect([answer.status, answer.headers.getSetCookie()]).to.deep.equal([400, []]);
      expect(answer.headers.get('location')).to.equal(null);
    });
  }

  it('leads nowhere else by a path that becomes another’s', async () => {
    for (const back of ['/.//evil.example', '/x/..//evil.example', '/@evil.example', '/%2f/evil']) {
      const answer = await posts(house, { language: 'fr', back });
      const { origin } = new URL(answer.headers.get('location') ?? '', house.issuer);
      expect([answer.status, origin], back).to.deep.equal([303, house.issuer]);
    }
  });

  it('is not for other sites to choose', async () => {
    const fields = { language: 'fr', back: '/' };
    for (const headers of [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
    ]) {
      const answer = await posts(house, fields, headers);
      expect([answer.status, answer.headers.getSetCookie()]).to.deep.equal([403, []]);
    }
  });

  it('is not asked where the page could not be shown again', async () => {
    const ada = house.visitor('ada');
    await ada.opens(await house.shop.signIn());
    await ada.post(`${ada.at().pathname}/identify`, new URLSearchParams({ identifier: 'ada' }));
    expect([ada.status(), ada.html().querySelector(picker)]).to.deep.equal([403, null]);
  });
});
