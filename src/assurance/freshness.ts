/**
 * How long a proof keeps counting towards a level (NIST SP 800-63B-4 §2.1.3, §2.2.3, §2.3.3).
 * A session may live longer than what it once proved.
 *
 * Why so: what stands here is the most that the standard allows, whatever is configured; a
 * configured, shorter time is applied once, when a session is read (`lasting`).
 */
import type { Acr, Proof } from './proof.ts';

const HOUR = 60 * 60;
const DAY = 24 * HOUR;
const PASSWORD_SECONDS = 30 * DAY;

/**
 * Of everything but a password. "Stay signed in" keeps the password's part at every level, and
 * the second step alone is asked again.
 */
const secondStepSeconds: Readonly<Record<Acr, number>> = {
  'urn:doorstep:acr:pwd': DAY,
  'urn:doorstep:acr:mfa': DAY,
  phr: DAY,
  phrh: 12 * HOUR,
};

export function isFresh(level: Acr, proof: Proof, now: Date): boolean {
  const seconds = proof.factor === 'knowledge' ? PASSWORD_SECONDS : secondStepSeconds[level];
  return isYounger(proof, seconds, now);
}

/** Behind a browser that is trusted stands the second step that was given there. */
export const isOfTheDay = (proof: Proof, now: Date): boolean => isYounger(proof, DAY, now);

/** For how long a session's second step counts: in all, and while the browser is away. */
export interface Spans {
  readonly mfaSeconds: number;
  readonly mfaIdleSeconds: number;
  readonly phrhSeconds: number;
  readonly phrhIdleSeconds: number;
}

interface Span {
  readonly seconds: number;
  readonly idleSeconds: number;
}

/**
 * What is left of a session's proofs when its browser was away for so long. Whoever stores the
 * answer makes it last: coming back revives nothing.
 */
export function lasting(
  proofs: readonly Proof[],
  spans: Spans,
  { now, awaySeconds }: { readonly now: Date; readonly awaySeconds: number },
): readonly Proof[] {
  return proofs.flatMap((proof) => {
    // Whether it is still trusted stands in the account, and nowhere else.
    if (proof.factor === 'trust') return [proof];
    if (proof.factor === 'knowledge') return isYounger(proof, PASSWORD_SECONDS, now) ? [proof] : [];
    const { mfaSeconds, mfaIdleSeconds, phrhSeconds, phrhIdleSeconds } = spans;
    if (!counts(proof, { seconds: mfaSeconds, idleSeconds: mfaIdleSeconds })) return [];
    const isHighest = counts(proof, { seconds: phrhSeconds, idleSeconds: phrhIdleSeconds });
    return isHighest ? [proof] : [softened(proof)];
  });

  function counts(proof: Proof, { seconds, idleSeconds }: Span): boolean {
    return awaySeconds < idleSeconds && isYounger(proof, seconds, now);
  }
}

/** Still a second step, no longer one of the highest level. */
const softened = ({ traits, ...proof }: Proof): Proof =>
  traits ? { ...proof, traits: traits.filter((trait) => trait !== 'hardware-bound') } : proof;

const isYounger = ({ at }: Proof, seconds: number, now: Date): boolean =>
  now.getTime() < at.getTime() + seconds * 1000;
