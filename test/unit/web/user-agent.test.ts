import { expect } from 'chai';

import { browserOf } from '../../../src/web/user-agent.ts';

const known: readonly (readonly [string, string | undefined])[] = [
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:131.0) Gecko/20100101 Firefox/131.0',
    'Firefox, Windows',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36 Edg/129.0.0.0',
    'Edge, Windows',
  ],
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36',
    'Chrome, Linux',
  ],
  [
    'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Mobile Safari/537.36',
    'Chrome, Android',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1',
    'Safari, iOS',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/129.0 Mobile/15E148 Safari/604.1',
    'Chrome, iOS',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Safari/605.1.15',
    'Safari, macOS',
  ],
  ['curl/8.9.1', undefined],
  ['', undefined],
];

describe('browserOf', () => {
  for (const [header, name] of known) {
    it(`says ${name ?? 'nothing'} of ${header.slice(0, 40)}`, () => {
      expect(browserOf(header)).to.equal(name);
    });
  }

  it('takes no word from the header itself (S-192, S-215)', () => {
    const forged = '<script>alert(1)</script>\r\n{"event":"forged"} Firefox/1 Linux';
    expect(browserOf(forged)).to.equal('Firefox, Linux');
  });

  it('looks at the beginning of a long one only', () => {
    expect(browserOf(`${'x'.repeat(100_000)} Firefox/1`)).to.equal(undefined);
  });
});
