import { expect } from 'chai';

import { brandCss, contrast } from '../../../src/web/accent.ts';

describe('contrast', () => {
  it('agrees with the figures that WCAG and its tools publish', () => {
    expect(contrast([255, 255, 255], [0, 0, 0])).to.equal(21);
    expect(contrast([0x76, 0x76, 0x76], [255, 255, 255])).to.be.closeTo(4.54, 0.005);
    expect(contrast([255, 0, 0], [255, 255, 255])).to.be.closeTo(4.0, 0.005);
  });
});

describe('brand.css', () => {
  /** The grounds of views/assets/style.css that text of this colour stands on. */
  const grounds = { day: ['#ffffff', '#f1efeb'], night: ['#14151a', '#22242c', '#2b2e37'] };

  const rgb = (hex: string): [number, number, number] => [
    Number.parseInt(hex.slice(1, 3), 16),
    Number.parseInt(hex.slice(3, 5), 16),
    Number.parseInt(hex.slice(5, 7), 16),
  ];
  const tokens = (css: string, name: string): string[] =>
    [...css.matchAll(new RegExp(`--${name}:(#[0-9a-f]{6})`, 'g'))].map(([, hex]) => hex ?? '');

  for (const accent of [
    '#1f5fbf',
    '#ffff00',
    '#000000',
    '#ffffff',
    '#808080',
    '#e91e63',
    '#00ffcc',
  ]) {
    it(`can be read everywhere with ${accent}`, () => {
      const css = brandCss(accent);
      for (const [index, ground] of [grounds.day, grounds.night].entries()) {
        const [shade, pressed, ink] = ['accent', 'accent-pressed', 'on-accent'].map((name) =>
          rgb(tokens(css, name)[index] ?? ''),
        );
        if (!shade || !pressed || !ink) throw new Error('a token is missing');
        for (const colour of ground) expect(contrast(shade, rgb(colour))).to.be.at.least(4.5);
        expect(contrast(ink, shade)).to.be.at.least(4.5);
        expect(contrast(ink, pressed)).to.be.at.least(4.5);
      }
    });
  }

  it('keeps a colour that can be read as it is', () => {
    expect(tokens(brandCss('#1F5FBF'), 'accent')[0]).to.equal('#1f5fbf');
  });
});
