/**
 * What an app was allowed to. Every session has its own grant per app, because tokens are
 * revoked by grant: signing out here must not sign the person out elsewhere. What was once
 * consented to is copied into the next session's grant; our own apps need no consent.
 */
import type Provider from 'oidc-provider';
import type { Grant, KoaContextWithOIDC } from 'oidc-provider';

import type { Clock } from '../lib/clock.ts';
import type { OidcRecords } from '../models/oidc-record.ts';
import { isFirstParty } from './client-metadata.ts';
import type { Payloads } from './sealed-payloads.ts';

export type Grants = ReturnType<typeof createGrants>;

export interface Wanted {
  readonly accountId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly claims: readonly string[];
}

/** Asked for by name, these say how the person signed in, not who they are. */
const ALWAYS_TOLD = ['sub', 'sid', 'auth_time', 'acr', 'amr', 'iss'];

export interface GrantsDeps {
  readonly records: OidcRecords;
  readonly payloads: Payloads;
  readonly clock: Clock;
}

export function createGrants({ records, payloads, clock }: GrantsDeps) {
  return {
    /** Whether the person already allowed all of this, in any browser. */
    isConsented: async (wanted: Wanted): Promise<boolean> =>
      (await consented(wanted)) !== undefined,

    /** The grant that an authorization request goes on with; made only once sign-in is complete. */
    async forRequest(
      ctx: KoaContextWithOIDC,
      isSignInPending: (ctx: KoaContextWithOIDC) => Promise<boolean>,
    ): Promise<Grant | undefined> {
      const { account, client, provider, result, session } = ctx.oidc;
      if (!account || !client) return undefined;

      const wanted = wantedIn(ctx, account.accountId);
      const id = result?.consent?.grantId ?? session?.grantIdFor(client.clientId);
      const current = id === undefined ? undefined : await provider.Grant.find(id);
      if (current && covers(current, wanted)) return current;
      if (await isSignInPending(ctx)) return current;

      const isAllowed = isFirstParty(client) || (await consented(wanted)) !== undefined;
      return isAllowed ? await extended(provider, current, wanted) : current;
    },
  };

  async function consented(wanted: Wanted) {
    const given = await records.findGrants(wanted.accountId, wanted.clientId);
    return given.find((record) => {
      const isLive = record.expiresAt && record.expiresAt > clock.now();
      // As the library's own Grant wrote it.
      const grant = isLive && (payloads.read(record) as Pick<Grant, 'openid'> | undefined);
      return grant ? covers(grant, wanted) : false;
    });
  }
}

/**
 * Stores what the person consented to and returns the grant's id. `grantId` is the grant that
 * the session already has, if any; one that is somebody else's is not touched.
 */
export async function saveConsent(
  provider: Provider,
  { grantId, ...wanted }: Wanted & { readonly grantId?: string | undefined },
): Promise<string> {
  const found = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  const isTheirs = found?.accountId === wanted.accountId && found.clientId === wanted.clientId;
  return (await extended(provider, isTheirs ? found : undefined, wanted)).jti;
}

async function extended(provider: Provider, current: Grant | undefined, wanted: Wanted) {
  const { accountId, clientId, scopes, claims } = wanted;
  const grant = current ?? new provider.Grant({ accountId, clientId });
  grant.addOIDCScope([...scopes]);
  grant.addOIDCClaims([...claims]);
  await grant.save();
  return grant;
}

function wantedIn({ oidc }: KoaContextWithOIDC, accountId: string): Wanted {
  return {
    accountId,
    clientId: oidc.client?.clientId ?? '',
    scopes: [...oidc.requestParamOIDCScopes],
    claims: [...oidc.requestParamClaims],
  };
}

function covers({ openid }: Pick<Grant, 'openid'>, { scopes, claims }: Wanted): boolean {
  const allowed = new Set(openid?.scope?.split(' '));
  const told = new Set([...ALWAYS_TOLD, ...(openid?.claims ?? [])]);
  return scopes.every((scope) => allowed.has(scope)) && claims.every((claim) => told.has(claim));
}
