/**
 * A password: what the account knows. Whether a new one is good enough is judged in
 * password-rules.ts, hashing is password-hasher.ts.
 */
import { z } from 'zod';

import type { CredentialKind } from './kind.ts';

/** In code points of the NFC form; anything above is refused before hashing. */
export const LONGEST_PASSWORD = 256;

/**
 * The spellings of one password that systems hash: NFC is ours, NFD is what some
 * keyboards type and nobody normalised, NFKC what SASLprep (RFC 4013) makes of it. How many there
 * are depends on what was typed alone, so the time they take tells nothing of an account.
 */
export const spellingsOf = (typed: string): readonly string[] => [
  ...new Set(['NFC', 'NFD', 'NFKC'].map((form) => typed.normalize(form))),
];

/** How many before the present one may not be chosen again. */
export const PREVIOUS_PASSWORDS = 2;

export const codePoints = (text: string): number => Array.from(text).length;

export const password = {
  id: 'password',
  stored: z.object({
    /** A PHC string. */
    hash: z.string(),
    setAt: z.date(),
    /** The hashes of those before it, newest first: none of them again. */
    previous: z.array(z.string()).exactOptional(),
  }),
  most: 1,
  hint: () => undefined,
} satisfies CredentialKind<unknown>;
