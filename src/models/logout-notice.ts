/**
 * Apps that are still to be told that somebody signed out (OpenID Connect Back-Channel Logout).
 * Kept until an app has answered or was asked often enough; what is sent is oidc's business.
 */
import type { Connection } from 'mongoose';

import { createLeased, type Leased } from './leased.ts';

export interface LogoutNotice extends Leased {
  readonly clientId: string;
  readonly accountId: string;
  /** The session as this app knows it. */
  readonly sid: string;
}

export type LogoutNotices = Omit<ReturnType<typeof createLogoutNotices>, 'model'>;

export function createLogoutNotices(connection: Connection) {
  const leased = createLeased<LogoutNotice>(connection, {
    name: 'LogoutNotice',
    collection: 'logout_notices',
    fields: { clientId: String, accountId: String, sid: String },
  });

  return {
    ...leased,

    async add(notices: readonly LogoutNotice[]): Promise<void> {
      if (notices.length > 0) await leased.model.insertMany(notices);
    },
  };
}
