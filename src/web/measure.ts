/**
 * Times every request, under the pattern of its address and never the address itself: that
 * would hold ids, and be a new figure for everything that a stranger thinks up.
 */
import type { Context, Middleware } from 'koa';

import { type Meter, stopwatch } from '../lib/meter.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'OPTIONS'];
const ALONE = ['/healthz', '/readyz'];
const ASSETS = '/assets/';

/** Belongs before everything else. */
export function measureRequests(meter: Meter): Middleware {
  return async (ctx, next) => {
    const passed = stopwatch();
    try {
      await next();
    } finally {
      meter.time('http_request_seconds', passed(), {
        method: METHODS.includes(ctx.method) ? ctx.method : 'other',
        route: routeOf(ctx),
        status: String(ctx.status),
      });
    }
  };
}

/** As our router and oidc-provider's, which is the same package, leave it behind. */
function routeOf(ctx: Context): string {
  const { _matchedRoute: pattern, path } = ctx as Context & { readonly _matchedRoute?: unknown };
  if (typeof pattern === 'string') return pattern;
  if (ALONE.includes(path)) return path;
  return path.startsWith(ASSETS) && ctx.status < 400 ? `${ASSETS}:file` : 'other';
}
