/**
 * Gives every request an id, for the log and for the person who reports a problem. Never
 * taken from a header: it would be text that a stranger writes into the log.
 */
import type { Context, Middleware } from 'koa';

import { randomId } from '../lib/codes.ts';

const ids = new WeakMap<object, string>();

export const giveRequestId: Middleware = async (ctx, next) => {
  ctx.set('X-Request-Id', requestIdOf(ctx));
  await next();
};

export function requestIdOf({ req }: Context): string {
  const id = ids.get(req) ?? randomId();
  ids.set(req, id);
  return id;
}
