/**
 * Ends the oldest sessions of an account that has too many (S-166), and tells their apps.
 * Asked only when a session begins or changes its id: a sign-in pays one indexed query.
 */
import type { AdapterPayload } from 'oidc-provider';

import type { Clock } from '../lib/clock.ts';
import type { LogoutNotices } from '../models/logout-notice.ts';
import type { OidcRecords } from '../models/oidc-record.ts';
import { noticeOf } from './back-channel.ts';
import type { Payloads } from './payloads.ts';

export type SessionLimit = ReturnType<typeof createSessionLimit>;

export interface SessionLimitDeps {
  readonly records: Pick<OidcRecords, 'endOldestSessions'>;
  readonly payloads: Payloads;
  readonly notices: Pick<LogoutNotices, 'add'>;
  readonly settings: { readonly sessionsPerAccount: number };
  readonly clock: Clock;
}

export function createSessionLimit({
  records,
  payloads,
  notices,
  settings,
  clock,
}: SessionLimitDeps) {
  return {
    /** Of sign-ins that race each other, each sees its own session and ends what is too old. */
    async enforce(accountId: string): Promise<void> {
      const ended = await records.endOldestSessions(accountId, settings.sessionsPerAccount);
      const now = clock.now();
      const told = ended.flatMap((record) => {
        const { authorizations = {} } = payloads.open(record) as AdapterPayload; // by the adapter
        return Object.entries(authorizations).flatMap(([clientId, { sid }]) =>
          sid === undefined ? [] : [noticeOf({ clientId, accountId, sid }, now)],
        );
      });
      await notices.add(told);
    },
  };
}
