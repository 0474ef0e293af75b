/**
 * Answers only under the issuer's own name. oidc-provider builds addresses from the Host
 * header and decides about Secure cookies by the request's scheme, so both are pinned to the
 * issuer before it sees a request.
 */
import type Koa from 'koa';

import { Problem } from '../lib/problem.ts';

/** RFC 9112 §3.2; Node is told to leave it to us (listen.ts). */
export const namesHost: Koa.Middleware = async ({ req }, next) => {
  if (req.headers.host === undefined && req.httpVersion !== '1.0') throw new Problem('wrong-host');
  await next();
};

/** Belongs before everything that builds addresses, oidc-provider above all. */
export function onlyHost(issuer: string): Koa.Middleware {
  const { host, origin, protocol } = new URL(issuer);
  const defaultPort = protocol === 'https:' ? /:443$/ : /:80$/;
  return async (ctx, next) => {
    const name = ctx.get('Host').toLowerCase().replace(defaultPort, '');
    if (!isOriginForm(ctx)) throw new Problem('wrong-host');
    if (name === host) {
      // With a port that means the same (RFC 9110 §4.2.3), it would be built into addresses.
      ctx.req.headers.host = host;
      await next();
      return;
    }
    // The same name, said to be whole; cookies and forms belong to the other spelling.
    const isWhole = withoutDot(name) === host && (ctx.method === 'GET' || ctx.method === 'HEAD');
    if (!isWhole) {
      ctx.wayBack = { href: `${origin}/`, words: 'home' };
      throw new Problem('wrong-host');
    }
    ctx.status = 301;
    ctx.redirect(origin + (ctx.req.url ?? '/'));
  };
}

/** `id.example.org.`, with or without a port behind it. */
const withoutDot = (name: string): string => name.replace(/\.(?=:\d+$|$)/, '');

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
