/**
 * Which methods are spoken at all, and which at a known address: everything else is 405 with
 * the list. Addresses are compared as oidc-provider does, without regard to case.
 */
import type { Middleware } from 'koa';

import { Problem } from '../lib/problem.ts';

export interface KnownPath {
  readonly path: string;
  readonly methods: readonly string[];
}

const SPOKEN = ['GET', 'HEAD', 'POST', 'OPTIONS'];

/** Belongs before everything that looks at a request's address. */
export function onlyKnownMethods(paths: readonly KnownPath[]): Middleware {
  const known = new Map(paths.map(({ path, methods }) => [path.toLowerCase(), methods]));

  return async (ctx, next) => {
    const methods = known.get(ctx.path.toLowerCase()) ?? SPOKEN;
    if (!methods.includes(ctx.method)) {
      ctx.set('Allow', methods.join(', '));
      throw new Problem('method-not-allowed');
    }
    await next();
  };
}
