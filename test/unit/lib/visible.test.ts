import { expect } from 'chai';

import { bareCode, visible } from '../../../src/lib/visible.ts';

/** Every sign of category Cf, and what else is blank or not drawn. */
const unseen = Array.from({ length: 0x110000 }, (_, code) => code)
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code))
  .filter((sign) => /\p{Cf}/u.test(sign))
  .concat('\u034f', '\u115f', '\u3164', '\uffa0', '\ufe0f', '\u180b');

describe('what was pasted', () => {
  it('loses every sign that nobody sees, wherever it is', () => {
    expect(unseen).to.have.length.above(150);
    for (const sign of unseen) {
      expect(visible(`${sign}a${sign}b${sign}`), sign.codePointAt(0)?.toString(16)).to.equal('ab');
    }
  });

  it('keeps its spaces as plain ones, but for those around it', () => {
    expect(visible('\u3000a\u202fb\u1680c\u2800')).to.equal('a b c');
  });

  it('keeps what is seen, and line ends, which would hide a second line', () => {
    for (const text of ['Åsa', '明子', 'علی', 'a\nb', '٣', '😀', 'e\u0301']) {
      expect(visible(text)).to.equal(text);
    }
  });
});

describe('a code', () => {
  it('is one of ASCII signs however it was grouped', () => {
    expect(bareCode(' 123-456 ')).to.equal('123456');
    expect(bareCode('１２３−４５６')).to.equal('123456');
    expect(bareCode('ａＢ–0\u200b9')).to.equal('aB09');
  });

  it('takes no digit of another script for one of ours (S-067)', () => {
    for (const digit of ['٣', '३', '𝟛', '③', '³', '㉓']) expect(bareCode(digit)).to.equal(digit);
  });
});
