/**
 * What is left of something that was pasted once the signs are gone that nobody sees: chats,
 * spreadsheets and address books put them around numbers, codes and names. Never for passwords
 * and security answers, where every sign counts.
 */

/** Format characters, and all else that Unicode lets a font leave out (UAX #44). */
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
/** Of any width, and the blank of Braille, which looks like one. */
const SPACE = /[\p{Zs}\u2800]/gu;

/** Without invisible signs; every space is a plain one, and none is around it. */
export const visible = (typed: string): string =>
  typed.replaceAll(INVISIBLE, '').replaceAll(SPACE, ' ').trim();

/**
 * A code of ASCII signs however it was grouped, and in full width, as Japanese and Chinese
 * keyboards type it. Digits of other scripts stay what they are.
 */
export const bareCode = (typed: string): string =>
  visible(typed)
    .replaceAll(/[\s\p{Dash}]/gu, '')
    .replaceAll(/[\uff01-\uff5e]/g, narrow);

const TO_ASCII = 0xff01 - 0x21;
const narrow = (wide: string): string => String.fromCharCode(wide.charCodeAt(0) - TO_ASCII);
