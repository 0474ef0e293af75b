/**
 * docs/threats.md says what the ids mean that stand in titles and comments: of each that is in
 * use it says so once, and of no other.
 */
import { globSync, readFileSync, statSync } from 'node:fs';

import { expect } from 'chai';

const DOCUMENT = 'docs/threats.md';
const places = ['README.md', '{.ci,config,docs,scripts,src,test,views}/**/*'];

const read = (file: string): string => readFileSync(file, 'utf8');
const isText = (text: string): boolean => !text.includes('\0');

describe('The ids of promises', () => {
  const files = globSync(places).filter((file) => statSync(file).isFile() && file !== DOCUMENT);
  const used = new Set(files.map(read).filter(isText).flatMap(idsIn));
  const explained = [...read(DOCUMENT).matchAll(/^\| ([A-Z]-\d+) \|/gm)].map(([, id = '']) => id);

  it('that are in use are explained, each once, and no others are', () => {
    expect(used.size).to.be.greaterThan(100);
    expect(explained).to.have.members([...used]);
  });

  it('are in order, and named by no other explanation', () => {
    for (const kind of new Set(explained.map(([letter]) => letter))) {
      const ids = explained.filter((id) => id.startsWith(`${kind}-`));
      const inOrder = ids.toSorted((one, other) => Number(one.slice(2)) - Number(other.slice(2)));
      expect(ids).to.deep.equal(inOrder);
    }
    expect(idsIn(read(DOCUMENT))).to.deep.equal(explained);
  });
});

/** `S-020 to S-031` means those between them as well. */
function idsIn(text: string): string[] {
  const ranges = text.matchAll(/\b([SCRDAT])-(\d{1,3})(?: to \1-(\d{1,3}))?\b/g);
  return [...ranges].flatMap(([, kind = '', from = '', to = from]) =>
    Array.from({ length: Number(to) - Number(from) + 1 }, (_, index) => {
      const number = String(Number(from) + index);
      return `${kind}-${number.padStart(from.length, '0')}`;
    }),
  );
}
