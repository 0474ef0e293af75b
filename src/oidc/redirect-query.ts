/**
 * Brings the query of a registered address back byte for byte (RFC 6749 §3.1.2): the library
 * reads it and writes it anew, and `?next=/home`, `?tenant=a%20b` and `?flag` come back as
 * something else, which some apps no longer know. Belongs around the provider.
 */
import type { Middleware } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';

export const keepRedirectQuery: Middleware = async (ctx, next) => {
  await next();
  // Where the provider did not take the request, it left nothing behind.
  const { oidc } = ctx as Partial<KoaContextWithOIDC>;
  const registered = oidc?.params?.redirect_uri;
  const location = ctx.response.get('Location');
  if (typeof registered !== 'string' || !registered.includes('?') || !location) return;
  const kept = withItsQuery(registered, location);
  if (kept !== undefined) ctx.set('Location', kept);
};

/** Undefined where the answer leads elsewhere, or says something under a name of the query. */
function withItsQuery(registered: string, location: string): string | undefined {
  const [to, asked] = [URL.parse(location), URL.parse(registered)];
  if (!to || !asked || to.origin + to.pathname !== asked.origin + asked.pathname) return undefined;
  if (!IS_ON_THE_WIRE.test(registered) || to.hash !== '') return undefined;
  const said = [...to.searchParams].slice([...asked.searchParams].length);
  const isTwice = said.length === 0 || said.some(([name]) => asked.searchParams.has(name));
  const between = /[?&]$/.test(registered) ? '' : '&';
  return isTwice ? undefined : registered + between + new URLSearchParams(said).toString();
}

const IS_ON_THE_WIRE = /^[!-~]+$/;
