/**
 * The apps that a stored session let in: which they are, and that they are told when it ends.
 */
import type { Clock } from '../lib/clock.ts';
import type { LogoutNotices } from '../models/logout-notice.ts';
import type { OidcRecord } from '../models/oidc-record.ts';
import { noticeOf } from './back-channel.ts';
import type { Payloads } from './sealed-payloads.ts';

export interface SessionAppsDeps {
  readonly payloads: Pick<Payloads, 'read'>;
  readonly logoutNotices: Pick<LogoutNotices, 'add'>;
  readonly clock: Clock;
}

export interface SessionApp {
  readonly clientId: string;
  /** By which the app knows the session; it is told of no other. */
  readonly sid?: string | undefined;
  readonly grantId?: string | undefined;
}

export function createSessionApps({ payloads, logoutNotices, clock }: SessionAppsDeps) {
  return { appsIn, tell };

  /** None where the payload cannot be read. */
  function appsIn(record: OidcRecord): readonly SessionApp[] {
    const { authorizations = {} } = payloads.read(record) ?? {};
    return Object.entries(authorizations).map(([clientId, { sid, grantId }]) => ({
      ...{ clientId, sid, grantId },
    }));
  }

  async function tell(accountId: string, apps: readonly SessionApp[]): Promise<void> {
    const now = clock.now();
    const notices = apps.flatMap(({ clientId, sid }) =>
      sid === undefined ? [] : [noticeOf({ clientId, accountId, sid }, now)],
    );
    await logoutNotices.add(notices);
  }
}
