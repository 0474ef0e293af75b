/**
 * What a load balancer asks: `/healthz`, whether this process lives, and `/readyz`, whether it
 * can serve. Belongs before the check of the Host header, because probes come by address.
 */
import type { Context, Middleware } from 'koa';

/** Throws, or never answers, when something that every request needs is not there. */
export type Check = () => Promise<unknown>;

const PATIENCE_MILLISECONDS = 1000;

export function healthChecks(checks: Readonly<Record<string, Check>>): Middleware {
  return async (ctx, next) => {
    const isRead = ctx.method === 'GET' || ctx.method === 'HEAD';
    if (isRead && ctx.path === '/healthz') answer(ctx, []);
    else if (isRead && ctx.path === '/readyz') answer(ctx, await failing(checks));
    else await next();
  };
}

function answer(ctx: Context, failed: readonly string[]): void {
  ctx.status = failed.length === 0 ? 200 : 503;
  ctx.set('Cache-Control', 'no-store');
  ctx.body = { ok: failed.length === 0, ...(failed.length > 0 && { failed }) };
}

async function failing(checks: Readonly<Record<string, Check>>): Promise<string[]> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => ((await passes(check)) ? [] : [name])),
  );
  return results.flat();
}

async function passes(check: Check): Promise<boolean> {
  const { promise: tooLate, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(resolve, PATIENCE_MILLISECONDS, false);
  try {
    return await Promise.race([check().then(() => true), tooLate]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
