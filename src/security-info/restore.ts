/**
 * What was removed comes back: for ten minutes in the session in which it went, and, where its owner
 * said that it wasn't them, for the rest of three days to whoever proves to be them.
 */
import type { Audit } from '../audit/audit.ts';
import { changeAccount, type Plan } from '../flow/change-account.ts';
import { type Clock, secondsAfter } from '../lib/clock.ts';
import type { Crypt } from '../lib/crypt.ts';
import { Problem } from '../lib/problem.ts';
import { readable, Unreadable } from '../lib/unreadable.ts';
import type { Account, Accounts } from '../models/account.ts';
import type { From } from '../models/audit-event.ts';
import { isDuplicate } from '../models/duplicate.ts';
import { dataIn, removedIn, type RemovedCredential } from '../models/removed-credential.ts';
import { hasRoom, type MethodRules } from '../verification/choices.ts';
import { CHANGE_SECONDS } from '../verification/goal-to-change.ts';
import type { Done } from './flow.ts';
import { calledBy, methodsOf } from './method-of.ts';
import { removedContext } from './remove.ts';

export interface RestoreDeps extends MethodRules {
  readonly accounts: Pick<Accounts, 'findById' | 'restoreCredential'>;
  readonly audit: Pick<Audit, 'event' | 'happened'>;
  readonly crypt: Pick<Crypt, 'open'>;
  readonly clock: Clock;
}

export interface Restoration {
  readonly account: string;
  readonly credential: string;
  readonly session: string;
  /** That it is them, lately and as for any other change. */
  readonly isProved: boolean;
  readonly from: From;
}

/** Those that this session may bring back now. */
export const restorableIn = (account: Account, session: string, now: Date) =>
  removedIn(account, now).filter(
    (one) => one.session === session && now < secondsAfter(one.removedAt, CHANGE_SECONDS),
  );

/** Those that their owner says they did not remove, for whoever proves to be them. */
export const contestedIn = (account: Account, now: Date) =>
  removedIn(account, now).filter(({ contestedAt }) => contestedAt !== undefined);

const isWanted =
  (wanted: string) =>
  ({ id }: RemovedCredential): boolean =>
    id === wanted;

export const createRestore =
  (deps: RestoreDeps) =>
  ({ account: id, credential: wanted, session, isProved, from }: Restoration): Promise<Done> => {
    const { accounts, audit, methods } = deps;
    return changeAccount<Done>(id, planned, deps);

    function planned(account: Account): Plan<Done> {
      const held = account.credentials.find(({ id: own }) => own === wanted);
      if (held) return { result: { act: 'restore', ...calledBy(held, methods) } };
      const removed = wantedIn(account);
      const { preferred } = removed;
      const credential = fittingIn(account, removed);
      const called = calledBy(credential, methods);
      const about = { by: id, account: id, from };
      const told = { method: called.method, credential: wanted };
      const events = [audit.event('method.restored', about, told)];
      const restored = { credential, preferred, events };
      const write = () =>
        accounts.restoreCredential(account, wanted, restored).catch(isSomebodyElses);
      return { result: { act: 'restore', ...called }, change: { events, write } };
    }

    function wantedIn(account: Account): RemovedCredential {
      const now = deps.clock.now();
      const removed =
        restorableIn(account, session, now).find(isWanted(wanted)) ??
        (isProved ? contestedIn(account, now).find(isWanted(wanted)) : undefined);
      if (!removed) throw new Problem('restore-over');
      return removed;
    }

    function fittingIn(account: Account, removed: RemovedCredential) {
      const credential = readableOf(account, removed, deps);
      const fits = methodsOf(credential, methods).some((method) =>
        hasRoom(account, method, credential.data),
      );
      if (!fits) throw new Problem('restore-clashes');
      return credential;
    }
  };

/** A key may have come to another account meanwhile. */
function isSomebodyElses(error: unknown): never {
  if (isDuplicate(error)) throw new Problem('restore-clashes');
  throw error;
}

/** What was sealed with a key that is gone cannot come back. */
function readableOf(...asked: Parameters<typeof credentialOf>) {
  try {
    return credentialOf(...asked);
  } catch (error) {
    if (error instanceof Unreadable) throw new Problem('restore-over');
    throw error;
  }
}

/** As it was, less what was proved by it. */
export function credentialOf(
  { _id }: Account,
  { id, kind, addedAt, version, sealed, ...rest }: RemovedCredential,
  { crypt }: Pick<RestoreDeps, 'crypt'>,
) {
  const text = readable('a removed method', () => crypt.open(sealed, removedContext(_id, id)));
  const data = dataIn(text);
  // No answer to what was asked before it went is taken for one to what is asked now.
  const back = { id, kind, data, version: version + 1, addedAt };
  const { lastUsedAt, suspendedAt } = rest;
  return { ...back, ...(lastUsedAt && { lastUsedAt }), ...(suspendedAt && { suspendedAt }) };
}
