/**
 * Pages that say the same to everybody.
 */
import Router from '@koa/router';

export function plainPages() {
  const router = new Router();
  router.get('/', (ctx) => ctx.page('home', {}));
  router.get('/help', (ctx) => ctx.page('help', {}));
  return router.routes();
}
