/**
 * Everything random that the product hands out: ids, tokens and codes, all from the
 * operating system's generator; and what is kept of them.
 */
import { createHash, randomBytes, randomInt } from 'node:crypto';

import type { Crypt } from './crypt.ts';

/** 128 bits as 22 characters that need no escaping in a URL, a cookie or a path. */
export const randomId = (): string => randomBytes(16).toString('base64url');

export const randomToken = (bytes: number): string => randomBytes(bytes).toString('base64url');

/**
 * What is kept of such an id, where it is looked up by. No key is needed, because nobody
 * guesses 128 random bits, and so keys can be changed at any time.
 */
export const digestOf = (id: string): string => createHash('sha256').update(id).digest('base64url');

/** Decimal digits, each drawn on its own, so that leading zeros are as likely as any other. */
export const randomDigits = (length: number): string =>
  Array.from({ length }, () => randomInt(10)).join('');

/** Codes that we send: made here, and kept as digests only. */
export const createCodes = (crypt: Pick<Crypt, 'digest' | 'matches'>) => ({
  random: randomDigits,
  digest: (code: string, context: string): string => crypt.digest(code, `codes/${context}`),
  matches: (code: string, context: string, digest: string): boolean =>
    crypt.matches(code, `codes/${context}`, digest),
});
