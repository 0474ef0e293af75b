/**
 * Who is signed in to the demo app. What a browser holds is a signed id; the tokens stay
 * here, because they are too large for a cookie and none of the browser's business.
 */
import { randomUUID } from 'node:crypto';

import type { Context } from 'koa';

import type { Begun, Tokens } from './sign-in.ts';

export interface Session {
  /** A sign-in that has not come back yet. */
  readonly begun?: Begun & { readonly as: AppName };
  readonly signedIn?: { readonly as: AppName; readonly ask: Begun['ask']; readonly tokens: Tokens };
}

export type AppName = 'demo' | 'partner';

const COOKIE = 'demo_session';
const MOST_SESSIONS = 1_000;

export function createSessions() {
  const sessions = new Map<string, Session>();

  return {
    of: (ctx: Context): Session => sessions.get(idOf(ctx)) ?? {},

    /** A new id each time, so that a planted one is worth nothing. */
    put(ctx: Context, session: Session): void {
      sessions.delete(idOf(ctx));
      const [oldest] = sessions.keys();
      if (oldest !== undefined && sessions.size >= MOST_SESSIONS) sessions.delete(oldest);
      const id = randomUUID();
      sessions.set(id, session);
      ctx.cookies.set(COOKIE, id, { signed: true, httpOnly: true, sameSite: 'lax' });
    },

    end(ctx: Context): void {
      sessions.delete(idOf(ctx));
      ctx.cookies.set(COOKIE);
    },
  };
}

// Without any option the library does not look at the signature.
const idOf = (ctx: Context): string => ctx.cookies.get(COOKIE, { signed: true }) ?? '';
