/**
 * What happened, as administrators look for it, and whether the record of it is whole.
 */
import { type Mark, type Verified, verifyChain } from '../audit/verify.ts';
import type { Crypt } from '../lib/crypt.ts';
import type { AccountDirectory } from '../models/account-directory.ts';
import type { Accounts } from '../models/account.ts';
import type { AuditEvent } from '../models/audit-event.ts';
import type { AuditRecords } from '../models/audit-record.ts';

export interface AuditAdministrationDeps {
  readonly audited: Pick<AuditRecords, 'newestFirst' | 'inOrder' | 'head'>;
  readonly accounts: Pick<Accounts, 'findByIdentifier'>;
  readonly directory: Pick<AccountDirectory, 'usernamesOf'>;
  readonly crypt: Pick<Crypt, 'matches'>;
}

export interface SoughtEvents {
  /** To this account: by user name, mail address or id. */
  readonly account?: string | undefined;
  readonly name?: string | undefined;
  readonly since?: Date | undefined;
  readonly most: number;
}

export interface FoundEvents {
  readonly events: readonly AuditEvent[];
  /** By id, of the accounts in them that are still there. */
  readonly usernames: ReadonlyMap<string, string>;
}

export const createAuditAdministration = ({
  audited,
  accounts,
  directory,
  crypt,
}: AuditAdministrationDeps) => ({
  /** The newest ones, the newest last. */
  async list({ account: typed, name, since, most }: SoughtEvents): Promise<FoundEvents> {
    const account = typed === undefined ? undefined : await accountOf(typed, accounts);
    const isWanted = (event: AuditEvent): boolean =>
      (account === undefined || event.account === account) &&
      (name === undefined || event.name === name) &&
      (since === undefined || event.at >= since);
    const sought = {
      ...(account !== undefined && { account }),
      ...(name !== undefined && { name }),
    };
    const found: AuditEvent[] = [];
    for await (const { events } of audited.newestFirst(sought)) {
      found.unshift(...events.filter(isWanted));
      if (found.length >= most || (since && events.every(({ at }) => at < since))) break;
    }
    const events = found.slice(-most);
    const ids = new Set(events.flatMap(({ account, by }) => [by, ...(account ? [account] : [])]));
    return { events, usernames: await directory.usernamesOf([...ids]) };
  },

  /** `seen` is a head from elsewhere. */
  verify: (seen?: Mark): Promise<Verified> => verifyChain({ records: audited, crypt }, seen),
});

/** Somebody who is gone is still known by id. */
const accountOf = async (
  typed: string,
  accounts: AuditAdministrationDeps['accounts'],
): Promise<string> => (await accounts.findByIdentifier(typed))?._id ?? typed;
