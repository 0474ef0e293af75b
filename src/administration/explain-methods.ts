/**
 * The methods that somebody holds, and of each whether it could be asked now, or why not. Pure.
 */
import type { Purpose } from '../assurance/purpose.ts';
import type { Account, Credential } from '../models/account.ts';
import { counterKeys } from '../models/counter.ts';
import type { OpenMethod } from '../verification/choices.ts';
import { type StateRules, waitOf } from './explain-state.ts';
import { type HeldMethod, heldMethod } from './held-methods.ts';

export interface MethodsRules extends StateRules {
  readonly hasChannel: (method: string) => boolean;
}

/** The first of these that is so. */
export type Hindrance =
  | ('unreadable' | 'suspended' | 'off-by-policy' | 'off-by-group' | 'not-for-administrators')
  | ('no-channel' | 'not-possible-here' | 'too-many-wrong')
  | ('channel' | 'denied' | 'unanswered' | 'paced' | 'passed-over');

/** One way to use it: a phone may be texted or called. */
export interface ExplainedUse {
  readonly method: string;
  readonly purpose: 'sign-in' | 'reset';
  readonly hindrance?: Hindrance;
}

export interface ExplainedMethod extends HeldMethod {
  readonly uses: readonly ExplainedUse[];
  /** Where no method here can make anything of it. */
  readonly isUnreadable: boolean;
}

export function methodsHeld(account: Account, rules: MethodsRules): readonly ExplainedMethod[] {
  return account.credentials.map((credential) => {
    const its = [...rules.methods.values()].filter(({ kind }) => kind === credential.kind);
    const isUnreadable = !its.some((method) => method.read(credential.data).isReadable);
    const suited = its.filter((method) => method.read(credential.data).isSuited);
    return {
      ...heldMethod(credential, account.preferred, rules.now),
      isUnreadable,
      uses: suited.flatMap((method) =>
        purposesOf(method).map((purpose) => use(method, purpose, { account, credential, rules })),
      ),
    };
  });
}

/** For what it is asked of people who cannot go on without it. */
const purposesOf = ({ purposes }: OpenMethod) =>
  (['sign-in', 'reset'] as const).filter((purpose) => purposes.includes(purpose));

interface Held {
  readonly account: Account;
  readonly credential: Credential;
  readonly rules: MethodsRules;
}

function use(method: OpenMethod, purpose: ExplainedUse['purpose'], held: Held): ExplainedUse {
  const hindrance = hindranceTo(method, purpose, held);
  return { method: method.id, purpose, ...(hindrance && { hindrance }) };
}

function hindranceTo(
  { id }: OpenMethod,
  purpose: Purpose,
  { account, credential, rules }: Held,
): Hindrance | undefined {
  const { availability, hasChannel, limits, now } = rules;
  if (credential.suspendedAt) return 'suspended';
  if (!availability.isAllowed(id, { purpose, account })) return whyOff(id, purpose, account, rules);
  if (!hasChannel(id)) return 'no-channel';
  if (!availability.isAvailable(id, purpose)) return 'not-possible-here';
  const key = counterKeys(purpose).credential(credential.id);
  if (waitOf(account, key, { limit: limits.credential, now })) return 'too-many-wrong';
  return availability.awayBecause(id, { account, purpose })?.reason;
}

function whyOff(
  id: OpenMethod['id'],
  purpose: Purpose,
  account: Account,
  { availability }: MethodsRules,
): Hindrance {
  const is = (as: Partial<Account>): boolean =>
    availability.isAllowed(id, { purpose, account: { ...account, ...as } });
  if (is({ roles: [] })) return 'not-for-administrators';
  return is({ groups: [], roles: [] }) || availability.isAllowed(id, { purpose })
    ? 'off-by-group'
    : 'off-by-policy';
}
