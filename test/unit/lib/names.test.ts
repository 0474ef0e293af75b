import { expect } from 'chai';

import { hasUnfitSigns, withoutUnfitSigns } from '../../../src/lib/names.ts';

describe('a name', () => {
  const fit = {
    'Latin letters': 'Ada Ekberg',
    'Persian with a non-joiner': 'عل\u06cc\u200cرضا',
    'Sinhala with a joiner behind a virama': 'ශ\u0dca\u200dරී',
    'Malayalam that ends in a joiner': 'അവന\u0d4d\u200d',
    'Hindi with a non-joiner behind a virama': 'क\u094d\u200cष',
    'a family': '👨‍👩‍👧',
    'an astronaut with a colour of skin': '👩🏽‍🚀',
    'a rainbow flag': '🏳️‍🌈',
    'the flag of Scotland': '🏴󠁧󠁢󠁳󠁣󠁴󠁿',
  };
  for (const [what, name] of Object.entries(fit)) {
    it(`may hold ${what} (RFC 5892 A.1, A.2; UTS #51)`, () => {
      expect(hasUnfitSigns(name)).to.equal(false);
    });
  }

  const unfit = {
    'a joiner between Latin letters': 'Ad\u200da',
    'a non-joiner between Latin letters': 'Ad\u200ca',
    'a non-joiner at its end': 'عل\u06cc\u200c',
    'a second joiner': 'ශ\u0dca\u200d\u200dරී',
    'a joiner behind a picture and before a letter': '👩\u200da',
    'a text of tags': '🏴\u{e0061}\u{e0062}\u{e0063}\u{e0064}\u{e0065}\u{e0066}\u{e0067}\u{e007f}',
    'a tag alone': 'a\u{e0061}',
    'an override of direction': 'a\u202eb',
    'an isolate of direction': 'a\u2066b\u2069',
    'a mark of direction': 'a\u200fb',
    'a zero-width space': 'a\u200bb',
    'a byte order mark': '\ufeffa',
    'a soft hyphen': 'a\u00adb',
    'a line end': 'a\nb',
    'half a pair': 'a\ud800',
  };
  for (const [what, name] of Object.entries(unfit)) {
    it(`may not hold ${what}`, () => {
      expect(hasUnfitSigns(name)).to.equal(true);
      expect(hasUnfitSigns(withoutUnfitSigns(name))).to.equal(false);
    });
  }
});
