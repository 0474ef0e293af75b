/**
 * Says in the log what nobody would find otherwise: an app asked for `offline_access`, and the
 * library left it out, as OIDC Core §11 has it, because nobody was asked to consent to it. The
 * app then gets no refresh token, and no error either. Our own apps get one without it.
 */
import type { Context, Middleware } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';

import { requestIdOf } from '../web/request-id.ts';
import { isFirstParty } from './client-metadata.ts';

export interface OfflineAccessLog {
  info(fields: object, event: string): void;
}

/** Belongs around the provider. */
export const tellOfIgnoredScope =
  (log: OfflineAccessLog): Middleware =>
  async (ctx, next) => {
    await next();
    // Where the provider did not take the request, it left nothing behind.
    const { oidc } = ctx as Partial<KoaContextWithOIDC>;
    if (!oidc?.client || !isIgnored(ctx, oidc)) return;
    const { clientId } = oidc.client;
    const missing = oidc.prompts.has('consent') ? 'grant_types: refresh_token' : 'prompt=consent';
    log.info({ requestId: requestIdOf(ctx), client: clientId, missing }, 'offline-access.ignored');
  };

/** Of a pushed request it is its body that asks, once; of others the query. */
function isIgnored(ctx: Context, { route, client, body, params }: KoaContextWithOIDC['oidc']) {
  const isAsked = route === 'authorization' || route === 'pushed_authorization_request';
  if (!isAsked || !client || isFirstParty(client)) return false;
  return has(body?.scope ?? ctx.query.scope) && !has(params?.scope);
}

const has = (scope: unknown): boolean =>
  typeof scope === 'string' && scope.split(' ').includes('offline_access');
