/**
 * What a sign-in asks of somebody and for what reason, or what keeps them out: worked out by the very
 * functions that a sign-in asks. Pure; the words are of whoever shows it.
 */
import { type Goal, meets, type Need, whatIsLacking } from '../assurance/levels.ts';
import { type Acr, acr } from '../assurance/proof.ts';
import type { Account } from '../models/account.ts';
import { trustedIn } from '../models/trusted-browser.ts';
import { requestedGoal } from '../oidc/requested-assurance.ts';
import { type Policy, trustIn } from '../policy/shape.ts';
import {
  addableMethods,
  addableSecondSteps,
  type Choice,
  choicesOf,
  holdsSecondStep,
  strengthOf,
} from '../verification/choices.ts';
import { firstOf } from '../verification/first-choice.ts';
import { goalFor } from '../verification/password-due.ts';
import { type ExplainedMethod, methodsHeld } from './explain-methods.ts';
import { type ExplainedState, stateOf, type StateRules } from './explain-state.ts';

export interface ExplainRules extends StateRules {
  readonly policy: Policy;
  /** The levels that the methods switched on can prove. */
  readonly reachable: readonly Acr[];
  readonly hasChannel: (method: string) => boolean;
}

/** What is asked of whoever signs in to it. */
export interface AskingApp {
  readonly app: string;
  readonly acrValues?: string;
  readonly requiredAcr?: Acr | undefined;
}

export interface Explanation {
  readonly state: ExplainedState;
  readonly apps: readonly ExplainedApp[];
  readonly methods: readonly ExplainedMethod[];
  /** Ids of methods that they could set up now. */
  readonly addable: readonly string[];
  /** Ids of methods by which they could get back in without their password. */
  readonly forReset: readonly string[];
  /** How many browsers do not ask for the second step just now. */
  readonly trustedBrowsers: number;
}

export interface ExplainedApp {
  readonly app: string;
  /** Undefined where no method here could prove what it asks. */
  readonly acr?: Acr;
  /** Whose wish the level is. */
  readonly because?: 'policy' | 'app' | 'password-due' | 'nobody-asks-for-more';
  /** A trusted browser is not asked for the second step. */
  readonly isSparedByTrust?: boolean;
  /** In order. */
  readonly steps: readonly ExplainedStep[];
}

export type ExplainedStep =
  | {
      readonly step: 'begin';
      readonly method: string;
      readonly hint?: string;
      readonly because: 'only-one' | 'default' | 'raised' | 'strongest';
      /** What they could choose instead. */
      readonly others: readonly string[];
    }
  /** All that they have must wait. */
  | { readonly step: 'choose'; readonly others: readonly string[] }
  | { readonly step: 'set-up'; readonly methods: readonly string[] }
  | { readonly step: 'no-way' | 'new-password' | 'kept-out' };

/** The three levels that apps ask for, where no app is named. */
export const anyApp: readonly AskingApp[] = [
  { app: 'an app that asks for nothing' },
  { app: 'an app that asks for two steps', acrValues: acr.mfa },
  { app: 'an app that asks for phr', acrValues: acr.phr },
];

export function explain(
  account: Account,
  apps: readonly AskingApp[],
  rules: ExplainRules,
): Explanation {
  const { policy, now } = rules;
  const judging = { now, days: trustIn(policy).days };
  return {
    state: stateOf(account, rules),
    apps: apps.map((app) => appFor(account, app, rules)),
    methods: methodsHeld(account, rules),
    addable: addableMethods(account, rules).map(({ id }) => id),
    forReset: [...new Set(choicesOf(account, 'reset', rules).map(({ method }) => method))],
    trustedBrowsers: trustedIn(account, judging).length,
  };
}

function appFor(account: Account, { app, ...asked }: AskingApp, rules: ExplainRules): ExplainedApp {
  const { policy, reachable, now } = rules;
  const { trustSatisfies } = trustIn(policy);
  const requested = requestedGoal(asked, { twoSteps: policy.twoSteps, reachable });
  if (requested === 'unmet') return { app, steps: [{ step: 'no-way' }] };
  const goal: Goal = goalFor(
    { ...requested, ...(trustSatisfies && { trustSatisfies }) },
    account,
    rules,
  );
  const isSparedByTrust =
    policy.trustedBrowsers.days > 0 &&
    goal.acr === acr.mfa &&
    (goal.isPolicysOwn === true || goal.trustSatisfies === true);
  return {
    ...{ app, acr: goal.acr, because: whoAsks(goal, requested.acr), isSparedByTrust },
    steps: account.disabledAt
      ? [{ step: 'kept-out' }]
      : [
          ...whatIsLacking(goal, [], now).map((need) => stepFor(account, need, rules)),
          ...(account.passwordChangeDueAt ? ([{ step: 'new-password' }] as const) : []),
        ],
  };
}

function whoAsks(
  { acr: level, isPolicysOwn }: Goal,
  asked: Acr,
): NonNullable<ExplainedApp['because']> {
  if (level !== asked) return 'password-due';
  if (isPolicysOwn) return 'policy';
  return level === acr.pwd ? 'nobody-asks-for-more' : 'app';
}

/** As whoever typed a name and a password is asked: nothing stands alone then. */
function stepFor(account: Account, need: Need, rules: ExplainRules): ExplainedStep {
  const from = choicesOf(account, 'sign-in', rules).filter(
    (choice) => choice.factor === need.factor && meets(choice, need),
  );
  const first = firstOf(from, rules.policy.firstMethod);
  const namesOf = (all: readonly Choice[]) => [...new Set(all.map(({ method }) => method))];
  if (first) {
    const { method, hint } = first;
    const others = namesOf(
      from.filter((choice) => choice.credential !== first.credential || choice.method !== method),
    );
    const because = whyFirst(first, from.length);
    return { step: 'begin', method, ...(hint !== undefined && { hint }), because, others };
  }
  if (from.length > 0) return { step: 'choose', others: namesOf(from) };
  const methods = holdsSecondStep(account, rules)
    ? []
    : addableSecondSteps(account, rules)
        .filter((method) => meets(strengthOf(method, rules.availability), need))
        .map(({ id }) => id);
  return methods.length > 0 ? { step: 'set-up', methods } : { step: 'no-way' };
}

function whyFirst({ isRaised, isDefault }: Choice, count: number) {
  if (count === 1) return 'only-one' as const;
  if (isRaised) return 'raised' as const;
  return isDefault ? ('default' as const) : ('strongest' as const);
}
