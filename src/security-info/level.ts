/**
 * How sure it must be who it is to see one's methods: what a sign-in takes. Pure.
 */
import type { Goal } from '../assurance/levels.ts';
import { acr } from '../assurance/proof.ts';
import type { Account } from '../models/account.ts';
import { holdsSecondStep, type MethodRules } from '../verification/choices.ts';

export type TwoSteps = 'everyone' | 'when-asked';

/** Whoever has a second step is asked for it, whatever policy wants of an app. */
export const goalToSee = (account: Account, twoSteps: TwoSteps, rules: MethodRules): Goal =>
  twoSteps === 'everyone' || holdsSecondStep(account, rules)
    ? { acr: acr.mfa, isPolicysOwn: true }
    : { acr: acr.pwd };
