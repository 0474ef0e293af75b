/**
 * Hears a request out before it is answered, even where its answer is known: whoever is still
 * talking when the connection closes may find it reset, and never read what was said to them.
 */
import type { IncomingMessage } from 'node:http';

import type { Middleware } from 'koa';

const MOST_BYTES = 1024 * 1024;

/** Belongs before everything that answers. */
export const drainRequest: Middleware = async (ctx, next) => {
  await next();
  if (!ctx.req.complete) await drain(ctx.req);
  // Nobody waits for the end of the rest, and nothing else can follow it.
  if (!ctx.req.complete) ctx.set('Connection', 'close');
};

async function drain(request: IncomingMessage): Promise<void> {
  let heard = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      heard += (chunk as Buffer).length;
      if (heard > MOST_BYTES) return;
    }
  } catch {
    // Went away before the end: there is nobody to answer any more.
  }
}
