/**
 * A key or a device gets another name, by which its owner knows it.
 */
import type { Audit } from '../audit/audit.ts';
import { changeAccount, type Plan } from '../flow/change-account.ts';
import { Problem } from '../lib/problem.ts';
import type { Account, Accounts, Credential } from '../models/account.ts';
import type { From } from '../models/audit-event.ts';
import type { Methods } from '../verification/choices.ts';
import type { Done } from './flow.ts';
import { calledBy, methodsOf } from './method-of.ts';

export interface RenameDeps {
  readonly accounts: Pick<Accounts, 'findById' | 'moveOn'>;
  readonly audit: Pick<Audit, 'event' | 'happened'>;
  readonly methods: Methods;
}

interface Wished {
  readonly account: string;
  readonly credential: string;
  readonly name: string;
  readonly from: From;
}

/** The credential's data under another name; undefined where it has none. */
export const renamed = ({ methods }: Pick<RenameDeps, 'methods'>, one: Credential, name: string) =>
  methodsOf(one, methods)[0]?.rename(one.data, name);

export const createRename =
  (deps: RenameDeps) =>
  ({ account: id, credential: wanted, name, from }: Wished): Promise<Done> => {
    const { accounts, audit, methods } = deps;
    return changeAccount<Done>(id, planned, deps);

    function planned({ credentials }: Account): Plan<Done> {
      const credential = credentials.find((one) => one.id === wanted) ?? notOffered();
      const data = renamed(deps, credential, name) ?? notOffered();
      const called = calledBy({ ...credential, data }, methods);
      const about = { by: id, account: id, from };
      const told = { method: called.method, credential: wanted };
      const events = [audit.event('method.renamed', about, told)];
      const write = () => accounts.moveOn(id, credential, { data, events });
      return { result: { act: 'rename', ...called }, change: { events, write } };
    }
  };

function notOffered(): never {
  throw new Problem('method-not-offered');
}
