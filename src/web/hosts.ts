/**
 * Answers only under the issuer's own name. oidc-provider builds addresses from the Host
 * header and decides about Secure cookies by the request's scheme, so both are pinned to the
 * issuer before it sees a request (C-66).
 */
import type Koa from 'koa';

import { Problem } from '../lib/problem.ts';

/** Belongs before everything that builds addresses, oidc-provider above all. */
export function onlyHost(issuer: string): Koa.Middleware {
  const { host } = new URL(issuer);
  return async (ctx, next) => {
    if (ctx.get('Host').toLowerCase() !== host || !isOriginForm(ctx)) {
      throw new Problem('wrong-host');
    }
    await next();
  };
}

/**
 * RFC 9112 §3.2.1. An absolute target would outrank the Host header in Koa's `href`; and of one
 * such as `//name#a@b`, which has a fragment, Koa takes the name for a host and finds no path.
 */
const isOriginForm = ({ req: { url = '' }, path }: Koa.Context): boolean =>
  url.startsWith('/') && Boolean(path);

/** Makes `ctx.protocol` and `ctx.secure` tell what browsers see, whatever a proxy says. */
export function pinProtocol(app: Koa, issuer: string): void {
  const protocol = new URL(issuer).protocol.slice(0, -1);
  Object.defineProperty(app.request, 'protocol', { get: () => protocol });
}
