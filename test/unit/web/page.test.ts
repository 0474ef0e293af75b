import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';
import Koa from 'koa';

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
