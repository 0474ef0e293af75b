/**
 * How sure it must be who it is before a method comes, goes or changes: a recent proof at the best
 * level that the account can reach, wherever that is done. Pure.
 */
import { type Goal, higherOf, isForEveryDay, levelsWithin } from '../assurance/levels.ts';
import { acr } from '../assurance/proof.ts';
import { secondsAfter } from '../lib/clock.ts';
import type { Account } from '../models/account.ts';
import { asIfLifted, choicesOf, holdsSecondStep, type MethodRules } from './choices.ts';

/** How old a proof may be for a change (NIST SP 800-63B-4 §4.1.2.1, OWASP ASVS 7.5.1). */
export const CHANGE_SECONDS = 10 * 60;

/**
 * One that is suspended counts as well, or whoever has a mailbox could lower what a change needs; and
 * what cannot be asked just now, such as one that cannot be read, makes a password no better.
 */
export function goalToChange(account: Account, now: Date, rules: MethodRules): Goal {
  const everyDay = choicesOf(asIfLifted(account), 'sign-in', rules).filter(isForEveryDay);
  const best = levelsWithin(everyDay).at(-1) ?? acr.pwd;
  const least = holdsSecondStep(account, rules) ? acr.mfa : acr.pwd;
  return {
    acr: higherOf(best, least),
    topSince: secondsAfter(now, -CHANGE_SECONDS),
    mayRecover: true,
  };
}
