/**
 * Ten codes on paper, each good once, for whoever lost everything else. They are shown when
 * made and never again; a new set replaces the old one.
 */
import { z } from 'zod';

import type { CredentialKind, Vault } from './kind.ts';
import { inGroups, isCodeOf, randomCode } from './paper-code.ts';

type StoredRecoveryCodes = z.infer<typeof stored>;

// 16 characters of 5 bits each: 80 bits, where NIST SP 800-63B-4 §4.2.1.1 asks for 64.
const CHARACTERS = 16;
const CODES = 10;

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
  const codes = Array.from({ length: CODES }, () => randomCode(CHARACTERS));
  return {
    stored: { digests: codes.map((code) => vault.digest(code)) },
    codes: codes.map(inGroups),
  };
}

export const isRecoveryCode = (code: string): boolean => isCodeOf(CHARACTERS, code);
