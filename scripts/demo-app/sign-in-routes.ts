/**
 * To Doorstep and back: a sign-in begun, come back, and ended.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';

import { askPayroll, isPaper } from './payroll.ts';
import type { Apps, BegunAs, Sessions } from './session.ts';
import { asks, type Ask } from './sign-in.ts';
import type { Wishes } from './step-up.ts';

interface Deps {
  readonly sessions: Sessions;
  readonly apps: Apps;
}

export function addSignIn(
  router: Router,
  { sessions, apps, origin }: Deps & { readonly origin: string },
): void {
  router.post('/sign-in/:ask', async (ctx) => {
    const ask = ctx.params.ask ?? '';
    if (!isAsk(ask)) return ctx.throw(404);
    return begin(ctx, { sessions, apps }, { ask, as: ask === 'partner' ? 'partner' : 'demo' });
  });

  router.get('/callback', async (ctx) => {
    const begun = sessions.take(ctx, ctx.query.state);
    // Another tab, a reload or the way back: whoever is signed in stays so.
    if (!begun) {
      seeOther(ctx, sessions.of(ctx).signedIn ? '/' : '/not-begun');
      return;
    }
    await finish(ctx, begun);
    seeOther(ctx, isPaper(begun.ask) ? `/#${begun.ask}` : '/');
  });

  router.post('/sign-out', async (ctx) => {
    const { signedIn } = sessions.of(ctx);
    const home = `${origin}/signed-out`;
    sessions.end(ctx);
    if (!signedIn) seeOther(ctx, home);
    else seeOther(ctx, (await apps[signedIn.as]()).signOut(signedIn.tokens, home).href);
  });

  async function finish(ctx: Context, { as, ...begun }: BegunAs): Promise<void> {
    const app = await apps[as]();
    const tokens = await app.finish(new URL(ctx.url, origin), begun);
    const { name } = await app.userinfo(tokens);
    const { ask } = begun;
    const answer = isPaper(ask) ? await askPayroll(ctx, ask, tokens.accessToken) : undefined;
    sessions.signIn(ctx, {
      ...{ as, begun, tokens, acrBefore: sessions.of(ctx).signedIn?.tokens.claims.acr },
      ...(name !== undefined && { name }),
      ...(answer && 'says' in answer && { answers: { [ask]: answer.says } }),
    });
  }
}

/** Away to Doorstep, with a state of this tab's own. */
export async function begin(
  ctx: Context,
  { sessions, apps }: Deps,
  { as, ask, wishes }: Pick<BegunAs, 'as' | 'ask'> & { readonly wishes?: Wishes },
): Promise<void> {
  const { begun, address } = await (await apps[as]()).begin(ask, wishes);
  sessions.begin(ctx, { ...begun, as, ...(wishes && { wishes }) });
  seeOther(ctx, address.href);
}

const isAsk = (name: string): name is Ask => Object.hasOwn(asks, name);

/** After a POST the browser must come back with GET, so that a reload repeats nothing. */
export function seeOther(ctx: Context, address: string): void {
  ctx.redirect(address);
  ctx.status = 303;
}
