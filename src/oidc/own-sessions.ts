/**
 * The sessions of one account, for whoever owns it: seen, and ended one by one. With a session go
 * its tokens, and its apps are told; what the apps were allowed to stays for the next.
 */
import type { Account } from '../models/account.ts';
import type { AccountRecords } from '../models/account-records.ts';
import { isLive, type OidcRecord, type OidcRecords, SESSION } from '../models/oidc-record.ts';
import { ACCOUNT_CLIENT } from './account-client.ts';
import type { Sessions } from './session.ts';
import { createSessionApps, type SessionAppsDeps } from './session-apps.ts';

export interface OwnSession {
  /** Of the record, which stays the same; it opens nothing. */
  readonly id: string;
  readonly record: string;
  readonly since?: Date;
  readonly seenAt?: Date;
  /** `Firefox, Windows`, and where it signed in; absent where nobody knows it. */
  readonly browser?: string;
  readonly address?: string;
  readonly clients: readonly string[];
}

export interface OwnSessionsDeps extends SessionAppsDeps {
  readonly ofAccounts: Pick<AccountRecords, 'sessionsOf' | 'findSession' | 'takeSession'>;
  readonly records: Pick<OidcRecords, 'removeByGrant'>;
  readonly sessions: Pick<Sessions, 'proofsOfRecord'>;
}

export type OwnSessions = ReturnType<typeof createOwnSessions>;

export function createOwnSessions(deps: OwnSessionsDeps) {
  const { ofAccounts, records, payloads, sessions, clock } = deps;
  const { appsIn, tell } = createSessionApps(deps);

  return {
    /** Those in which somebody is signed in now, the newest first. */
    async list(account: Account): Promise<readonly OwnSession[]> {
      const stored = await ofAccounts.sessionsOf(account._id);
      return stored.filter((record) => isSignedIn(record, account)).map(sessionIn);
    },

    /** False where there is none by this id, or it is another's. */
    async end(account: string, id: string): Promise<boolean> {
      const found = await ofAccounts.findSession(account, recordOf(id));
      // Before and after: what is left of it by a crash can be ended again, and nothing that was
      // issued meanwhile outlives it.
      if (found) await removeTokens(found);
      const ended = found && (await ofAccounts.takeSession(account, found._id));
      if (!ended) return false;
      await removeTokens(ended);
      await tell(account, theirAppsIn(ended));
      return true;
    },
  };

  function isSignedIn(record: OidcRecord, { signedOutAt }: Account): boolean {
    const payload = isLive(record, clock.now()) ? payloads.read(record) : undefined;
    if (!payload) return false;
    const proofs = sessions.proofsOfRecord(record, payload);
    return proofs.some(({ at }) => !(signedOutAt && at <= signedOutAt));
  }

  function sessionIn(record: OidcRecord): OwnSession {
    const { _id, signedInAt: since, seenAt, browser, address } = record;
    return {
      ...{ id: _id.slice(SESSION.length), record: _id },
      ...(since && { since }),
      ...(seenAt && { seenAt }),
      ...(browser !== undefined && { browser }),
      ...(address !== undefined && { address }),
      clients: theirAppsIn(record).map(({ clientId }) => clientId),
    };
  }

  /** "My account" itself is none that anybody chose. */
  function theirAppsIn(record: OidcRecord) {
    return appsIn(record).filter(({ clientId }) => clientId !== ACCOUNT_CLIENT);
  }

  async function removeTokens(record: OidcRecord): Promise<void> {
    const grants = theirAppsIn(record).flatMap(({ grantId }) => grantId ?? []);
    await Promise.all(grants.map((grant) => records.removeByGrant(grant)));
  }
}

const recordOf = (id: string): string => `${SESSION}${id}`;
