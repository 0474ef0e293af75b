/**
 * For resource servers: lets a request in when its access token says enough about how the
 * person signed in, and else says what would be enough (RFC 9470 §3).
 */
import type { Context, Middleware } from 'koa';

export interface Demand {
  /** Every level that will do; the token says which one was reached. */
  readonly acrValues: readonly string[];
  /** How long ago the person may have proved it, in seconds. */
  readonly maxAge: number;
}

/** What the authorization server says of a token (RFC 7662, RFC 9470 §6.2). */
export interface Introspected {
  readonly active: boolean;
  readonly acr?: unknown;
  readonly auth_time?: unknown;
}

export const createGuard =
  (
    { acrValues, maxAge }: Demand,
    introspect: (token: string) => Promise<Introspected>,
  ): Middleware =>
  async (ctx, next) => {
    const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(ctx.get('authorization'))?.[1];
    if (token === undefined) {
      challenge(ctx, {});
      return;
    }
    const { active, acr, auth_time: at } = await introspect(token);
    if (!active) {
      challenge(ctx, { error: 'invalid_token' });
      return;
    }
    const isStrong = typeof acr === 'string' && acrValues.includes(acr);
    const isRecent = typeof at === 'number' && Date.now() / 1000 - at <= maxAge;
    if (isStrong && isRecent) {
      await next();
      return;
    }
    challenge(ctx, {
      error: 'insufficient_user_authentication',
      error_description: 'a stronger or more recent sign-in is needed',
      acr_values: acrValues.join(' '),
      max_age: String(maxAge),
    });
  };

/** The values are our own: nothing in them needs escaping. */
function challenge(ctx: Context, fields: Readonly<Record<string, string>>): void {
  const said = Object.entries(fields).map(([name, value]) => `${name}="${value}"`);
  ctx.status = 401;
  ctx.set('WWW-Authenticate', ['Bearer', said.join(', ')].join(' ').trim());
  ctx.body = { error: fields.error ?? 'unauthorized' };
}
