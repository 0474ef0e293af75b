/**
 * What one verification of a hash from elsewhere may cost at most: about a second of a core, and
 * 256 MiB. Whoever could bring along a dearer one could stop the service with it.
 */
import type { PasswordHash } from './password-hash.ts';

interface Price {
  readonly of: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
}

/** Why a hash is too dear, or impossible; undefined where it is neither. */
export function flawOfCost(hash: PasswordHash): string | undefined {
  const flaw = pricesOf(hash).find(({ value, least, most }) => value < least || value > most);
  return flaw && `has ${flaw.of} ${flaw.value}: ${flaw.least} to ${flaw.most} are verified here`;
}

const MEGABYTE = 1_048_576;

function pricesOf(hash: PasswordHash): readonly Price[] {
  switch (hash.kind) {
    case 'argon2':
      return [
        { of: 'argon2 memory (KiB) of', value: hash.KiB, least: 8, most: 262_144 },
        {
          of: 'argon2 memory (KiB) times passes of',
          value: hash.KiB * hash.passes,
          least: 8,
          most: MEGABYTE,
        },
      ];
    case 'bcrypt':
      return [{ of: 'a bcrypt cost of', value: hash.cost, least: 4, most: 14 }];
    case 'scrypt': {
      const { N, r, p } = hash;
      return [
        { of: 'a scrypt N of', value: N, least: 2, most: 2 ** 20 },
        { of: 'a scrypt r of', value: r, least: 1, most: 64 },
        { of: 'a scrypt p of', value: p, least: 1, most: 64 },
        { of: 'scrypt memory (bytes) of', value: 128 * N * r, least: 256, most: 256 * MEGABYTE },
        { of: 'scrypt work (N·r·p) of', value: N * r * p, least: 2, most: 4 * MEGABYTE },
      ];
    }
    case 'pbkdf2':
      return [{ of: 'PBKDF2 iterations of', value: hash.iterations, least: 1, most: 2_000_000 }];
  }
}
