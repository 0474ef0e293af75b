/**
 * Pages that are no step of anything: the start page, and help.
 */
import Router from '@koa/router';
import type { Context } from 'koa';

import type { HomePage } from './page.ts';

/** A sign-in's id; whether there is one is said by its own page. */
const UID = /^[\w-]{1,64}$/;

export interface PlainPagesDeps {
  readonly homeFor: (ctx: Context) => Promise<HomePage>;
  /** Which methods anybody here may meet, by id. */
  readonly methodsHere: () => Promise<readonly string[]>;
}

export function plainPages({ homeFor, methodsHere }: PlainPagesDeps) {
  const router = new Router();
  router.get('/', async (ctx) => ctx.page('home', await homeFor(ctx)));
  router.get('/help', async (ctx) => {
    const { back } = ctx.query;
    const isOfSignIn = typeof back === 'string' && UID.test(back);
    const methods = await methodsHere();
    ctx.page('help', { methods, ...(isOfSignIn && { back: `/sign-in/${back}` }) });
  });
  return router.routes();
}
