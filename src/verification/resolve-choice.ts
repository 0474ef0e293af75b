/**
 * What is about to be asked, held against what the account has and policy allows; pure.
 */
import type { Purpose } from '../assurance/purpose.ts';
import { isSameWay, type Way } from '../assurance/way.ts';
import { Problem } from '../lib/problem.ts';
import type { Account } from '../models/account.ts';
import type { Challenge } from '../models/challenge.ts';
import type { Facts } from '../models/flow.ts';
import { type Choice, choicesOf, type MethodRules, type OpenMethod } from './choices.ts';

export interface AskedDeps extends MethodRules {
  readonly attemptsPerChallenge: number;
  /** A password that nobody has, asked for where there is no account. */
  readonly nobody: unknown;
}

/** A choice by its two names. */

interface Wanted {
  readonly account: Account | undefined;
  readonly choice: Way;
  readonly purpose: Purpose;
  readonly facts: Facts;
}

export interface Asked {
  readonly method: OpenMethod;
  readonly data: unknown;
  readonly hint?: string;
  readonly hasOtherWays: boolean;
  readonly instead?: Way;
}

/** Stands for the credential of an account that does not exist or has no password. */
export const NOBODY = 'nobody';

/** Wrong passwords are counted per account and network, not per page. */
const PASSWORD_ATTEMPTS = 1000;

/** What is posted by hand is held against the same list as what is offered. */
export function whatIsAsked({ account, choice, purpose, facts }: Wanted, deps: AskedDeps): Asked {
  const method = deps.methods.get(choice.method);
  if (!method) throw new Problem('method-not-offered');
  if (choice.credential === NOBODY) return { method, data: deps.nobody, hasOtherWays: false };

  if (purpose === 'enrol') {
    const draft = facts.enrolling?.draft;
    if (draft?.id !== choice.credential || draft.kind !== method.kind) {
      throw new Problem('method-not-offered');
    }
    const { hint } = method.read(draft.data);
    return { method, data: draft.data, ...(hint !== undefined && { hint }), hasOtherWays: true };
  }

  const choices = account ? choicesOf(account, purpose, deps) : [];
  const chosen = choices.find((offered) => isSameWay(offered, choice));
  const credential = account?.credentials.find(({ id }) => id === choice.credential);
  if (!chosen || !credential) throw new Problem('method-not-offered');
  return {
    method,
    data: credential.data,
    ...(chosen.hint !== undefined && { hint: chosen.hint }),
    hasOtherWays: choices.some(
      (other) => other.factor === chosen.factor && !isSameWay(other, chosen),
    ),
    ...insteadOf(chosen, method, choices),
  };
}

/** Asking again makes a new code; it does not give back the tries that were used up. */
export function attemptsFor(
  { factor }: OpenMethod,
  open: Challenge | undefined,
  choice: Way,
  { attemptsPerChallenge }: AskedDeps,
): number {
  if (factor === 'knowledge') return PASSWORD_ATTEMPTS;
  return open && isSameWay(open, choice) ? open.attemptsLeft : attemptsPerChallenge;
}

/** Whoever waits for a device may type what it shows, on the same page. */
function insteadOf(chosen: Choice, { answered }: OpenMethod, choices: readonly Choice[]) {
  if (answered === 'on-page') return {};
  const instead = choices.find(
    ({ credential, sends }) => credential === chosen.credential && !sends,
  );
  return instead && { instead: { method: instead.method, credential: instead.credential } };
}
