/**
 * The promises of every page, held against every sample in every language.
 */
import { globSync, readFileSync } from 'node:fs';

import { expect } from 'chai';
import { type HTMLElement, parse } from 'node-html-parser';

import { pageSamples } from '../../scripts/gallery-samples.ts';
import { loadLanguages } from '../../src/web/language.ts';
import { createPages, type PageName, type Pages } from '../../src/web/page.ts';
import { loadTemplates } from '../../src/web/templates.ts';

const languages = loadLanguages('views/words');
const { render } = createPages({
  templates: loadTemplates('views'),
  languages,
  organisation: { name: 'Guild & Sons', helpContact: 'the office' },
  asset: (name) => `/assets/${name}`,
});

interface Sample {
  readonly title: string;
  readonly name: PageName;
  readonly props: Pages[PageName];
}

const all: readonly Sample[] = pageSamples.flatMap(([name, states]) =>
  Object.entries(states).map(([state, props]) => ({
    title: `${name}, ${state}`,
    name,
    props,
  })),
);

const views = globSync('views/**/*.ejs').map((file) => ({
  file,
  source: readFileSync(file, 'utf8'),
}));

describe('views', () => {
  for (const { file, source } of views) {
    it(`${file} prints escaped, or includes`, () => {
      const raw = [...source.matchAll(/<%-\s*(\S+)/g)].map(([, first]) => first ?? '');
      expect(raw.filter((first) => !first.startsWith('include('))).to.deep.equal([]);
      expect(source).not.to.match(/<%[^\s=-]/);
    });

    it(`${file} has nothing that the content security policy refuses`, () => {
      const withoutFiles = source.replaceAll(
        /<script src="<%= asset\('[^']+'\) %>" (?:defer|type="module")><\/script>/g,
        '',
      );
      expect(withoutFiles).not.to.match(/<script|<style|\sstyle=|\son[a-z]+=|javascript:/i);
    });

    it(`${file} is short enough to be read at once`, () => {
      const lines = source.split('\n').length - 1;
      expect(lines).to.be.lessThan(file.includes('/partials/') ? 20 : 80);
    });
  }
});

describe('pages', () => {
  for (const [name, states] of pageSamples) {
    it(`have a sample of ${name}`, () => {
      expect(Object.keys(states)).to.not.have.length(0);
    });
  }

  it('have samples of every method that has a view', () => {
    const files = globSync('views/methods/*/{answer,add}.ejs');
    const names = files.map((file) => file.replace(/^views\/(.*)\.ejs$/, '$1'));
    expect(pageSamples.map(([name]) => name)).to.include.members(names);
  });

  for (const locale of languages.available) {
    for (const { title, name, props } of all) {
      it(`${title} (${locale}) keeps the promises`, () => {
        const html = render(name, props, { locale, here: '/sign-in/f1?a=b' });
        const page = parse(html);
        keepsItsShape(page, name, locale);
        hasWholeForms(page);
        offersLanguages(page, locale);
        isLabelled(page);
        expect(page.textContent, 'a placeholder was not filled').not.to.match(/\{\w+\}/);
        expect(page.textContent).not.to.match(/undefined|\[object/);
      });
    }
  }

  it('name the failure first in the title, and tie it to the field', () => {
    for (const { title, name, props } of all) {
      const page = parse(render(name, props, { locale: 'en' }));
      const failure = page.querySelector('#failure')?.textContent;
      const field = page.querySelector('[aria-invalid]');
      const first = page.querySelector('title')?.textContent.split(' – ')[0];
      if (failure) expect(first, title).to.equal(failure);
      if (field) expect(field.getAttribute('aria-describedby'), title).to.contain('failure');
    }
  });

  it('say whom to ask wherever they speak of an administrator', () => {
    for (const { title, name, props } of all) {
      const page = parse(render(name, props, { locale: 'en' }));
      const said = page.querySelector('main')?.textContent ?? '';
      if (/your administrator|help desk|\bget help\b/i.test(said)) {
        expect(said, title).to.contain('contact the office');
      }
    }
  });

  it('load no two scripts that would fight for a name', () => {
    for (const { title, name, props } of all) {
      const page = parse(render(name, props, { locale: 'en' }));
      const names = page
        .querySelectorAll('script:not([type="module"])')
        .flatMap((script) => namesIn(`views${script.getAttribute('src') ?? ''}`));
      expect(names, title).to.deep.equal([...new Set(names)]);
    }
  });

  it('escape whatever came from outside', () => {
    for (const { title, name, props } of all) {
      const asText = render(name, poisoned(props, '<script>alert(1)</script>'), { locale: 'en' });
      expect(asText, title).not.to.contain('<script>');
      const asAttribute = render(name, poisoned(props, `" onfocus="x" '`), { locale: 'en' });
      expect(parse(asAttribute).querySelectorAll('[onfocus]'), title).to.have.length(0);
    }
  });
});

/** What a script that is no module takes from all others of its page. */
const namesIn = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/^(?:const|let|class|(?:async )?function) (\w+)/gm)].map(
    ([, name = '']) => name,
  );

function keepsItsShape(page: HTMLElement, name: string, locale: string): void {
  expect(page.querySelector('html')?.getAttribute('lang')).to.equal(locale);
  expect(page.querySelector('html')?.getAttribute('dir')).to.equal('ltr');
  expect(page.querySelectorAll('h1')).to.have.length(1);
  expect(page.querySelector('h1')?.textContent.trim()).to.not.equal('');
  expect(page.querySelectorAll('main')).to.have.length(1);
  expect(page.querySelector('main')?.getAttribute('data-page')).to.equal(name);
  expect(page.querySelector('title')?.textContent).to.contain('Guild & Sons');
  const ids = page.querySelectorAll('[id]').map(({ id }) => id);
  expect(ids).to.deep.equal([...new Set(ids)]);
  expect(page.querySelectorAll('[style], script:not([src]), style')).to.have.length(0);
}

function hasWholeForms(page: HTMLElement): void {
  const forms = page.querySelectorAll('main form');
  if (forms.length > 0) expect(page.querySelectorAll('form[data-step]')).to.not.have.length(0);
  for (const form of forms) {
    expect(form.getAttribute('method')).to.equal('post');
    expect(form.getAttribute('action')).to.match(/^\/[a-z]/);
    expect(form.querySelectorAll('button')).to.not.have.length(0);
    // The approver's are sent by script, and count by what a phone signs.
    if (form.getAttribute('action')?.startsWith('/approver/')) continue;
    const token = form.querySelector('[name=_csrf], [name=xsrf]');
    expect(token?.getAttribute('value')).to.be.oneOf(['c1', 'x1']);
  }
}

/** Where a page stays, and in an approver's own way. */
function offersLanguages(page: HTMLElement, locale: string): void {
  const leadsOn = page.querySelector('meta[http-equiv="refresh"], link[rel="manifest"]');
  const picker = page.querySelector('footer form[action="/language"]');
  expect(picker === null).to.equal(leadsOn !== null);
  if (!picker) return;
  expect(picker.querySelector('[name="back"]')?.getAttribute('value')).to.equal('/sign-in/f1?a=b');
  expect(picker.querySelectorAll('[aria-current]').map((one) => one.text)).to.deep.equal(
    languages.named.filter((one) => one.locale === locale).map(({ name }) => name),
  );
  const named = picker.querySelectorAll('[lang]').map((one) => one.getAttribute('lang'));
  expect(named).to.deep.equal(languages.available);
}

function isLabelled(page: HTMLElement): void {
  for (const field of page.querySelectorAll('input:not([type=hidden]):not(.unseen), select')) {
    const label =
      field.closest('label') ?? page.querySelector(`label[for=${field.id || 'nothing'}]`);
    expect(label?.textContent.trim(), field.toString()).to.be.a('string').and.not.equal('');
    expect(field.hasAttribute('pattern'), 'pasted spaces must pass').to.equal(false);
    if (field.id !== '') expect(field.hasAttribute('autocomplete')).to.equal(true);
  }
  for (const button of page.querySelectorAll('button')) {
    expect(button.textContent.trim()).to.not.equal('');
  }
  for (const image of page.querySelectorAll('img')) {
    // Empty where the name stands beside it.
    expect(image.hasAttribute('alt')).to.equal(true);
  }
}

const OUTSIDE = new Set(['name', 'username', 'identifier', 'hint', 'number', 'account', 'issuer']);

/** The same properties, with every text that a person or an app chose replaced. */
function poisoned<Value>(value: Value, hostile: string): Value {
  const poison = (inner: unknown, key = ''): unknown => {
    if (typeof inner === 'string') return OUTSIDE.has(key) ? hostile : inner;
    if (Array.isArray(inner)) return inner.map((each) => poison(each));
    if (typeof inner !== 'object' || inner === null) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, each]) => [key, poison(each, key)]));
  };
  // It has the shape it had: only strings were exchanged for strings.
  return poison(value) as Value;
}
