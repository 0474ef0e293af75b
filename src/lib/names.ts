/**
 * Which signs a name may hold that nobody sees by themselves: those that Persian, the scripts of
 * India and emoji cannot be written without. All others would only hide something.
 */

/** Of canonical combining class 9: a joiner behind one decides how letters are drawn. */
const VIRAMA =
  '[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d3b\u0d3c\u0d4d\u0dca\u0e3a\u0eba\u0f84' +
  '\u1039\u103a\u1714\u1715\u1734\u17d2\u1a60\u1b44\u1baa\u1bab\u1bf2\u1bf3\u2d7f\ua806\ua82c' +
  '\ua8c4\ua953\ua9c0\uaaf6\uabed]';
/** Their letters join, and U+200C keeps two of them apart. */
const JOINING =
  '[\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Nko}\\p{Script=Mandaic}\\p{Script=Mongolian}' +
  '\\p{Script=Adlam}\\p{Script=Hanifi_Rohingya}]';
const PICTURE = '\\p{Extended_Pictographic}';

const SEEN_WITH_OTHERS = [
  // RFC 5892 A.1 and A.2; which letter of a script joins to which side is left to the font.
  `(?<=${VIRAMA})[\u200c\u200d]`,
  `(?<=${JOINING}\\p{M}*)\u200c(?=${JOINING})`,
  // Families, professions, and the flags of Scotland and others (UTS #51).
  `(?<=${PICTURE}\ufe0f?\\p{Emoji_Modifier}?)\u200d(?=${PICTURE})`,
  '(?<=\u{1f3f4})[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{3,6}\u{e007f}',
].join('|');

const UNFIT = '[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]';
const either = new RegExp(`(?<kept>${SEEN_WITH_OTHERS})|${UNFIT}`, 'gu');

/** The name with each sign replaced that no name may hold: controls, halves, hidden ones. */
export const withoutUnfitSigns = (name: string, replacement = ''): string =>
  name.replaceAll(either, (_, kept: string | undefined) => kept ?? replacement);

export const hasUnfitSigns = (name: string): boolean => withoutUnfitSigns(name) !== name;
