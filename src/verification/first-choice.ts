/**
 * Which of several ways a sign-in begins with: a person's default, or the strongest where policy
 * wants that; and, where neither says it, what was last used in this browser. Pure.
 */
import type { Way } from '../assurance/way.ts';
import type { Account } from '../models/account.ts';
import {
  type Choice,
  heldBy,
  holdsSecondStep,
  isMeant,
  type MethodRules,
  type Methods,
  type OpenMethod,
  usable,
} from './choices.ts';

/** What policy wants a second step to begin with: each person's own default, or the strongest. */
export type FirstMethod = 'default' | 'strongest';

/** Undefined where nothing can be asked just now. */
export function firstOf(from: readonly Choice[], firstMethod: FirstMethod): Choice | undefined {
  const here = from.filter(({ away }) => !away);
  const [strongest] = here;
  const own = here.find(({ isDefault }) => isDefault);
  if (firstMethod === 'strongest') return own ? raisedAbove(own, strongest) : strongest;
  if (from.some(({ isDefault }) => isDefault)) return own ?? strongest;
  return here.find(({ isLastUsed }) => isLastUsed) ?? strongest;
}

/** The first second step is what sign-in begins with from then on, until its owner wants another. */
export function defaultAfter(account: Account, added: Way, rules: MethodRules): Way | undefined {
  const isFirst = account.preferred === undefined && !holdsSecondStep(account, rules);
  return isFirst && rules.methods.get(added.method)?.canBeDefault ? added : undefined;
}

/** Where the default goes when this credential is gone, if it was the default. */
export function defaultWithout(
  { preferred, ...account }: Account,
  gone: string,
  rules: MethodRules,
): Way | undefined {
  if (preferred?.credential !== gone) return undefined;
  const left = { ...account, credentials: account.credentials.filter(({ id }) => id !== gone) };
  return allowedTo(left, rules)
    .flatMap((method) =>
      heldBy(left, method).map(({ id }) => ({ method: method.id, credential: id })),
    )
    .at(0);
}

/** Methods that sign-in may begin with, strongest first. Which carriers are there may change, and is nothing to decide by. */
export function allowedTo(account: Account, { methods, availability }: MethodRules): OpenMethod[] {
  const rules = { methods, availability: { ...availability, isAvailable: () => true } };
  return usable('sign-in', rules, account).filter(({ canBeDefault }) => canBeDefault);
}

/** By the same method, their own one of several is as strong. */
const raisedAbove = (own: Choice, strongest: Choice | undefined): Choice =>
  strongest === undefined || strongest.method === own.method
    ? own
    : { ...strongest, isRaised: true };

/** Strongest first all the same: it goes before others by its own method, such as a second phone. */
export function lastUsedFirst(
  choices: readonly Choice[],
  lastUsed: Way | undefined,
  methods: Methods,
): readonly Choice[] {
  if (!lastUsed) return choices;
  const byMethod = Map.groupBy(choices, ({ method }) => method);
  return [...byMethod].flatMap(([id, same]) => {
    const method = methods.get(id);
    const marked = same.map((choice) =>
      method && isMeant(lastUsed, method, choice.credential)
        ? { ...choice, isLastUsed: true as const }
        : choice,
    );
    const isIt = ({ credential }: Choice): boolean => credential === lastUsed.credential;
    return [...marked.filter(isIt), ...marked.filter((choice) => !isIt(choice))];
  });
}
