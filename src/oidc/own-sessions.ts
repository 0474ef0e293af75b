/**
 * The sessions of one account, for whoever owns it: seen, and ended one by one. With a session go
 * its tokens, and its apps are told; what the apps were allowed to stays for the next.
 */
import type { Clock } from '../lib/clock.ts';
import type { Account } from '../models/account.ts';
import type { AccountRecords } from '../models/account-records.ts';
import type { LogoutNotices } from '../models/logout-notice.ts';
import { type OidcRecord, type OidcRecords, SESSION } from '../models/oidc-record.ts';
import { ACCOUNT_CLIENT } from './account-client.ts';
import { noticeOf } from './back-channel.ts';
import type { Payloads } from './sealed-payloads.ts';
import type { Sessions } from './session.ts';

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

export interface OwnSessionsDeps {
  readonly ofAccounts: Pick<AccountRecords, 'sessionsOf' | 'findSession' | 'takeSession'>;
  readonly records: Pick<OidcRecords, 'removeByGrant'>;
  readonly payloads: Pick<Payloads, 'read'>;
  readonly sessions: Pick<Sessions, 'proofsOfRecord'>;
  readonly logoutNotices: Pick<LogoutNotices, 'add'>;
  readonly clock: Clock;
}

export type OwnSessions = ReturnType<typeof createOwnSessions>;

export function createOwnSessions(deps: OwnSessionsDeps) {
  const { ofAccounts, records, payloads, sessions, logoutNotices, clock } = deps;

  return {
    /** Those in which somebody is signed in now, the newest first. */
    async list(account: Account): Promise<readonly OwnSession[]> {
      const stored = await ofAccounts.sessionsOf(account._id);
      return stored.filter((record) => isLive(record, account)).map(sessionIn);
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
      await logoutNotices.add(noticesOf(ended, account));
      return true;
    },
  };

  function isLive(record: OidcRecord, { signedOutAt }: Account): boolean {
    const payload = record.expiresAt && record.expiresAt > clock.now() && payloads.read(record);
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
      clients: appsIn(record).map(([client]) => client),
    };
  }

  function appsIn(record: OidcRecord) {
    const apps = Object.entries(payloads.read(record)?.authorizations ?? {});
    return apps.filter(([client]) => client !== ACCOUNT_CLIENT);
  }

  async function removeTokens(record: OidcRecord): Promise<void> {
    const grants = appsIn(record).flatMap(([, { grantId }]) => grantId ?? []);
    await Promise.all(grants.map((grant) => records.removeByGrant(grant)));
  }

  function noticesOf(record: OidcRecord, accountId: string) {
    return appsIn(record).flatMap(([clientId, { sid }]) =>
      sid === undefined ? [] : [noticeOf({ clientId, accountId, sid }, clock.now())],
    );
  }
}

const recordOf = (id: string): string => `${SESSION}${id}`;
