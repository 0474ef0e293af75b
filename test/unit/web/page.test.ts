import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';
import Koa from 'koa';
import { parse } from 'node-html-parser';

import { loadLanguages } from '../../../src/web/language.ts';
import { createPages } from '../../../src/web/page.ts';
import { loadTemplates } from '../../../src/web/templates.ts';

const pages = createPages({
  templates: loadTemplates('views'),
  languages: loadLanguages('views/words'),
  organisation: { name: 'Guild' },
  asset: (name) => `/assets/${name}`,
});

describe('ctx.page', () => {
  let server: Server;
  let address: string;
  let uiLocales: string | undefined;

  before((done) => {
    const app = new Koa();
    app.use(pages.middleware);
    app.use((ctx) => {
      ctx.status = 429;
      ctx.uiLocales = uiLocales;
      ctx.page('problem', { code: 'too-many-tries', details: {}, requestId: 'r1' });
    });
    server = app.listen(0, '127.0.0.1', () => {
      address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      done();
    });
  });
  after((done) => {
    server.close(done);
  });

  const languageOf = async (accept: string): Promise<string | undefined> => {
    const answer = await fetch(address, { headers: { 'Accept-Language': accept } });
    return /<html lang="(\w+)"/.exec(await answer.text())?.[1];
  };

  it('answers with HTML that nobody may keep, and leaves the status alone', async () => {
    const answer = await fetch(address);
    expect(answer.status).to.equal(429);
    expect(answer.headers.get('Content-Type')).to.equal('text/html; charset=utf-8');
    expect(answer.headers.get('Cache-Control')).to.equal('no-store');
  });

  it('speaks the language of the browser', async () => {
    expect(await languageOf('nl, de;q=0.8, en;q=0.5')).to.equal('de');
    expect(await languageOf('fr-CA')).to.equal('fr');
    expect(await languageOf('nl')).to.equal('en');
    expect(await languageOf(';;q=x,,')).to.equal('en');
  });

  it('puts the wish of the app first', async () => {
    uiLocales = 'xx de';
    expect(await languageOf('en')).to.equal('de');
    uiLocales = undefined;
  });
});

describe('the organisation on a page', () => {
  const drawn = (organisation: object, locale = 'fr') =>
    parse(
      createPages({
        ...{ templates: loadTemplates('views'), languages: loadLanguages('views/words') },
        ...{ organisation: { name: 'Guild', ...organisation }, asset: (name) => `/assets/${name}` },
      }).render('problem', { code: 'internal', details: {}, requestId: 'r1' }, { locale }),
    );

  it('speaks the language of the page, English, or what it has', () => {
    const contact = (helpContact: unknown) =>
      drawn({ helpContact }).querySelector('.contact')?.text;
    expect(contact({ en: 'the office', fr: 'le bureau' })).to.contain('contactez le bureau.');
    expect(contact({ de: 'das Büro', en: 'the office' })).to.contain('contactez the office.');
    expect(contact({ de: 'das Büro', es: 'la oficina' })).to.contain('contactez das Büro.');
    expect(contact('us')).to.contain('contactez us.');
    expect(contact(undefined)).to.contain('votre administrateur');
  });

  it('is linked from the foot, as far as there is something', () => {
    const links = { terms: 'https://a.example/t', imprint: { fr: 'https://a.example/fr' } };
    const shown = (organisation: object) =>
      drawn(organisation)
        .querySelectorAll('footer a[href^="https"]')
        .map((link) => `${link.text} ${link.getAttribute('href') ?? ''}`);
    expect(shown({ links })).to.deep.equal([
      ...['Mentions légales https://a.example/fr', 'Conditions d’utilisation https://a.example/t'],
    ]);
    expect(shown({})).to.deep.equal([]);
  });

  it('has its own signs, by day and by night', () => {
    const logo = 'https://a.example/logo.svg';
    const logoDark = 'https://a.example/dark.svg';
    const signs = (organisation: object) => {
      const page = drawn(organisation);
      return [
        page.querySelector('.brand img')?.getAttribute('src'),
        page.querySelector('.brand source')?.getAttribute('srcset'),
        page.querySelector('link[rel="icon"]')?.getAttribute('href'),
      ];
    };
    const favicon = 'https://a.example/tab.png';
    expect(signs({ logo, logoDark, favicon })).to.deep.equal([logo, logoDark, favicon]);
    expect(signs({ logo })).to.deep.equal([logo, undefined, '/assets/favicon.svg']);
    expect(signs({ logoDark })).to.deep.equal([logoDark, logoDark, '/assets/favicon.svg']);
    expect(signs({})).to.deep.equal([undefined, undefined, '/assets/favicon.svg']);
  });
});

describe('templates', () => {
  const viewsWith = (source: string): string => {
    const directory = mkdtempSync(join(tmpdir(), 'views-'));
    mkdirSync(join(directory, 'deep'));
    writeFileSync(join(directory, 'deep', 'page.ejs'), source);
    writeFileSync(join(directory, 'deep', 'mail.txt.ejs'), '<%= page %>');
    return directory;
  };

  it('do not load when one of them is broken', () => {
    expect(() => loadTemplates(viewsWith('<% if (page { %>'))).to.throw('page.ejs');
  });

  it('escape HTML, and leave text as it is', () => {
    const templates = loadTemplates(viewsWith('<%= page %>'));
    expect(templates.get('deep/page')?.({ page: `<b>&"'` })).to.equal('&lt;b&gt;&amp;&#34;&#39;');
    expect(templates.get('deep/mail.txt')?.({ page: `<b>&"'` })).to.equal(`<b>&"'`);
  });
});
