/**
 * What an access token is good for: userinfo, the payroll, and the next token. The answers are
 * kept, and shown where they were asked for.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';

import { clockTime } from './explain.ts';
import { askPayroll, guardPaper, type PaperName, paperNames, papers } from './payroll.ts';
import type { Apps, Sessions, SignedIn } from './session.ts';
import { begin, seeOther } from './sign-in-routes.ts';

interface Deps {
  readonly sessions: Sessions;
  readonly apps: Apps;
}

export function addTokenRoutes(router: Router, { sessions, apps }: Deps): void {
  for (const paper of paperNames) {
    const guard = guardPaper(paper, async (token) => (await apps.demo()).introspect(token));
    router.get(`/api/${paper}`, guard, (ctx) => {
      ctx.body = { says: papers[paper].says };
    });
    router.post(`/${paper}`, whenSignedIn(askFor(paper)));
  }

  router.post('/userinfo', whenSignedIn(askUserinfo));
  router.post('/refresh', whenSignedIn(refresh));

  async function askUserinfo(ctx: Context, signedIn: SignedIn): Promise<void> {
    const claims = await (await apps[signedIn.as]()).userinfo(signedIn.tokens);
    tell(ctx, signedIn, { userinfo: JSON.stringify(claims, undefined, 2) });
    seeOther(ctx, '/#userinfo');
  }

  function askFor(paper: PaperName) {
    return async (ctx: Context, signedIn: SignedIn): Promise<void> => {
      const answer = await askPayroll(ctx, paper, signedIn.tokens.accessToken);
      if ('wishes' in answer) {
        await begin(ctx, { sessions, apps }, { as: signedIn.as, ask: paper, ...answer });
        return;
      }
      tell(ctx, signedIn, { [paper]: answer.says });
      seeOther(ctx, `/#${paper}`);
    };
  }

  async function refresh(ctx: Context, signedIn: SignedIn): Promise<void> {
    const tokens = await (await apps[signedIn.as]()).refresh(signedIn.tokens);
    tell(
      ctx,
      { ...signedIn, tokens },
      { refresh: `Refreshed at ${clockTime(Date.now() / 1000)}.` },
    );
    seeOther(ctx, '/#tokens');
  }

  function tell(ctx: Context, signedIn: SignedIn, answers: SignedIn['answers']): void {
    sessions.change(ctx, {
      signedIn: { ...signedIn, answers: { ...signedIn.answers, ...answers } },
    });
  }

  function whenSignedIn(handle: (ctx: Context, signedIn: SignedIn) => Promise<void>) {
    return async (ctx: Context): Promise<void> => {
      const { signedIn } = sessions.of(ctx);
      if (signedIn) await handle(ctx, signedIn);
      else seeOther(ctx, '/signed-out');
    };
  }
}
