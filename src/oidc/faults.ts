/**
 * Faults that the library answers itself: to apps it says "server_error" with 500, whatever it
 * was, and tells nobody. Here they go on to where all faults are told and logged, so that an app
 * hears when to try again.
 */
import type { Context, Middleware } from 'koa';
import type Provider from 'oidc-provider';

/** Belongs right around the provider. */
export function passOnFaults(provider: Provider): Middleware {
  const faults = new WeakMap<object, Error>();
  provider.on('server_error', (ctx: Context, error: Error) => void faults.set(ctx.req, error));

  return async (ctx, next) => {
    await next();
    const fault = faults.get(ctx.req);
    if (fault) throw fault;
  };
}
