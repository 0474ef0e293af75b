/**
 * What it takes to change a password that others may know. Pure.
 */
import { type Goal, higherOf } from '../assurance/levels.ts';
import { acr } from '../assurance/proof.ts';
import type { Account } from '../models/account.ts';
import { holdsSecondStep, type MethodRules } from './choices.ts';

/** Whoever is kept out changes nothing. */
export const isPasswordDue = (account: Account | undefined): boolean =>
  account?.passwordChangeDueAt !== undefined && account.disabledAt === undefined;

/**
 * Whoever knows the password may be anybody, so it is not enough to change it where there is a
 * second step, whatever the app asks for; and what was proved before, by a session that may be
 * anybody's as well, counts no more.
 */
export function goalFor(asked: Goal, account: Account | undefined, rules: MethodRules): Goal {
  const dueAt = account?.passwordChangeDueAt;
  if (!account || !dueAt) return asked;
  const { notBefore = dueAt } = asked;
  return {
    acr: holdsSecondStep(account, rules) ? higherOf(asked.acr, acr.mfa) : asked.acr,
    notBefore: notBefore > dueAt ? notBefore : dueAt,
  };
}
