/**
 * How sure a sign-in must be: the levels that `acr` names, and what is still lacking.
 * Pure functions over proofs; nothing here knows a database, a page or a method.
 */
import { isFresh } from './freshness.ts';
import { type Acr, acr, type Factor, type Proof } from './proof.ts';

/** The ladder, lowest first: a higher level satisfies a lower one. */
const ladder: readonly { readonly acr: Acr; readonly factors: readonly Factor[] }[] = [
  { acr: acr.pwd, factors: ['knowledge'] },
  { acr: acr.mfa, factors: ['knowledge', 'possession'] },
];

export const supportedAcrs: readonly Acr[] = ladder.map((level) => level.acr);

export interface Goal {
  readonly acr: Acr;
  /** Proofs from before this instant do not count (`max_age`, `prompt=login`). */
  readonly notBefore?: Date;
}

/** The proofs that may count for this account and this goal, whatever their age allows. */
export const countingFor = (
  account: string | undefined,
  { notBefore }: Pick<Goal, 'notBefore'>,
  proofs: readonly Proof[],
): readonly Proof[] =>
  proofs.filter(
    (proof) => proof.account === account && (notBefore === undefined || proof.at >= notBefore),
  );

/** The factors still to be proved, in the order in which they are asked. */
export function whatIsLacking(goal: Goal, proofs: readonly Proof[], now: Date): readonly Factor[] {
  const counted = proofs.filter(
    (proof) => isFresh(goal.acr, proof, now) && !(goal.notBefore && proof.at < goal.notBefore),
  );
  return factorsOf(goal.acr).filter((factor) => !counted.some((proof) => proof.factor === factor));
}

/** The highest level these proofs still stand for. */
export const levelOf = (proofs: readonly Proof[], now: Date): Acr | undefined =>
  supportedAcrs.findLast((level) => whatIsLacking({ acr: level }, proofs, now).length === 0);

export const isAtLeast = (reached: string | undefined, wanted: Acr): boolean =>
  supportedAcrs.indexOf(reached as Acr) >= supportedAcrs.indexOf(wanted);

/**
 * The level that a request asks for: the lowest of those listed, because any listed level
 * or a higher one satisfies it. Undefined when every listed value is unknown to us.
 */
export const lowestOf = (values: readonly string[]): Acr | undefined =>
  supportedAcrs.find((level) => values.includes(level));

export const higherOf = (left: Acr, right: Acr): Acr => (isAtLeast(left, right) ? left : right);

const factorsOf = (level: Acr): readonly Factor[] =>
  ladder.find((rung) => rung.acr === level)?.factors ?? [];
