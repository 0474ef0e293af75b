/**
 * A method goes, at once and for every process; sealed, it stays for three days. What policy needs
 * stays, also where two tabs take away the last two at the same moment: each write is made only
 * over the account as it was read.
 */
import { isAtLeast, isForEveryDay, levelsWithin } from '../assurance/levels.ts';
import type { Way } from '../assurance/way.ts';
import type { Acr } from '../assurance/proof.ts';
import type { Audit } from '../audit/audit.ts';
import { changeAccount, type Plan, type Writing } from '../flow/change-account.ts';
import type { Clock } from '../lib/clock.ts';
import type { Crypt } from '../lib/crypt.ts';
import { Problem } from '../lib/problem.ts';
import type { Account, Accounts, Credential, SpentSeed } from '../models/account.ts';
import type { AccountDirectory } from '../models/account-directory.ts';
import type { From } from '../models/audit-event.ts';
import { erasedAfter, type RemovedCredential, textOf } from '../models/removed-credential.ts';
import { choicesOf, type MethodRules, without } from '../verification/choices.ts';
import { defaultWithout, firstOf } from '../verification/first-choice.ts';
import type { Done, Removed } from './flow.ts';
import { calledBy, lineOf, methodsOf } from './method-of.ts';
import { listed } from './rows.ts';
import { possibleDefaults } from './set-default.ts';

export interface RemovalDeps extends MethodRules {
  readonly accounts: Pick<Accounts, 'findById'>;
  readonly directory: Pick<AccountDirectory, 'removeCredential'>;
  readonly audit: Pick<Audit, 'event' | 'happened'>;
  readonly crypt: Pick<Crypt, 'seal'>;
  readonly clock: Clock;
  /** What everybody must be able to prove. */
  readonly least: () => Acr;
  /** What is left of an app's seed, so that no code of it is good again. */
  readonly seedsAfter: (account: Account, gone: Credential) => readonly SpentSeed[] | undefined;
  /** Keys are noted before they go, so that browsers can be told of it. */
  readonly noteRemoved: (account: Account, gone: Credential) => Promise<void>;
}

export interface Removal {
  readonly account: string;
  readonly credential: string;
  readonly session: string;
  readonly from: From;
}

/** Somebody else has taken it away already: that is as good. */
export const createRemove =
  (deps: RemovalDeps) =>
  ({ account: id, ...removal }: Removal): Promise<Done> => {
    return changeAccount<Done>(id, planned, deps);

    function planned(account: Account): Plan<Done> {
      // Whoever took away their password could choose one without it.
      const gone = listed(account, deps).find((one) => one.id === removal.credential);
      if (!gone) return { result: { act: 'remove' } };
      if (!mayGo(account, gone, deps)) throw new Problem('method-needed');
      return {
        result: doneWith(account, gone, deps),
        change: removing(account, gone, removal, deps),
      };
    }
  };

type Needed = MethodRules & Pick<RemovalDeps, 'least'>;

/** Whether policy can do without it; what it does not count anyway may always go. */
export function mayGo(account: Account, gone: Credential, deps: Needed): boolean {
  const least = deps.least();
  return (
    isAtLeast(best(without(account, gone.id), deps), least) ||
    !isAtLeast(best(account, deps), least)
  );
}

const best = (account: Account, rules: MethodRules): Acr | undefined =>
  levelsWithin(choicesOf(account, 'sign-in', rules).filter(isForEveryDay)).at(-1);

function removing(
  account: Account,
  gone: Credential,
  { session, from }: Omit<Removal, 'account'>,
  deps: RemovalDeps,
): Writing {
  const { directory, audit, crypt, clock } = deps;
  const { _id } = account;
  const about = { by: _id, account: _id, from, gone };
  const { method } = calledBy(gone, deps.methods);
  const events = [audit.event('method.removed', about, { method, credential: gone.id })];
  return {
    events,
    async write() {
      await deps.noteRemoved(account, gone);
      return directory.removeCredential(account, gone.id, {
        events,
        preferred: defaultWithout(account, gone.id, deps),
        spentSeeds: deps.seedsAfter(account, gone),
        ...(isRestorable(gone, deps) && {
          removed: removedOf(account, gone, {
            ...{ session, removedAt: clock.now(), crypt },
            began: beganWith(account, gone, deps),
          }),
        }),
      });
    },
  };
}

/** What was given for a while is given anew, and by nobody else. */
export const isRestorable = (gone: Credential, { methods }: MethodRules): boolean =>
  methodsOf(gone, methods).every((method) => method.read(gone.data).life === undefined);

/** Where a removed credential is sealed for. */
export const removedContext = (account: string, credential: string): string =>
  `accounts/${account}/removed/${credential}`;

/** As it is kept: less what is sealed of it. */
export function removedOf(
  { _id }: Account,
  { data, ...gone }: Credential,
  {
    session,
    removedAt,
    began,
    crypt,
  }: Pick<RemovedCredential, 'session' | 'removedAt'> & {
    readonly began: Way | undefined;
    readonly crypt: Pick<Crypt, 'seal'>;
  },
): RemovedCredential {
  return {
    ...gone,
    sealed: crypt.seal(textOf(data), removedContext(_id, gone.id)),
    ...{ removedAt, erasedAt: erasedAfter(removedAt), session },
    ...(began && { preferred: { method: began.method, credential: began.credential } }),
  };
}

function doneWith(account: Account, gone: Credential, deps: RemovalDeps): Removed {
  const begins = beginsWithout(account, gone, deps);
  const called = calledBy(gone, deps.methods);
  const restorable = isRestorable(gone, deps) && { restorable: gone.id };
  return { act: 'remove', ...called, ...restorable, ...(begins && { begins }) };
}

/** How sign-in began with this, if it did. */
function beganWith(account: Account, gone: Credential, rules: MethodRules): Way | undefined {
  const first = firstOf(possibleDefaults(account, rules), 'default');
  return first?.credential === gone.id ? first : undefined;
}

/** What sign-in begins with once this is gone, where it began with this. */
export function beginsWithout(account: Account, gone: Credential, rules: MethodRules) {
  if (!beganWith(account, gone, rules)) return undefined;
  const preferred = defaultWithout(account, gone.id, rules);
  const { preferred: _, ...left } = without(account, gone.id);
  const after = { ...left, ...(preferred && { preferred }) };
  const begins = firstOf(possibleDefaults(after, rules), 'default');
  return begins && lineOf(after, begins, rules);
}
