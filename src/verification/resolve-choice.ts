/**
 * What is about to be asked, held against what the account has and policy allows; pure.
 */
import type { Trait } from '../assurance/proof.ts';
import type { Purpose } from '../assurance/purpose.ts';
import { isSameWay, type Way } from '../assurance/way.ts';
import { Problem } from '../lib/problem.ts';
import type { StoredCredential } from '../methods/open.ts';
import type { Account, Credential } from '../models/account.ts';
import type { Challenge } from '../models/challenge.ts';
import type { Facts } from '../models/flow.ts';
import {
  type Choice,
  choicesOf,
  heldBy,
  type MethodRules,
  type OpenMethod,
  traitsOf,
  withSuspended,
} from './choices.ts';

export interface AskedDeps extends MethodRules {
  readonly attemptsPerChallenge: number;
  /** The same for the same name, and nobody else's to know: 128 bits, base64url. */
  readonly seedFor: (username: string) => string;
}

interface Wanted {
  readonly wants?: readonly Trait[];
  readonly account: Account | undefined;
  readonly choice: Way;
  readonly purpose: Purpose;
  readonly facts: Facts;
}

export interface Asked {
  readonly method: OpenMethod;
  readonly data: unknown;
  /** Those that may answer, where it is not one alone; or are there already, where one is made. */
  readonly held: readonly StoredCredential[];
  readonly hint?: string;
  readonly hasOtherWays: boolean;
  readonly instead?: Way;
}

/** Stands for the credential of an account that does not exist, has none, or is not named yet. */
export const NOBODY = 'nobody';

/** What is known is counted per account and network, not per page. */
const ATTEMPTS_AT_KNOWLEDGE = 1000;

/** What is posted by hand is held against the same list as what is offered. */
export function whatIsAsked(wanted: Wanted, deps: AskedDeps): Asked {
  const { account, choice, purpose, wants = [] } = wanted;
  const method = deps.methods.get(choice.method);
  if (!method) throw new Problem('method-not-offered');
  if (choice.credential === NOBODY) return askedOfNobody(method, wanted, deps);
  if (purpose === 'enrol') return draftAsked(method, wanted);
  const canProve = ({ data }: Credential): boolean => {
    const traits = traitsOf(method, data, deps.availability);
    return wants.every((trait) => traits.includes(trait));
  };

  const choices = account ? choicesOf(account, purpose, deps) : [];
  const chosen = choices.find((offered) => isSameWay(offered, choice));
  const credential = account?.credentials.find(({ id }) => id === choice.credential);
  if (!account || !chosen || !credential) throw new Problem('method-not-offered');
  return {
    method,
    data: credential.data,
    held: method.asksAll ? heldBy(account, method).filter(canProve) : [],
    ...(chosen.hint !== undefined && { hint: chosen.hint }),
    hasOtherWays: choices.some(
      (other) => other.factor === chosen.factor && !isSameWay(other, chosen),
    ),
    ...insteadOf(chosen, method, choices),
  };
}

/** Somebody who does not exist is asked as anybody; whoever is not named yet names themselves. */
function askedOfNobody(method: OpenMethod, { facts }: Wanted, deps: AskedDeps): Asked {
  const username = facts.account?.username;
  if (username === undefined) {
    if (!deps.availability.asksUnnamed(method.id)) throw new Problem('method-not-offered');
    return { method, data: undefined, held: [], hasOtherWays: true };
  }
  const data = method.pretend(deps.seedFor(username));
  if (data === undefined) throw new Problem('method-not-offered');
  const { hint } = method.read(data);
  return { method, data, held: [], ...(hint !== undefined && { hint }), hasOtherWays: false };
}

function draftAsked(method: OpenMethod, { account, choice, facts }: Wanted): Asked {
  const draft = facts.enrolling?.draft;
  if (draft?.id !== choice.credential || draft.kind !== method.kind) {
    throw new Problem('method-not-offered');
  }
  const { hint } = method.read(draft.data);
  const named = hint !== undefined && { hint };
  const held = account && method.hasCeremony ? withSuspended(account, method) : [];
  return { method, data: draft.data, held, ...named, hasOtherWays: true };
}

/** Asking again makes a new code; it does not give back the tries that were used up. */
export function attemptsFor(
  { factor }: OpenMethod,
  open: Challenge | undefined,
  { choice, attemptsPerChallenge }: { choice: Way; attemptsPerChallenge: number },
): number {
  if (factor === 'knowledge') return ATTEMPTS_AT_KNOWLEDGE;
  return open && isSameWay(open, choice) ? open.attemptsLeft : attemptsPerChallenge;
}

/** Whoever waits for a device may type what it shows, on the same page. */
function insteadOf(chosen: Choice, { outOfBand }: OpenMethod, choices: readonly Choice[]) {
  if (!outOfBand) return {};
  const instead = choices.find(
    ({ credential, sends }) => credential === chosen.credential && !sends,
  );
  return instead && { instead: { method: instead.method, credential: instead.credential } };
}
