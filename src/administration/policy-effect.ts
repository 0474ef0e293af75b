/**
 * What another policy, or another group, would do to people, found out before it is made: by the
 * very functions that a sign-in asks. Which channels are there is nobody's decision, and whoever
 * decides may not know what the service knows: where none at all is known, every one counts as there.
 */
import { kinds } from '../credentials/index.ts';
import { isNumberServed } from '../credentials/phone-country.ts';
import type { MethodId } from '../methods/index.ts';
import { isSecondStep } from '../methods/method.ts';
import type { Account, Credential } from '../models/account.ts';
import { soundAccount } from '../models/sound-account.ts';
import { groupsOf, methodRulesOf, type Policy } from '../policy/shape.ts';
import {
  addableSecondSteps,
  choicesOf,
  holdsSecondStep,
  type MethodRules,
} from '../verification/choices.ts';
import { hasPassword } from './person.ts';
import type { Affected, Effect } from './refusal.ts';

export interface EffectDeps {
  readonly accounts: () => AsyncIterable<Account>;
  readonly rules: MethodRules;
}

interface Change {
  readonly before: Policy;
  readonly after: Policy;
}

const MOST_NAMED = 10;

/** Besides, the groups that it names and nobody is in. */
export async function effectOf(
  change: Change,
  { accounts, rules }: EffectDeps,
): Promise<Effect & { readonly emptyGroups: readonly string[] }> {
  const found = { lockedOut: affected(), startingAnew: affected() };
  const emptyGroups = new Set(groupsOf(change.after));
  const effectOn = policyEffect(change, rules);
  for await (const stored of accounts()) {
    const account = soundAccount(stored) ?? stored;
    for (const group of account.groups) emptyGroups.delete(group);
    const isOut = account.disabledAt !== undefined || !hasPassword(account);
    const effect = isOut ? undefined : await effectOn(account);
    if (effect) found[effect].add(account.username);
  }
  const { lockedOut, startingAnew } = found;
  return {
    ...{ lockedOut: lockedOut.seen(), startingAnew: startingAnew.seen() },
    emptyGroups: [...emptyGroups],
  };
}

function policyEffect({ before, after }: Change, rules: MethodRules) {
  const [old, next] = [rulesUnder(before, rules), rulesUnder(after, rules)];
  const isDemandedNow = before.twoSteps !== 'everyone' && after.twoSteps === 'everyone';
  return async (account: Account): Promise<keyof Effect | undefined> => {
    const standing = { account, reached: await reachedUnder(before, account), rules: old };
    const then = { account, reached: await reachedUnder(after, account), rules: next };
    return effectBetween(standing, then, isDemandedNow);
  };
}

/** Without the phones of countries that are not served: they are kept, and sent nothing. */
async function reachedUnder({ phoneCountries }: Policy, account: Account): Promise<Account> {
  if (phoneCountries.length === 0) return account;
  const reached: Credential[] = [];
  for (const credential of account.credentials) {
    if (await isReached(credential, phoneCountries)) reached.push(credential);
  }
  return { ...account, credentials: reached };
}

async function isReached({ kind, data }: Credential, served: readonly string[]): Promise<boolean> {
  const phone = kind === kinds.phone.id ? kinds.phone.stored.safeParse(data).data : undefined;
  if (!phone) return true;
  const { number, countryCallingCode: country } = phone;
  return isNumberServed({ number, country }, served);
}

/** The same of other groups for one account, under the policy in force. */
export function effectOfGroups(
  account: Account,
  groups: readonly string[],
  { policy, rules }: { readonly policy: Policy; readonly rules: MethodRules },
): Effect {
  const found = { lockedOut: affected(), startingAnew: affected() };
  const under = rulesUnder(policy, rules);
  const after = { account: { ...account, groups }, rules: under };
  const isOut = account.disabledAt !== undefined || !hasPassword(account);
  const effect = isOut ? undefined : effectBetween({ account, rules: under }, after);
  if (effect) found[effect].add(account.username);
  return { lockedOut: found.lockedOut.seen(), startingAnew: found.startingAnew.seen() };
}

interface Standing {
  readonly account: Account;
  /** The same with what can be reached, where that is less. */
  readonly reached?: Account;
  readonly rules: MethodRules;
}

function effectBetween(
  before: Standing,
  after: Standing,
  isDemandedNow = false,
): keyof Effect | undefined {
  const way = wayOf(after);
  if (way === 'set-up' && holdsSecondStep(before.account, before.rules)) return 'startingAnew';
  if (way !== 'none') return undefined;
  return isDemandedNow || wayOf(before) !== 'none' ? 'lockedOut' : undefined;
}

function rulesUnder(policy: Policy, { methods, availability }: MethodRules): MethodRules {
  const isThere = (id: MethodId): boolean => availability.isAvailable(id, 'sign-in');
  const knowsChannels = [...methods.values()].some(
    (method) => isSecondStep(method) && method.channel !== undefined && isThere(method.id),
  );
  return {
    methods,
    // What is away just now comes back, whatever is decided.
    availability: {
      ...{ ...availability, ...methodRulesOf(() => policy) },
      ...{ isAvailable: (id) => !knowsChannels || isThere(id), awayBecause: () => undefined },
    },
  };
}

/** How somebody who gave the password gets past the second step. */
function wayOf({ account, reached = account, rules }: Standing): 'take' | 'set-up' | 'none' {
  const choices = choicesOf(reached, 'sign-in', rules);
  if (choices.some(({ factor }) => factor === 'possession')) return 'take';
  const isFirst = !holdsSecondStep(account, rules);
  return isFirst && addableSecondSteps(account, rules).length > 0 ? 'set-up' : 'none';
}

function affected() {
  let count = 0;
  const first: string[] = [];
  return {
    add(username: string): void {
      count += 1;
      if (count <= MOST_NAMED) first.push(username);
    },
    seen: (): Affected => ({ count, first }),
  };
}
