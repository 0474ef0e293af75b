/**
 * What somebody may send in place of six digits (S-067).
 */
export const malformed: Readonly<Record<string, unknown>> = {
  nothing: undefined,
  'an empty text': '',
  'only spaces': '      ',
  'five digits': '12345',
  'eleven digits': '12345678901',
  'a number': 123456,
  'an array': ['123456'],
  'an object': { $ne: '' },
  true: true,
  'Arabic digits': '١٢٣٤٥٦',
  'five wide digits': '１２３４５',
  'mathematical digits': '𝟏𝟐𝟑𝟒𝟓𝟔',
  'a sign': '+12345',
  'a minus': '-12345',
  'a fraction': '1234.5',
  'an exponent': '1234e5',
  'a hexadecimal number': '0x1234',
  'a letter': '12345a',
  'a NUL behind it': '123456\0',
  'a NUL within it': '123\x00456',
  'invisible signs alone': '\u200b'.repeat(6),
  'two lines of digits': '123456\n123456',
  '100 kB of digits': '1'.repeat(100_000),
  '100 kB of spaces and a code': `${' '.repeat(100_000)}123456`,
};
