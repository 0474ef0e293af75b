/**
 * Members of the `claims` parameter that are not understood are ignored (OIDC Core §5.5), also
 * where nothing is left then, which the library calls an error. Belongs around the provider. A
 * pushed request is read by the library alone, and refused.
 */
import type { Context, Middleware } from 'koa';
import type Provider from 'oidc-provider';

export function ignoreStrangeClaims(provider: Provider): Middleware {
  const path = provider.pathFor('authorization');
  return async (ctx, next) => {
    if (ctx.path.toLowerCase() === path && hasOnlyStrangeMembers(ctx.query.claims)) drop(ctx);
    await next();
  };
}

function hasOnlyStrangeMembers(claims: unknown): boolean {
  if (typeof claims !== 'string') return false;
  try {
    const members: unknown = JSON.parse(claims);
    if (typeof members !== 'object' || members === null || Array.isArray(members)) return false;
    return !('userinfo' in members) && !('id_token' in members);
  } catch {
    return false;
  }
}

function drop(ctx: Context): void {
  const query = new URLSearchParams(ctx.querystring);
  query.delete('claims');
  ctx.querystring = query.toString();
}
