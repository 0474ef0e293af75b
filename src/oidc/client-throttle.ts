/**
 * Slows down whoever tries client secrets, per app and network (ASVS 10.4.10).
 *
 * Why so: counted after the comparison, and only what was wrong, so that apps that are right
 * pay nothing. A right secret always passes: 256 random bits are not guessed, and else anyone
 * in the same network could switch an app off.
 */
import type { Context, Middleware } from 'koa';
import { errors, type KoaContextWithOIDC } from 'oidc-provider';

import { type Clock, secondsAfter } from '../lib/clock.ts';
import { Problem } from '../lib/problem.ts';
import type { Failures } from '../models/failure.ts';

export interface ClientThrottleDeps {
  readonly failures: Failures;
  readonly figures: { readonly mostPerWindow: number; readonly windowSeconds: number };
  /** Where a request comes from, as a digest. */
  readonly networkOf: (ctx: Context) => string;
  readonly clock: Clock;
}

/** Belongs around the provider. */
export function throttleClients(deps: ClientThrottleDeps): Middleware {
  const { failures, figures, networkOf, clock } = deps;

  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      // To whoever accepts pages, the library's errors are told by ours.
      if (error instanceof Problem && isWrongClient(error.cause)) await count(ctx);
      throw error;
    }
    if (ctx.status === 401 && isWrongClient(ctx.body)) await count(ctx);
  };

  /** Throws Problem where it was once too often. */
  async function count(ctx: Context): Promise<void> {
    // Only apps that exist are counted by name, or strangers could fill the database.
    const { oidc } = ctx as Partial<KoaContextWithOIDC>;
    const key = `client:${oidc?.client?.clientId ?? ''}@${networkOf(ctx)}`;
    const now = clock.now();
    const expiresAt = secondsAfter(now, figures.windowSeconds);
    const counted = await failures.count(key, { now, expiresAt });
    if (counted.count <= figures.mostPerWindow) return;
    throw new Problem('too-many-tries', { retryAt: counted.expiresAt });
  }
}

const isWrongClient = (told: unknown): boolean =>
  told instanceof errors.InvalidClientAuth ||
  (typeof told === 'object' && told !== null && 'error' in told && told.error === 'invalid_client');
