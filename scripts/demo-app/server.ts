/**
 * The pages of the demo app: ways to ask for a sign-in, and what came back.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import Router from '@koa/router';
import ejs from 'ejs';
import Koa, { type Context } from 'koa';
import { AuthorizationResponseError } from 'openid-client';

import { calmly, explain, title } from './explain.ts';
import { type AppName, createSessions, type Session } from './session.ts';
import { asks, type Ask, type SignIn } from './sign-in.ts';
import { guardVault, openVault } from './vault.ts';

export interface DemoAppDeps {
  /** Ours at the demo app's address. */
  readonly origin: string;
  readonly handset: string;
  readonly apps: Readonly<Record<AppName, () => Promise<SignIn>>>;
}

const fileOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const style = readFileSync(fileOf('demo-app.css'));

export function createDemoApp({ origin, handset, apps }: DemoAppDeps): Koa {
  const sessions = createSessions();
  const router = new Router();

  router.get('/demo-app.css', (ctx) => {
    ctx.type = 'css';
    ctx.body = style;
  });

  router.get('/', async (ctx) => {
    const { signedIn } = sessions.of(ctx);
    if (!signedIn) return show(ctx, 'welcome', { handset, problem: undefined });
    return showMore(ctx, signedIn, undefined);
  });

  router.post('/sign-in/:ask', async (ctx) => {
    const ask = ctx.params.ask ?? '';
    if (!isAsk(ask)) return ctx.throw(404);
    const as = ask === 'partner' ? 'partner' : 'demo';
    const { begun, address } = await (await apps[as]()).begin(ask);
    sessions.put(ctx, { ...sessions.of(ctx), begun: { ...begun, as } });
    seeOther(ctx, address.href);
  });

  router.get('/callback', async (ctx) => {
    const { begun } = sessions.of(ctx);
    if (!begun) {
      seeOther(ctx, '/');
      return;
    }
    const { as, ask } = begun;
    const tokens = await (await apps[as]()).finish(new URL(ctx.url, origin), begun);
    sessions.put(ctx, { signedIn: { as, ask, tokens } });
    seeOther(ctx, '/');
  });

  router.post(
    '/userinfo',
    whenSignedIn(async (ctx, signedIn) => {
      const claims = await (await apps[signedIn.as]()).userinfo(signedIn.tokens);
      const said = JSON.stringify(claims, undefined, 2);
      await showMore(ctx, signedIn, { title: 'What the userinfo endpoint says', claims: said });
    }),
  );

  const guard = guardVault(async (token) => (await apps.demo()).introspect(token));
  router.get('/api/vault', guard, (ctx) => {
    ctx.body = { vault: 'Three gold coins and a map.' };
  });

  router.post(
    '/vault',
    whenSignedIn(async (ctx, signedIn) => {
      // Where this very server listens, whatever a Host header says.
      const address = `http://127.0.0.1:${ctx.req.socket.localPort}/api/vault`;
      const answer = await openVault(address, signedIn.tokens.accessToken);
      if ('said' in answer) {
        await showMore(ctx, signedIn, { title: 'What the vault says', claims: answer.said });
        return;
      }
      const { as } = signedIn;
      const away = await (await apps[as]()).begin('vault', answer.wishes);
      sessions.put(ctx, { signedIn, begun: { ...away.begun, as } });
      seeOther(ctx, away.address.href);
    }),
  );

  router.post(
    '/refresh',
    whenSignedIn(async (ctx, signedIn) => {
      const tokens = await (await apps[signedIn.as]()).refresh(signedIn.tokens);
      sessions.put(ctx, { signedIn: { ...signedIn, tokens } });
      seeOther(ctx, '/');
    }),
  );

  router.post('/sign-out', async (ctx) => {
    const { signedIn } = sessions.of(ctx);
    sessions.end(ctx);
    if (!signedIn) {
      seeOther(ctx, '/');
      return;
    }
    seeOther(ctx, (await apps[signedIn.as]()).signOut(signedIn.tokens, `${origin}/`).href);
  });

  const app = new Koa();
  app.keys = [randomBytes(32).toString('base64url')];
  app.use(calmWith(handset));
  app.use(router.routes());
  return app;

  function whenSignedIn(handle: (ctx: Context, signedIn: SignedIn) => Promise<void>) {
    return async (ctx: Context): Promise<void> => {
      const { signedIn } = sessions.of(ctx);
      if (signedIn) await handle(ctx, signedIn);
      else seeOther(ctx, '/');
    };
  }
}

/** Whatever went wrong: in words, with a way on. */
function calmWith(handset: string): Koa.Middleware {
  return async (ctx, next) => {
    ctx.set('Content-Security-Policy', "default-src 'self'; frame-ancestors 'none'");
    ctx.set('Cache-Control', 'no-store');
    try {
      await next();
    } catch (error) {
      const code = codeOf(error);
      process.stderr.write(`Demo app: ${code}: ${error instanceof Error ? error.message : ''}\n`);
      await show(ctx, 'welcome', { handset, problem: { code, words: calmly(code) } });
    }
  };
}

const isAsk = (name: string): name is Ask => Object.hasOwn(asks, name);

type SignedIn = NonNullable<Session['signedIn']>;

/** The page of whoever is signed in, with what was asked for besides. */
const showMore = (
  ctx: Context,
  { ask, as, tokens }: SignedIn,
  more: { readonly title: string; readonly claims: string } | undefined,
): Promise<void> =>
  show(ctx, 'signed-in', { title: title[ask], as, tokens, lines: explain(tokens), more });

async function show(ctx: Context, page: string, props: object): Promise<void> {
  ctx.type = 'html';
  ctx.body = await ejs.renderFile(fileOf(`${page}.ejs`), props);
}

/** After a POST the browser must come back with GET, so that a reload repeats nothing. */
function seeOther(ctx: Context, address: string): void {
  ctx.redirect(address);
  ctx.status = 303;
}

function codeOf(error: unknown): string {
  if (error instanceof AuthorizationResponseError) return error.error;
  const code: unknown = error instanceof Error ? Reflect.get(error, 'error') : undefined;
  return typeof code === 'string' ? code : 'unexpected';
}
