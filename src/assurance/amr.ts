/**
 * The `amr` claim (RFC 8176), written from recorded proofs and from nothing else. A proof that
 * no longer counts for the level that is told is not told either.
 */
import { isFresh } from './freshness.ts';
import { isAtLeast, levelOf } from './levels.ts';
import { acr, type Proof } from './proof.ts';

export function amrOf(proofs: readonly Proof[], now: Date): string[] {
  const reached = levelOf(proofs, now);
  if (!reached) return [];
  const counted = proofs.filter((proof) => isFresh(reached, proof, now));
  const references = new Set(counted.flatMap((proof) => proof.amr));
  if (isAtLeast(reached, acr.mfa)) references.add('mfa');
  return [...references].sort();
}
