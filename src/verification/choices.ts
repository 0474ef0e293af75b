/**
 * Which methods an account could use now, and which it could add: what is registered, met
 * with what the method is for and what policy allows. Pure, and the only such list.
 */
import { levelsWithin } from '../assurance/levels.ts';
import type { Acr, Factor, Strength, Trait } from '../assurance/proof.ts';
import type { Purpose } from '../assurance/purpose.ts';
import { isSameWay, type Way } from '../assurance/way.ts';
import type { MethodId } from '../methods/index.ts';
import { isSecondStep } from '../methods/method.ts';
import type { OpenMethod as AnyMethod } from '../methods/open.ts';
import type { Account, Credential } from '../models/account.ts';
import type { Availability, Away } from './availability.ts';

export type OpenMethod = AnyMethod<MethodId>;
export type Methods = ReadonlyMap<string, OpenMethod>;

export interface MethodRules {
  readonly methods: Methods;
  readonly availability: Availability;
}

export interface Choice extends Way {
  readonly method: MethodId;
  readonly factor: Factor;
  /** What it can prove at best beyond its factor. */
  readonly traits?: readonly Trait[];
  /** What it must prove this time. */
  readonly wants?: readonly Trait[];
  readonly sends: boolean;
  /** Listed, so that people know what they wait for, and not begun for them. */
  readonly away?: Away;
  readonly hint?: string;
  /** Which of several sorts it is, such as an office phone. */
  readonly variant?: string;
  /** When it was added, where another of the list looks the same. */
  readonly addedAt?: Date;
  /** What the account's owner wants sign-in to begin with. */
  readonly isDefault?: true;
  /** What they used last in this browser. */
  readonly isLastUsed?: true;
  /** Begun before their own default, because policy wants the strongest. */
  readonly isRaised?: true;
}

/** Strongest first; which of them a sign-in begins with is decided in first-choice.ts. */
export function choicesOf(account: Account, purpose: Purpose, rules: MethodRules): Choice[] {
  return usable(purpose, rules, account).flatMap((method) =>
    choicesWith(method, { account, purpose }, rules.availability),
  );
}

/** Methods by which this account may still add a credential, strongest first. */
export const addableMethods = (account: Account, rules: MethodRules): OpenMethod[] =>
  usable('enrol', rules, account).filter(
    (method) => method.adding !== undefined && !isFull(account, method),
  );

/** Those of them that would be a second step: what lets nobody in sets up no sign-in. */
export const addableSecondSteps = (account: Account, rules: MethodRules): OpenMethod[] =>
  addableMethods(account, rules).filter(isSecondStep);

/**
 * Whether a second step was ever set up that policy still allows, usable at this moment or
 * not. Then a password alone may not add another one: where the carrier is away or a record
 * cannot be read, or is of a kind that nobody knows, the answer is no.
 */
export const holdsSecondStep = (account: Account, { methods, availability }: MethodRules) =>
  account.credentials.some(
    ({ kind }) => ![...methods.values()].some((method) => method.kind === kind),
  ) ||
  [...methods.values()].some(
    (method) =>
      isSecondStep(method) &&
      availability.isAllowed(method.id, { purpose: 'sign-in', account }) &&
      account.credentials.some((credential) => credential.kind === method.kind),
  );

/** Whether there is one that could be asked, whatever it is. */
export const holdsPassword = (
  { credentials }: Account,
  { methods }: Pick<MethodRules, 'methods'>,
) =>
  [...methods.values()].some(
    (method) =>
      method.factor === 'knowledge' && credentials.some(({ kind }) => kind === method.kind),
  );

/** The ids of those credentials that no method can make anything of. */
export const unreadableIn = ({ credentials }: Account, { methods }: MethodRules): string[] =>
  credentials
    .filter(({ kind, data }) => {
      const theirs = [...methods.values()].filter((method) => method.kind === kind);
      return !theirs.some((method) => method.read(data).isReadable);
    })
    .map(({ id }) => id);

export const isFull = ({ credentials }: Account, { kind, most }: OpenMethod): boolean =>
  credentials.filter((credential) => credential.kind === kind).length >= most;

/** Whether this one may come to them: since it was drafted another one may have taken its place. */
export const hasRoom = (account: Account, method: OpenMethod, data: unknown): boolean =>
  !isFull(account, method) && !method.adding?.clashes?.(data, heldData(account, method.kind));

export const heldData = ({ credentials }: Account, wanted: string): readonly unknown[] =>
  credentials.filter(({ kind }) => kind === wanted).map(({ data }) => data);

/**
 * A method that policy does not allow is nowhere offered, and not begun when posted by hand.
 * Without an account: what anybody could use.
 */
export const usable = (
  purpose: Purpose,
  { methods, availability }: MethodRules,
  account?: Account,
): OpenMethod[] =>
  [...methods.values()]
    .filter(({ purposes }) => purposes.includes(purpose))
    .filter(({ id }) => availability.isAllowed(id, { purpose, account }))
    .filter(({ id }) => availability.isAvailable(id, purpose))
    .sort((a, b) => a.rank - b.rank);

/** One for each credential, or one for all of them where the answer says which it is of. */
function choicesWith(
  method: OpenMethod,
  asked: { account: Account; purpose: Purpose },
  availability: Availability,
): Choice[] {
  const { id, factor, sends } = method;
  const away = availability.awayBecause(id, asked);
  const suited = heldBy(asked.account, method);
  const hints = suited.map(({ data }) => method.read(data).hint);
  return (method.asksAll ? suited.slice(0, 1) : suited).map((credential) => {
    const { hint, variant } = method.read(credential.data);
    const answering = method.asksAll ? suited : [credential];
    const traits = [
      ...new Set(answering.flatMap(({ data }) => traitsOf(method, data, availability))),
    ];
    const named = !method.asksAll && {
      ...(hint !== undefined && { hint }),
      ...(variant !== undefined && { variant }),
    };
    const { id: own, addedAt } = credential;
    const isAlike = !method.asksAll && hints.filter((other) => other === hint).length > 1;
    const isDefault = isMeant(asked.account.preferred, method, own) && { isDefault: true as const };
    const choice = { method: id, credential: own, factor, traits, sends, ...isDefault };
    return { ...choice, ...(away && { away }), ...named, ...(isAlike && { addedAt }) };
  });
}

/** What a method can prove at best, as policy has it. */
export const strengthOf = (
  method: OpenMethod,
  availability: Pick<Availability, 'policyOf'>,
): Strength => ({
  factor: method.factor,
  traits: method.traitsUnder(availability.policyOf(method.id)),
});

/** The levels that anybody could reach by what is on here, as policy has it. */
export const reachableLevels = (rules: MethodRules): readonly Acr[] =>
  levelsWithin(usable('sign-in', rules).map((method) => strengthOf(method, rules.availability)));

/** What this one can prove beyond its factor, as far as policy lets that count. */
export function traitsOf(
  method: OpenMethod,
  data: unknown,
  availability: Pick<Availability, 'policyOf'>,
): readonly Trait[] {
  const counting = method.traitsUnder(availability.policyOf(method.id));
  const { traits = method.traits } = method.read(data);
  return traits.filter((trait) => counting.includes(trait));
}

/**
 * Those that a method can ask. A record that cannot be read is unusable, and no other method suffers
 * for it; nor is one asked that is suspended.
 */
export const heldBy = (account: Account, method: OpenMethod): Credential[] =>
  withSuspended(account, method).filter(({ suspendedAt }) => !suspendedAt);

/** Those that may answer all the same: of a suspended one it is said that it is. */
export const withSuspended = ({ credentials }: Account, method: OpenMethod): Credential[] =>
  credentials.filter(({ kind, data }) => kind === method.kind && method.read(data).isSuited);

/** Whose level still counts: whoever had one suspended reaches no more by what is left. */
export const asIfLifted = (account: Account): Account => ({
  ...account,
  credentials: account.credentials.map(({ suspendedAt: _, ...credential }) => credential),
});

/** Whether sign-in may begin so; where all of its kind are asked at once, each of them is meant. */
export const isMeant = (
  way: Way | undefined,
  { id: method, asksAll, canBeDefault }: OpenMethod,
  credential: string,
): boolean =>
  way !== undefined &&
  canBeDefault &&
  isSameWay({ ...way, ...(asksAll && { credential }) }, { method, credential });

/** As the account is once what is to be replaced is gone. */
export const without = (account: Account, replaced: string | undefined): Account =>
  replaced === undefined
    ? account
    : { ...account, credentials: account.credentials.filter(({ id }) => id !== replaced) };
