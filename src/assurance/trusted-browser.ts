/**
 * A browser that was told not to ask again, as an entry among the proofs of a sign-in or a session:
 * it is none, adds nothing to `amr`, and stands in for a second step only where levels.ts says so.
 *
 * Why so (2026-11): it travels with the proofs, so that a silent sign-on knows of it too, but has
 * a factor of its own, so that whoever counts factors never takes it for one. Nothing is believed
 * of it: that the account still holds its record is asked whenever it is read.
 */
import type { Proof } from './proof.ts';

/** In its place among methods, which the audit names. */
export const TRUSTED_BROWSER = 'trusted-browser';

/** What the account keeps of it, as far as it matters here. */
interface Kept {
  readonly id: string;
  readonly provedAt: Date;
}

/** As old as the second step that it stands in for. */
export const trustOf = (account: string, { id: credential, provedAt: at }: Kept): Proof => ({
  ...{ account, method: TRUSTED_BROWSER, credential, at },
  ...{ factor: 'trust', amr: [] },
});

export const isTrust = ({ factor }: Pick<Proof, 'factor'>): boolean => factor === 'trust';

/** Without those that the account no longer holds. */
export const stillHeld = (proofs: readonly Proof[], held: readonly Kept[]): readonly Proof[] =>
  proofs.filter((proof) => !isTrust(proof) || held.some(({ id }) => id === proof.credential));
