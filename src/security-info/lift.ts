/**
 * "This was me": a method that was suspended, because its owner had disowned it, can be used again.
 */
import type { Audit } from '../audit/audit.ts';
import { untilWritten } from '../lib/optimistic.ts';
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
  async ({ account: id, credential, from }: Wished): Promise<Done> => {
    const heldIn = (account: Account) =>
      account.credentials.find((one) => one.id === credential) ?? notOffered();
    const account = await untilWritten<Account>({
      read: async () => (await accounts.findById(id)) ?? notOffered(),
      async write(read) {
        const held = heldIn(read);
        if (!held.suspendedAt) return true;
        const { method } = calledBy(held, methods);
        const about = { by: id, account: id, from };
        const events = [audit.event('method.reinstated', about, { method, credential })];
        const isDone = await accounts.lift(read, held, events);
        if (isDone) audit.happened('accounts', id, events);
        return isDone;
      },
      most: 10,
      lost: () => new Problem('busy'),
    });
    return { act: 'lift', ...calledBy(heldIn(account), methods) };
  };

function notOffered(): never {
  throw new Problem('method-not-offered');
}
