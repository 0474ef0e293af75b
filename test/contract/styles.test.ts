/**
 * The promises of the stylesheets: where something stands is said in the direction of reading, so
 * that a language that is written from right to left needs no sheet of its own.
 */
import { globSync, readFileSync } from 'node:fs';

import { expect } from 'chai';

const SIDE = 'top|right|bottom|left';
const physical = new RegExp(
  [
    `(?:scroll-)?(?:margin|padding)-(?:${SIDE})`,
    `border-(?:${SIDE})(?:-[a-z]+)*`,
    ...[SIDE, 'float', 'clear'],
    'text-align: (?:left|right)',
  ].join('|'),
);

/** `margin: 1px 2px 3px 4px` says left and right, `border-radius` names corners. */
function isLopsided(property: string, value: string): boolean {
  const bare = value.replaceAll(/\((?:[^()]|\([^()]*\))*\)/g, '()');
  const [first, second = first, third = first, fourth = second] = bare.split(/\s+/);
  if (property === 'border-radius') return first !== second || third !== fourth;
  return /^(?:margin|padding|inset)$/.test(property) && second !== fourth;
}

describe('stylesheets', () => {
  for (const file of globSync('views/assets/*.css')) {
    it(`${file} names no side of the screen`, () => {
      const sheet = readFileSync(file, 'utf8').replaceAll(/\/\*[^]*?\*\//g, '');
      // What is drawn with borders (arrows, ticks) has a direction of its own: border-width.
      const found = [...sheet.matchAll(/^\s*([a-z-]+): ([^;{]+);/gm)].filter(
        ([, property = '', value = '']) =>
          new RegExp(`^(?:${physical.source})`).test(`${property}: ${value}`) ||
          (value.includes(' ') && isLopsided(property, value)),
      );
      expect(found.map(([line]) => line.trim())).to.deep.equal([]);
    });
  }
});
