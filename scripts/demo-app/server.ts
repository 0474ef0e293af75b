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
import { type AppName, createSessions } from './session.ts';
import { asks, type Ask, type SignIn } from './sign-in.ts';

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
    const { ask, as, tokens } = signedIn;
    const lines = explain(tokens);
    return show(ctx, 'signed-in', { title: title[ask], as, tokens, lines, more: undefined });
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

  router.post('/userinfo', async (ctx) => {
    const { signedIn } = sessions.of(ctx);
    if (!signedIn) {
      seeOther(ctx, '/');
      return;
    }
    const { as, ask, tokens } = signedIn;
    const claims = await (await apps[as]()).userinfo(tokens);
    const more = {
      title: 'What the userinfo endpoint says',
      claims: JSON.stringify(claims, undefined, 2),
    };
    return show(ctx, 'signed-in', { title: title[ask], as, tokens, lines: explain(tokens), more });
  });

  router.post('/refresh', async (ctx) => {
    const { signedIn } = sessions.of(ctx);
    if (!signedIn) {
      seeOther(ctx, '/');
      return;
    }
    const tokens = await (await apps[signedIn.as]()).refresh(signedIn.tokens);
    sessions.put(ctx, { signedIn: { ...signedIn, tokens } });
    seeOther(ctx, '/');
  });

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
  app.use(calm);
  app.use(router.routes());
  return app;

  /** Whatever went wrong: in words, with a way on. */
  async function calm(ctx: Context, next: Koa.Next): Promise<void> {
    ctx.set('Content-Security-Policy', "default-src 'self'; frame-ancestors 'none'");
    ctx.set('Cache-Control', 'no-store');
    try {
      await next();
    } catch (error) {
      const code = codeOf(error);
      process.stderr.write(`Demo app: ${code}: ${error instanceof Error ? error.message : ''}\n`);
      await show(ctx, 'welcome', { handset, problem: { code, words: calmly(code) } });
    }
  }
}

const isAsk = (name: string): name is Ask => Object.hasOwn(asks, name);

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
