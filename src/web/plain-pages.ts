/**
 * Pages that say the same to everybody.
 */
import Router from '@koa/router';

/** A sign-in's id; whether there is one is said by its own page. */
const UID = /^[\w-]{1,64}$/;

export function plainPages() {
  const router = new Router();
  router.get('/', (ctx) => ctx.page('home', {}));
  router.get('/help', (ctx) => {
    const { back } = ctx.query;
    const isOfSignIn = typeof back === 'string' && UID.test(back);
    ctx.page('help', isOfSignIn ? { back: `/sign-in/${back}` } : {});
  });
  return router.routes();
}
