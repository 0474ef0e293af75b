/**
 * Who is signed in to the demo app. What a browser holds is a signed id; the tokens stay
 * here, because they are too large for a cookie and none of the browser's business.
 */
import { randomUUID } from 'node:crypto';

import type { Context } from 'koa';

import type { PaperName } from './payroll.ts';
import type { Begun, SignIn, Tokens } from './sign-in.ts';
import type { Wishes } from './step-up.ts';

export interface Session {
  /** Sign-ins that have not come back yet, the oldest first: each tab may have one of its own. */
  readonly begun: readonly BegunAs[];
  readonly signedIn?: SignedIn;
}

export interface BegunAs extends Begun {
  readonly as: AppName;
  /** What a resource server asked for. */
  readonly wishes?: Wishes;
}

export interface SignedIn {
  readonly as: AppName;
  readonly begun: Omit<BegunAs, 'as'>;
  readonly tokens: Tokens;
  /** What userinfo calls this person. */
  readonly name?: string;
  /** The level before a step-up. */
  readonly acrBefore?: unknown;
  /** What was asked for since, by where it is shown. */
  readonly answers?: Readonly<Partial<Record<'userinfo' | 'refresh' | PaperName, string>>>;
}

export type AppName = 'demo' | 'partner';

export type Apps = Readonly<Record<AppName, () => Promise<SignIn>>>;

export type Sessions = ReturnType<typeof createSessions>;

const COOKIE = 'demo_session';
const MOST_SESSIONS = 1_000;
const MOST_BEGUN = 8;

export function createSessions() {
  const sessions = new Map<string, Session>();
  const of = (ctx: Context): Session => sessions.get(idOf(ctx)) ?? { begun: [] };

  function open(ctx: Context, session: Session): void {
    sessions.delete(idOf(ctx));
    const [oldest] = sessions.keys();
    if (oldest !== undefined && sessions.size >= MOST_SESSIONS) sessions.delete(oldest);
    const id = randomUUID();
    sessions.set(id, session);
    ctx.cookies.set(COOKIE, id, { signed: true, httpOnly: true, sameSite: 'lax' });
  }

  /** Never brings back a session that was ended meanwhile. */
  function change(ctx: Context, changes: Partial<Session>): void {
    const session = sessions.get(idOf(ctx));
    if (session) sessions.set(idOf(ctx), { ...session, ...changes });
  }

  return {
    of,
    change,

    begin(ctx: Context, one: BegunAs): void {
      const begun = [...of(ctx).begun, one].slice(-MOST_BEGUN);
      if (sessions.has(idOf(ctx))) change(ctx, { begun });
      else open(ctx, { begun });
    },

    /** The sign-in with this state, once. */
    take(ctx: Context, state: unknown): BegunAs | undefined {
      const { begun } = of(ctx);
      const taken = begun.find((one) => one.state === state);
      change(ctx, { begun: begun.filter((one) => one !== taken) });
      return taken;
    },

    /** A new id each time, so that a planted one is worth nothing. */
    signIn(ctx: Context, signedIn: SignedIn): void {
      open(ctx, { begun: of(ctx).begun, signedIn });
    },

    end(ctx: Context): void {
      sessions.delete(idOf(ctx));
      ctx.cookies.set(COOKIE);
    },
  };
}

// Without any option the library does not look at the signature.
const idOf = (ctx: Context): string => ctx.cookies.get(COOKIE, { signed: true }) ?? '';
