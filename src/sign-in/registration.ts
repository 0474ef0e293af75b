/**
 * What somebody is asked to register at a sign-in that would do without: a first second step, what
 * a password reset takes, a method that a campaign is for, or a look at what is there. Whoever is
 * asked has just proved as much as any change of methods takes. Pure.
 */
import { whatIsLacking } from '../assurance/levels.ts';
import type { Proof } from '../assurance/proof.ts';
import { daysAfter } from '../lib/clock.ts';
import type { Account } from '../models/account.ts';
import { confirmedAtIn, skippedIn } from '../models/registration.ts';
import {
  addableMethods,
  addableSecondSteps,
  choicesOf,
  heldBy,
  holdsSecondStep,
  type MethodRules,
} from '../verification/choices.ts';
import { goalToChange } from '../verification/goal-to-change.ts';
import type { Facts, RegistrationReason } from './flow.ts';

export interface Registration {
  readonly why: RegistrationReason;
  /** Ids of the methods that would do, strongest first; none where there is only to look. */
  readonly methods: readonly string[];
  /** It may be put off, so many more times or, without a number, again and again. */
  readonly skips?: { readonly left?: number };
}

/** What policy wants of this account; what is absent it does not. */
export interface RegistrationWishes {
  readonly secondStep?: { readonly skips: number; readonly skipDays: number };
  readonly reset?: { readonly methods: number };
  readonly confirm?: { readonly afterDays: number };
  readonly campaign?: {
    readonly method: string;
    readonly snoozeDays: number;
    readonly skips: number;
    readonly isForced: boolean;
  };
}

interface Asking {
  readonly account: Account;
  readonly proofs: readonly Proof[];
  readonly facts: Facts;
  readonly now: Date;
  readonly wishes: RegistrationWishes;
  readonly rules: MethodRules;
}

/** The first that is due, and was not put off in this sign-in. */
export function registrationDue(asking: Asking): Registration | undefined {
  const { account, proofs, facts, now, rules } = asking;
  if (whatIsLacking(goalToChange(account, now, rules), proofs, now).length > 0) return undefined;
  const skipped: readonly string[] = facts.skipped ?? [];
  // One interruption is enough for what is only wished.
  const wished = facts.registered || skipped.length > 0 ? [] : [campaign, confirmation];
  return [secondStep, forReset, ...wished]
    .map((due) => due(asking))
    .find((due) => due && !skipped.includes(due.why));
}

function secondStep({ account, proofs, now, wishes, rules }: Asking): Registration | undefined {
  const methods = idsOf(addableSecondSteps(account, rules));
  if (holdsSecondStep(account, rules) || methods.length === 0) return undefined;
  const why = 'second-step';
  // A pass is good for once: without a method nobody would get in again.
  if (proofs.some(isPass)) return { why, methods };
  if (!wishes.secondStep) return undefined;
  const { skips, skipDays } = wishes.secondStep;
  const { times = 0, firstAt = now } = skippedIn(account, why) ?? {};
  const left = skips - times;
  const maySkip = left > 0 && now < daysAfter(firstAt, skipDays);
  return { why, methods, ...(maySkip && { skips: { left } }) };
}

/** Two methods of one credential, as the text and the call of a phone, are one. */
function forReset({ account, wishes, rules }: Asking): Registration | undefined {
  const { methods: wanted = 0 } = wishes.reset ?? {};
  const held = new Set(choicesOf(account, 'reset', rules).map(({ credential }) => credential));
  const methods = addableMethods(account, rules).filter(({ purposes }) =>
    purposes.includes('reset'),
  );
  const isLacking = held.size < wanted && methods.length > 0;
  return isLacking ? { why: 'reset', methods: idsOf(methods), skips: {} } : undefined;
}

function campaign({ account, now, wishes, rules }: Asking): Registration | undefined {
  if (!wishes.campaign || !holdsSecondStep(account, rules)) return undefined;
  const { method: id, snoozeDays, skips, isForced } = wishes.campaign;
  const method = addableMethods(account, rules).find((one) => one.id === id);
  if (!method || heldBy(account, method).length > 0) return undefined;
  const { times = 0, lastAt } = skippedIn(account, 'campaign') ?? {};
  if (lastAt && now < daysAfter(lastAt, snoozeDays)) return undefined;
  const left = skips - times;
  const maySkip = left > 0 || !isForced;
  return {
    ...{ why: 'campaign', methods: [id] },
    ...(maySkip && { skips: isForced ? { left } : {} }),
  };
}

function confirmation({ account, now, wishes, rules }: Asking): Registration | undefined {
  const ways = choicesOf(account, 'sign-in', rules).filter(({ factor }) => factor === 'possession');
  if (!wishes.confirm || ways.length === 0) return undefined;
  const newest = account.credentials
    .filter(({ id }) => ways.some(({ credential }) => credential === id))
    .map(({ addedAt }) => addedAt.getTime());
  const since = confirmedAtIn(account) ?? new Date(Math.max(...newest));
  return now < daysAfter(since, wishes.confirm.afterDays)
    ? undefined
    : { why: 'confirm', methods: [], skips: {} };
}

const isPass = ({ factor }: Proof): boolean => factor === 'pass';

const idsOf = (methods: readonly { readonly id: string }[]): string[] =>
  methods.map(({ id }) => id);
