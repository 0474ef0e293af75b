/**
 * A key or a device gets another name, by which its owner knows it.
 */
import type { Audit } from '../audit/audit.ts';
import { untilWritten } from '../lib/optimistic.ts';
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
  async ({ account: id, credential: wanted, name, from }: Wished): Promise<Done> => {
    const { accounts, audit, methods } = deps;
    const found = ({ credentials }: Account) => credentials.find((one) => one.id === wanted);
    let done: Done | undefined;
    await untilWritten<Account>({
      read: async () => (await accounts.findById(id)) ?? notOffered(),
      async write(account) {
        const credential = found(account) ?? notOffered();
        const data = renamed(deps, credential, name) ?? notOffered();
        const { method, ...called } = calledBy({ ...credential, data }, methods);
        done = { act: 'rename', method, ...called };
        const about = { by: id, account: id, from };
        const events = [audit.event('method.renamed', about, { method, credential: wanted })];
        const isDone = await accounts.moveOn(id, credential, { data, events });
        if (isDone) audit.happened('accounts', id, events);
        return isDone;
      },
      most: 10,
      lost: () => new Problem('busy'),
    });
    return done ?? notOffered();
  };

function notOffered(): never {
  throw new Problem('method-not-offered');
}
