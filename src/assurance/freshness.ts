/**
 * How long a proof keeps counting towards a level (NIST SP 800-63B-4 §2.1.3 and §2.2.3).
 * A session may live longer than what it once proved.
 */
import type { Acr, Proof } from './proof.ts';

const HOUR = 60 * 60;
const DAY = 24 * HOUR;

interface Freshness {
  readonly passwordSeconds: number;
  readonly secondFactorSeconds: number;
}

/** A level counts only as long as the shortest-lived of its proofs. */
const freshness: Readonly<Record<Acr, Freshness>> = {
  'urn:doorstep:acr:pwd': { passwordSeconds: 30 * DAY, secondFactorSeconds: 30 * DAY },
  // "Stay signed in" keeps the password's part, and the second step alone is asked again.
  'urn:doorstep:acr:mfa': { passwordSeconds: 30 * DAY, secondFactorSeconds: DAY },
};

export function isFresh(level: Acr, proof: Proof, now: Date): boolean {
  const { passwordSeconds, secondFactorSeconds } = freshness[level];
  const seconds = proof.factor === 'knowledge' ? passwordSeconds : secondFactorSeconds;
  return now.getTime() < proof.at.getTime() + seconds * 1000;
}
