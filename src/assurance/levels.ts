/**
 * How sure a sign-in must be: the levels that `acr` names, and what is still lacking.
 * Pure functions over proofs; nothing here knows a database, a page or a method.
 */
import { isFresh, isOfTheDay } from './freshness.ts';
import {
  type Acr,
  acr,
  type Factor,
  type Proof,
  provedAtOf,
  type Strength,
  type Trait,
} from './proof.ts';

/** Something to be proved; by what is up to the methods. */
export interface Need {
  readonly factor: Factor;
  readonly traits: readonly Trait[];
}

const knowledge: Need = { factor: 'knowledge', traits: [] };
const possession = (...traits: Trait[]): Need => ({ factor: 'possession', traits });

/** The ladder, lowest first: a higher level satisfies a lower one. */
const ladder: readonly { readonly acr: Acr; readonly needs: readonly Need[] }[] = [
  { acr: acr.pwd, needs: [knowledge] },
  { acr: acr.mfa, needs: [knowledge, possession()] },
  { acr: acr.phr, needs: [knowledge, possession('phishing-resistant')] },
  { acr: acr.phrh, needs: [knowledge, possession('phishing-resistant', 'hardware-bound')] },
];

export const supportedAcrs: readonly Acr[] = ladder.map((level) => level.acr);

/** What policy says of browsers that are trusted, whoever asks. */
export interface TrustRules {
  /** They stand in for any app's second step, for a day after it was given. */
  readonly trustSatisfies?: true;
}

export interface Goal extends TrustRules {
  readonly acr: Acr;
  /** Nobody but policy asks for a second step: a browser that is trusted stands in for it. */
  readonly isPolicysOwn?: true;
  /** Proofs from before this instant do not count (`max_age`, `prompt=login`). */
  readonly notBefore?: Date;
  /** What the level is reached by must be proved since then, as for changing one's methods. */
  readonly topSince?: Date;
  /** What recovers will do for that, whatever its own level: the strongest method may be lost. */
  readonly mayRecover?: true;
}

/** The proofs that may count for this account and this goal, whatever their age allows. */
export const countingFor = (
  account: string | undefined,
  { notBefore }: Pick<Goal, 'notBefore'>,
  proofs: readonly Proof[],
): readonly Proof[] =>
  proofs.filter(
    (proof) =>
      proof.account === account && (notBefore === undefined || provedAtOf(proof) >= notBefore),
  );

/** What is still to be proved, in the order in which it is asked. */
export function whatIsLacking(goal: Goal, proofs: readonly Proof[], now: Date): readonly Need[] {
  const counted = proofs.filter((proof) => !(goal.notBefore && provedAtOf(proof) < goal.notBefore));
  const needs = needsOf(goal.acr);
  const isMet = (need: Need) =>
    counted.some((proof) =>
      proof.factor === 'trust'
        ? need.factor === 'possession' && standsIn(proof, goal, now)
        : isFresh(goal.acr, proof, now) &&
          meets(proof, need, goal) &&
          (need !== needs.at(-1) || !goal.topSince || provedAtOf(proof) >= goal.topSince),
    );
  return needs.filter((need) => !isMet(need));
}

/** For two steps only, never for a level above. */
const standsIn = (proof: Proof, goal: Goal, now: Date): boolean =>
  goal.acr === acr.mfa &&
  !goal.topSince &&
  (goal.isPolicysOwn === true || (goal.trustSatisfies === true && isOfTheDay(proof, now)));

/** Whether a proof, or a method that could bring one, is what is needed. */
export const meets = (
  { factor, traits = [] }: Strength,
  need: Need,
  { mayRecover }: Pick<Goal, 'mayRecover'> = {},
): boolean =>
  (factor === need.factor || traits.includes('stands-alone')) &&
  (need.traits.every((trait) => traits.includes(trait)) ||
    (mayRecover === true && traits.includes('recovers')));

/** Recovery codes and passes are for when all else is lost, and nothing to sign in with every day. */
export const isForEveryDay = ({ traits }: Pick<Strength, 'traits'>): boolean =>
  !traits?.includes('recovers');

/** The highest level these proofs still stand for; a browser that is trusted for none but by rule. */
export const levelOf = (
  proofs: readonly Proof[],
  now: Date,
  { trustSatisfies }: TrustRules = {},
): Acr | undefined =>
  supportedAcrs.findLast((level) => {
    const goal = { acr: level, ...(trustSatisfies && { trustSatisfies }) };
    return whatIsLacking(goal, proofs, now).length === 0;
  });

/**
 * The levels that can be proved by these means, lowest first: asked of the methods that are
 * switched on, or of those that an account has. Never stored, because methods come and go.
 */
export const levelsWithin = (means: readonly Strength[]): readonly Acr[] =>
  supportedAcrs.filter((level) =>
    needsOf(level).every((need) => means.some((strength) => meets(strength, need))),
  );

export const isAtLeast = (reached: string | undefined, wanted: Acr): boolean =>
  supportedAcrs.indexOf(reached as Acr) >= supportedAcrs.indexOf(wanted);

/**
 * The level that a request asks for: the lowest of those listed, because any listed level
 * or a higher one satisfies it. Undefined when every listed value is unknown to us.
 */
export const lowestOf = (values: readonly string[]): Acr | undefined =>
  supportedAcrs.find((level) => values.includes(level));

export const higherOf = (left: Acr, right: Acr): Acr => (isAtLeast(left, right) ? left : right);

const needsOf = (level: Acr): readonly Need[] =>
  ladder.find((rung) => rung.acr === level)?.needs ?? [];
