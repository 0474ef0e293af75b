/**
 * JSON that the library breaks at: members that turn into no text, and such as are nested
 * thousands of times. It reads a request object before it looks at who signed it, so without this
 * any stranger could make faults of ours. Belongs around whoever passes its faults on.
 */
import type { Context, Middleware } from 'koa';
import { errors, type KoaContextWithOIDC } from 'oidc-provider';

import { Problem } from '../lib/problem.ts';

export const refuseUnreadable: Middleware = async (ctx, next) => {
  try {
    await next();
  } catch (error) {
    const refusal = refusalFor(ctx, error);
    if (!refusal) throw error;
    throw new Problem('request-refused', { details: { error: refusal.error }, cause: refusal });
  }
};

/** Undefined where something else is broken, maybe of ours. */
function refusalFor(ctx: Context, fault: unknown) {
  const { params } = (ctx as Partial<KoaContextWithOIDC>).oidc ?? {};
  const isTooDeep = fault instanceof RangeError;
  // The library takes it away as soon as it is read.
  if (params?.request !== undefined && (isTooDeep || fault instanceof TypeError)) {
    return new errors.InvalidRequestObject('could not read Request Object', { cause: fault });
  }
  return params?.claims !== undefined && isTooDeep
    ? new errors.InvalidRequest('could not read the claims parameter', undefined, { cause: fault })
    : undefined;
}
