import { expect } from 'chai';
import { parse } from 'node-html-parser';

import { indexOf } from '../../../scripts/gallery-index.ts';

describe('The index of the gallery', () => {
  const drawn = ['help', 'methods/text/add', 'methods/text/answer'].flatMap((page) =>
    ['plain, en', 'plain, de'].map((variant) => {
      const file = `${variant}/${page}`.replaceAll(/\W+/g, '-');
      return { page, state: 'plain', variant, file };
    }),
  );
  const root = parse(indexOf(drawn, [{ title: 'en', file: 'messages-en.txt' }]));
  const texts = (selector: string): string[] =>
    root.querySelectorAll(selector).map(({ text }) => text);

  it('has a heading for each folder, and leads there', () => {
    expect(texts('h2')).to.deep.equal(['pages of their own', 'methods/text', 'messages']);
    const jumps = root.querySelectorAll('nav a').map(({ attributes }) => attributes.href ?? '');
    for (const jump of jumps) expect(root.querySelector(jump), jump).to.not.equal(null);
  });

  it('shows each state once, with a link to it everywhere', () => {
    expect(texts('h3')).to.deep.equal(['help', 'add', 'answer']);
    const [picture] = root.querySelectorAll('iframe');
    expect(picture?.attributes).to.include({ src: 'plain-en-help', loading: 'lazy' });
    expect(texts('section#methods-text li p:last-child')).to.deep.equal(
      Array(2).fill('plain, en · plain, de'),
    );
  });
});
