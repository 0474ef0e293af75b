/**
 * Ends sessions of an account, and tells their apps: the oldest when there are too many,
 * which is asked only when a session begins or changes its id, so that a sign-in pays one
 * indexed query; and all of them where an administrator says so.
 */
import type { OidcRecords } from '../models/oidc-record.ts';
import { createSessionApps, type SessionAppsDeps } from './session-apps.ts';

export type SessionLimit = ReturnType<typeof createSessionLimit>;

export interface SessionEndDeps extends SessionAppsDeps {
  readonly records: Pick<OidcRecords, 'endOldestSessions'>;
}

export interface SessionLimitDeps extends SessionEndDeps {
  readonly settings: { readonly sessionsPerAccount: number };
}

export function createSessionLimit({ settings, ...deps }: SessionLimitDeps) {
  return {
    /** Of sign-ins that race each other, each sees its own session and ends what is too old. */
    async enforce(accountId: string): Promise<void> {
      await endOldest(deps, accountId, { kept: settings.sessionsPerAccount });
    },
  };
}

/**
 * All of them, or all but one by its record; whoever signs in at that very moment is asked again.
 */
export const createSessionEnd =
  (deps: SessionEndDeps) =>
  async (accountId: string, one?: string): Promise<void> => {
    while ((await endOldest(deps, accountId, { kept: 0, one })) > 0);
  };

/** Returns how many it ended, of as many as go at once. */
async function endOldest(
  { records, ...deps }: SessionEndDeps,
  accountId: string,
  kept: Parameters<OidcRecords['endOldestSessions']>[1],
): Promise<number> {
  const ended = await records.endOldestSessions(accountId, kept);
  const { appsIn, tell } = createSessionApps(deps);
  await tell(accountId, ended.flatMap(appsIn));
  return ended.length;
}
