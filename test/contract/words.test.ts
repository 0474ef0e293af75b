/**
 * The promises of views/words: every language says the same things, nothing is missing,
 * nothing is left over.
 */
import { globSync, readFileSync } from 'node:fs';

import { expect } from 'chai';

import { knownQuestions } from '../../src/credentials/security-question-rules.ts';
import { problemCodes } from '../../src/web/problems.ts';

type Words = Readonly<Record<string, string>>;

const wordsIn = (file: string): Words =>
  JSON.parse(readFileSync(`views/words/${file}`, 'utf8')) as Words;

const files = globSync('*.json', { cwd: 'views/words' });
const english = wordsIn('en.json');
const views = globSync('views/**/*.ejs').map((file) => readFileSync(file, 'utf8'));

/** Everything between quotes in a view; where it is put together, `${…}` stands for anything. */
const named = views.flatMap((view) =>
  [...view.matchAll(/'([^'\n]*)'|`([^`]*)`/g)].map(([, plain, composed]) =>
    patternOf(plain ?? composed ?? ''),
  ),
);

function patternOf(key: string): RegExp {
  // A composed key may itself hold a choice between two keys, each of them quoted.
  const escaped = key
    .split(/\$\{.*?\}(?=[^}]*$|[^}]*\$\{)/)
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${escaped.join('.+')}$`);
}

const placeholders = (words: string): string[] =>
  [...new Set([...words.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? ''))].sort();

const withoutPlural = (key: string): string => key.replace(/\.(zero|one|two|few|many|other)$/, '');

describe('words', () => {
  it('are sorted, so that a missing one is seen at its place', () => {
    for (const file of files) {
      const keys = Object.keys(wordsIn(file));
      expect(keys, file).to.deep.equal([...keys].sort());
    }
  });

  for (const file of files) {
    it(`have the same keys and placeholders in ${file}`, () => {
      const words = wordsIn(file);
      const locale = file.replace('.json', '');
      const keys = (of: Words) => [...new Set(Object.keys(of).map(withoutPlural))].sort();
      expect(keys(words)).to.deep.equal(keys(english));
      for (const [key, text] of Object.entries(words)) {
        expect(text.trim(), key).to.equal(text).and.not.equal('');
        // A plural for one need not say the number.
        if (key.endsWith('.one')) continue;
        const meant = english[key] ?? english[`${withoutPlural(key)}.other`] ?? '';
        expect(placeholders(text), key).to.deep.equal(placeholders(meant));
      }
      const plurals = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
      for (const key of Object.keys(words).filter((key) => key.endsWith('.other'))) {
        expect(words).to.include.keys(plurals.map((plural) => key.replace('.other', `.${plural}`)));
      }
    });
  }

  it('are set as French is', () => {
    for (const [key, text] of Object.entries(wordsIn('fr.json'))) {
      // Texts have only the signs of GSM 03.38: no space that stays, no curved apostrophe.
      if (key.startsWith('messages/code.')) continue;
      expect(text, key).not.to.match(/'|"|«(?!\u00a0)|(?<!\u00a0)»|(?<!\u00a0):|(?<!\u202f)[;?!]/);
    }
  });

  it('exist for every key that a view names', () => {
    const calls = views.flatMap((view) =>
      [...view.matchAll(/\bt\(\s*'([^']+)'/g)].map(([, key]) => key ?? ''),
    );
    const known = new Set(Object.keys(english).map(withoutPlural));
    expect(calls.filter((key) => !known.has(withoutPlural(key)))).to.deep.equal([]);
  });

  it('are all named by some view', () => {
    const unused = Object.keys(english)
      .map(withoutPlural)
      .filter((key) => !key.startsWith('help.'))
      .filter((key) => !named.some((pattern) => pattern.test(key)));
    expect(unused).to.deep.equal([]);
  });

  it('ask every security question that is ours, and no other', () => {
    const asked = Object.keys(english).filter((key) => key.startsWith('questions.'));
    expect(asked).to.have.members(knownQuestions.map((question) => `questions.${question}`));
  });

  it('explain every problem', () => {
    const missing = problemCodes.filter((code) => !(`problem.${code}.title` in english));
    expect(missing).to.deep.equal([]);
  });

  it('explain no problem that cannot happen', () => {
    const explained = Object.keys(english)
      .map((key) => /^problem\.([a-z-]+)\.(title|text)$/.exec(key)?.[1])
      .filter((code) => code !== undefined);
    expect(explained.filter((code) => !problemCodes.includes(code))).to.deep.equal([]);
  });
});
