import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { loadLanguages, regionIn } from '../../../src/web/language.ts';

function languagesOf(words: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  const directory = mkdtempSync(join(tmpdir(), 'words-'));
  for (const [locale, content] of Object.entries(words)) {
    writeFileSync(join(directory, `${locale}.json`), JSON.stringify(content));
  }
  return loadLanguages(directory);
}

const tries = { 'tries.one': 'one try', 'tries.other': '{count} tries', hello: 'Hello {name}' };

describe('language', () => {
  it('fills in values', () => {
    const { t } = languagesOf({ en: tries }).choose(['en']);
    expect(t('hello', { name: 'Ada' })).to.equal('Hello Ada');
  });

  it('does not read a value as a pattern', () => {
    const { t } = languagesOf({ en: tries }).choose(['en']);
    expect(t('hello', { name: '$& {count}' })).to.equal('Hello $& {count}');
  });

  it('leaves a placeholder alone that nobody filled, inherited names included', () => {
    const { t } = languagesOf({ en: { key: '{toString} {missing}' } }).choose(['en']);
    expect(t('key')).to.equal('{toString} {missing}');
  });

  it('names a method alone where its own name says no more', () => {
    const { withHint } = languagesOf({ en: { named: '{method} ({hint})' } }).choose(['en']);
    const hints = ['+1 ••• 34', undefined, 'Key'];
    expect(hints.map((hint) => withHint('named', 'Key', hint))).to.deep.equal([
      'Key (+1 ••• 34)',
      'Key',
      'Key',
    ]);
  });

  it('chooses the plural by the rules of the language', () => {
    const polish = {
      'tries.one': '1',
      'tries.few': 'few',
      'tries.many': 'many',
      'tries.other': 'o',
    };
    const { t } = languagesOf({ en: tries, pl: polish }).choose(['pl']);
    expect([1, 3, 5].map((count) => t('tries', { count }))).to.deep.equal(['1', 'few', 'many']);
  });

  it('writes numbers as the language does', () => {
    const { t } = languagesOf({ en: tries, de: tries }).choose(['de']);
    expect(t('tries', { count: 12345 })).to.equal('12.345 tries');
  });

  it('throws on a key that has no words', () => {
    const { t, knows } = languagesOf({ en: tries }).choose(['en']);
    expect(() => t('nothing')).to.throw('nothing');
    expect([knows('hello'), knows('nothing')]).to.deep.equal([true, false]);
  });

  it('reads a tag as systems write it, too', () => {
    const { choose } = languagesOf({ en: tries, de: tries });
    for (const tag of ['de', 'DE', 'de-DE', 'de_DE', 'de_DE.UTF-8', 'de_DE@euro', ' de-AT-1996 ']) {
      expect(choose([tag]).locale, tag).to.equal('de');
    }
    for (const tag of ['C', 'POSIX', 'deu', 'd', '', '_', 'en_US.UTF-8']) {
      expect(choose([tag]).locale, tag).to.equal('en');
    }
  });

  it('names countries and puts them in order as the language does', () => {
    const { choose } = languagesOf({ en: tries, de: tries });
    const countries = ['ZA', 'AT', 'DE', 'EG', 'QA'].map((code) => ({ code, callingCode: '1' }));
    const names = (locale: string) =>
      choose([locale])
        .countries(countries)
        .map(({ name }) => name);
    expect(names('en')).to.deep.equal(['Austria', 'Egypt', 'Germany', 'Qatar', 'South Africa']);
    expect(names('de')).to.deep.equal([
      ...['Ägypten', 'Deutschland', 'Katar', 'Österreich', 'Südafrika'],
    ]);
    expect(choose(['de']).countries(countries)[0]).to.include({ code: 'EG', callingCode: '1' });
  });

  it('takes the first wish that can be met, regions aside', () => {
    const { choose } = languagesOf({ en: tries, de: tries });
    const chosen = (...wishes: string[]) => choose(wishes).locale;
    expect(chosen('fr', 'de-AT', 'en')).to.equal('de');
    expect(chosen('EN-us', 'de')).to.equal('en');
    expect(chosen('fr', '*', '')).to.equal('en');
    expect(chosen('../secrets')).to.equal('en');
  });

  it('takes the region of the first wish that has one', () => {
    expect(regionIn(['de', 'en-gb', 'de-AT'])).to.equal('GB');
    expect(regionIn(['sr-Latn-RS'])).to.equal('RS');
    expect(regionIn(['es-419', 'x', ''])).to.equal(undefined);
  });

  it('rounds a wait up and picks its unit', () => {
    const { duration } = languagesOf({ en: tries }).choose(['en']);
    expect([1, 24, 91, 3600, 7201].map(duration)).to.deep.equal([
      ...['1 second', '24 seconds', '2 minutes', '60 minutes', '3 hours'],
    ]);
  });

  it('says how each language names itself, and which way it is written', () => {
    const { named, choose } = languagesOf({ en: tries, fr: tries, ar: tries });
    expect(named.map(({ locale, name }) => `${locale} ${name}`)).to.deep.equal([
      ...['ar العربية', 'en English', 'fr Français'],
    ]);
    expect([choose(['fr']).dir, choose(['ar']).dir]).to.deep.equal(['ltr', 'rtl']);
  });

  it('does not start without English', () => {
    expect(() => languagesOf({ de: tries })).to.throw('en.json');
  });
});
