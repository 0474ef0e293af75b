/**
 * Ten codes on paper, each good once, for whoever lost everything else. They are shown when
 * made and never again; a new set replaces the old one.
 */
import { randomInt } from 'node:crypto';

import { z } from 'zod';

import { bareCode } from '../lib/visible.ts';
import type { CredentialKind, Vault } from './kind.ts';

type StoredRecoveryCodes = z.infer<typeof stored>;

// 16 characters of 5 bits each: 80 bits, where NIST SP 800-63B-4 §4.2.1.1 asks for 64.
const CHARACTERS = 16;
const CODES = 10;
/** Crockford's base 32: without I, L, O and U, nothing in it looks like anything else. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

const stored = z.object({ digests: z.array(z.string()) });

export const recoveryCodes = {
  id: 'recovery-codes',
  stored,
  most: 1,
  hint: () => undefined,
  left: ({ digests }) => digests.length,
  issue(vault) {
    const { stored, codes } = makeRecoveryCodes(vault);
    return { stored, shown: codes };
  },
} satisfies CredentialKind<StoredRecoveryCodes>;

/** A new set: what the account keeps, and what its owner sees once, in groups of four. */
export function makeRecoveryCodes(vault: Vault): { stored: StoredRecoveryCodes; codes: string[] } {
  const codes = Array.from({ length: CODES }, randomCode);
  return {
    stored: { digests: codes.map((code) => vault.digest(code)) },
    codes: codes.map((code) => code.replaceAll(/.{4}(?=.)/g, '$&-')),
  };
}

const randomCode = (): string =>
  Array.from({ length: CHARACTERS }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');

/** The code as it was digested, however it was copied from paper. */
export const readRecoveryCode = (typed: string): string =>
  bareCode(typed).toUpperCase().replaceAll('O', '0').replaceAll(/[IL]/g, '1');

export const isRecoveryCode = (code: string): boolean =>
  code.length === CHARACTERS && Array.from(code).every((character) => ALPHABET.includes(character));
