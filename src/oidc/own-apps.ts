/**
 * The apps that one account let in, for whoever owns it: seen, and shut out again. What an app was
 * allowed to goes with its tokens, so that it asks anew; whoever is signed in there is told of it.
 */
import type { Grant } from 'oidc-provider';

import type { AccountRecords } from '../models/account-records.ts';
import { isLive, type OidcRecord, type OidcRecords } from '../models/oidc-record.ts';
import { ACCOUNT_CLIENT } from './account-client.ts';
import type { Clients } from './clients.ts';
import { createSessionApps, type SessionAppsDeps } from './session-apps.ts';

export interface OwnApp {
  readonly id: string;
  readonly name: string;
  /** The organisation's own, which never asks. */
  readonly isFirstParty: boolean;
  readonly scopes: readonly string[];
  readonly since?: Date;
}

export interface OwnAppsDeps extends SessionAppsDeps {
  readonly ofAccounts: Pick<AccountRecords, 'grantsOf' | 'takeGrants' | 'sessionsOf'>;
  readonly records: Pick<OidcRecords, 'removeByGrant'>;
  readonly clients: Pick<Clients, 'find'>;
}

export type OwnApps = ReturnType<typeof createOwnApps>;

export function createOwnApps(deps: OwnAppsDeps) {
  const { ofAccounts, records, clients, payloads, clock } = deps;
  const { appsIn, tell } = createSessionApps(deps);

  return {
    /** By name. Every session has a grant of its own, so that an app may have many. */
    async list(account: string): Promise<readonly OwnApp[]> {
      const now = clock.now();
      const live = (await ofAccounts.grantsOf(account)).filter((record) => isLive(record, now));
      const byClient = Map.groupBy(live, ({ clientId = '' }) => clientId);
      byClient.delete(ACCOUNT_CLIENT);
      const apps = await Promise.all([...byClient].map(([id, grants]) => appOf(id, grants)));
      return apps.toSorted((one, other) => one.name.localeCompare(other.name));
    },

    /** False where it had none. Without its grant a token is good for nothing, whoever has it. */
    async end(account: string, client: string): Promise<boolean> {
      const taken = await ofAccounts.takeGrants(account, client);
      if (taken.length === 0) return false;
      await Promise.all(taken.flatMap((record) => grantIn(record)?.jti ?? []).map(removeTokens));
      const sessions = await ofAccounts.sessionsOf(account);
      const told = sessions.flatMap(appsIn).filter(({ clientId }) => clientId === client);
      await tell(account, told);
      return true;
    },
  };

  /** As the library's own Grant wrote it. */
  function grantIn(record: OidcRecord) {
    return payloads.read(record) as Pick<Grant, 'jti' | 'iat' | 'openid'> | undefined;
  }

  function removeTokens(grantId: string): Promise<void> {
    return records.removeByGrant(grantId);
  }

  async function appOf(id: string, stored: readonly OidcRecord[]): Promise<OwnApp> {
    const client = await clients.find(id);
    const grants = stored.flatMap((record) => grantIn(record) ?? []);
    const scopes = grants.flatMap(({ openid }) => openid?.scope?.split(' ') ?? []);
    const begun = Math.min(...grants.map(({ iat }) => iat));
    return {
      ...{ id, name: client?.client_name ?? id, isFirstParty: client?.first_party === true },
      scopes: [...new Set(scopes)],
      ...(Number.isFinite(begun) && { since: new Date(begun * 1000) }),
    };
  }
}
