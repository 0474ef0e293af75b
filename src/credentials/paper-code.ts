/**
 * Codes that people copy by hand: Crockford's base 32, in groups of four, read however they were
 * written down.
 */
import { randomInt } from 'node:crypto';

import { bareCode } from '../lib/visible.ts';

/** Without I, L, O and U, nothing in it looks like anything else. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Of 5 bits each. */
export const randomCode = (characters: number): string =>
  Array.from({ length: characters }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');

export const inGroups = (code: string): string => code.replaceAll(/.{4}(?=.)/g, '$&-');

/** The code as it was digested, however it was copied. */
export const readCode = (typed: string): string =>
  bareCode(typed).toUpperCase().replaceAll('O', '0').replaceAll(/[IL]/g, '1');

export const isCodeOf = (characters: number, code: string): boolean =>
  code.length === characters && Array.from(code).every((character) => ALPHABET.includes(character));
