/**
 * "This was me": a method that was suspended, because its owner had disowned it, can be used again.
 */
import type { Audit } from '../audit/audit.ts';
import { changeAccount, type Plan } from '../flow/change-account.ts';
import { Problem } from '../lib/problem.ts';
import type { Account, Accounts } from '../models/account.ts';
import type { From } from '../models/audit-event.ts';
import type { Methods } from '../verification/choices.ts';
import type { Done } from './flow.ts';
import { calledBy } from './method-of.ts';

export interface LiftDeps {
  readonly accounts: Pick<Accounts, 'findById' | 'lift'>;
  readonly audit: Pick<Audit, 'event' | 'happened'>;
  readonly methods: Methods;
}

interface Wished {
  readonly account: string;
  readonly credential: string;
  readonly from: From;
}

/** A second click, or another tab, was quicker: that is as good. */
export const createLift =
  ({ accounts, audit, methods }: LiftDeps) =>
  ({ account: id, credential, from }: Wished): Promise<Done> => {
    return changeAccount<Done>(id, planned, { accounts, audit });

    function planned(account: Account): Plan<Done> {
      const held = account.credentials.find((one) => one.id === credential);
      if (!held) throw new Problem('method-not-offered');
      const called = calledBy(held, methods);
      const result = { act: 'lift', ...called } as const;
      if (!held.suspendedAt) return { result };
      const about = { by: id, account: id, from };
      const told = { method: called.method, credential };
      const events = [audit.event('method.reinstated', about, told)];
      return { result, change: { events, write: () => accounts.lift(account, held, events) } };
    }
  };
