/**
 * The demo app put together: its pages, signing in and out, what an access token opens, and
 * calm words where something goes wrong.
 */
import { randomBytes } from 'node:crypto';

import Router from '@koa/router';
import Koa, { type Context } from 'koa';
import { AuthorizationResponseError } from 'openid-client';

import { files, type Notice, problem, showSignedIn, showWelcome, signedOut } from './pages.ts';
import { type Apps, createSessions, type Sessions } from './session.ts';
import { addSignIn } from './sign-in-routes.ts';
import { addTokenRoutes } from './token-routes.ts';

export interface DemoAppDeps {
  /** Ours at the demo app's address. */
  readonly origin: string;
  readonly handset: string;
  readonly apps: Apps;
}

export function createDemoApp({ origin, handset, apps }: DemoAppDeps): Koa {
  const sessions = createSessions();
  const router = new Router();
  const show = showWhoever(sessions, handset);

  for (const [path, { type, content }] of Object.entries(files)) {
    router.get(path, (ctx) => {
      ctx.type = type;
      ctx.body = content;
    });
  }
  router.get('/', (ctx) => show(ctx));
  router.get('/signed-out', (ctx) => show(ctx, signedOut));
  router.get('/not-begun', (ctx) => show(ctx, problem('not_begun')));
  addSignIn(router, { sessions, apps, origin });
  addTokenRoutes(router, { sessions, apps });

  const app = new Koa();
  app.keys = [randomBytes(32).toString('base64url')];
  app.use(calmWith(show));
  app.use(router.routes());
  return app;
}

type Show = (ctx: Context, notice?: Notice) => Promise<void>;

const showWhoever =
  (sessions: Sessions, handset: string): Show =>
  (ctx, notice) => {
    const { signedIn } = sessions.of(ctx);
    if (!signedIn) return showWelcome(ctx, { handset, notice });
    return showSignedIn(ctx, signedIn, {
      handset,
      notice: notice === signedOut ? undefined : notice,
    });
  };

/** Whatever went wrong: in words, with a way on. */
function calmWith(show: Show): Koa.Middleware {
  return async (ctx, next) => {
    ctx.set('Content-Security-Policy', "default-src 'self'; frame-ancestors 'none'");
    ctx.set('Cache-Control', 'no-store');
    try {
      await next();
    } catch (error) {
      const code = codeOf(error);
      process.stderr.write(`Demo app: ${code}: ${error instanceof Error ? error.message : ''}\n`);
      await show(ctx, problem(code));
    }
  };
}

function codeOf(error: unknown): string {
  if (error instanceof AuthorizationResponseError) return error.error;
  const code: unknown = error instanceof Error ? Reflect.get(error, 'error') : undefined;
  return typeof code === 'string' ? code : 'unexpected';
}
