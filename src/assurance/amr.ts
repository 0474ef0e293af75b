/**
 * The `amr` claim (RFC 8176), written from recorded proofs and from nothing else.
 */
import { levelOf } from './levels.ts';
import { acr, type Proof } from './proof.ts';

export function amrOf(proofs: readonly Proof[], now: Date): string[] {
  const references = new Set(proofs.flatMap((proof) => proof.amr));
  if (levelOf(proofs, now) === acr.mfa) references.add('mfa');
  return [...references].sort();
}
