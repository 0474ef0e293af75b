/**
 * A temporary access pass: a code that an administrator hands to somebody who cannot sign in, good for
 * minutes or hours. It is shown when made and never again; a new one takes the place of the old one.
 */
import { z } from 'zod';

import type { CredentialKind, Vault } from './kind.ts';
import { inGroups, isCodeOf, randomCode } from './paper-code.ts';

export type StoredPass = z.infer<typeof stored>;

// 60 bits. Nobody can try many, and it is good for eight hours at most.
const CHARACTERS = 12;

/** From the shortest to the longest that policy may allow, and where nobody says how long. */
export const PASS_MINUTES = { fewest: 10, most: 480, usual: 60 } as const;

/** What policy says of it. */
export const passRules = z.object({
  longestMinutes: z.int().min(PASS_MINUTES.fewest).max(PASS_MINUTES.most),
});

const stored = z.object({
  digest: z.string(),
  startsAt: z.date(),
  endsAt: z.date(),
  isOnce: z.boolean(),
  /** When it was used last. */
  usedAt: z.date().exactOptional(),
});

export const temporaryAccessPass = {
  id: 'temporary-access-pass',
  stored,
  most: 1,
  hint: () => undefined,
  life: ({ startsAt, endsAt, isOnce, usedAt }) => ({
    ...{ startsAt, endsAt },
    isUsedUp: isOnce && usedAt !== undefined,
  }),
} satisfies CredentialKind<StoredPass>;

/** What the account keeps, and what is shown once. */
export function makePass(
  vault: Pick<Vault, 'digest'>,
  good: Omit<StoredPass, 'digest' | 'usedAt'>,
): { readonly stored: StoredPass; readonly code: string } {
  const code = randomCode(CHARACTERS);
  return { stored: { ...good, digest: vault.digest(code) }, code: inGroups(code) };
}

export const isPass = (code: string): boolean => isCodeOf(CHARACTERS, code);
