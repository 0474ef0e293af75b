/**
 * How Doorstep rings a phone of the handset, and what its page does with a call that rings.
 */
import Router from '@koa/router';
import { z } from 'zod';

import type { Calls } from './calls.ts';
import { readJson } from './read-json.ts';
import { Call } from './store.ts';

/** As src/channels/voice/http.ts takes them. */
const Pressed = z.object({ keys: z.string().regex(/^[0-9*]{0,20}$/) });

export function callRoutes(calls: Calls): Router {
  const router = new Router({ prefix: '/calls' });

  router.post('/', async (ctx) => {
    const call = Call.safeParse(await readJson(ctx.req));
    if (!call.success || !calls.ring(call.data)) return ctx.throw(400);
    ctx.status = 202;
  });

  router.post('/:id/answer', (ctx) => {
    const said = calls.answer(ctx.params.id ?? '');
    if (!said) return ctx.throw(409);
    ctx.body = said;
  });

  router.post('/:id/keys', async (ctx) => {
    const pressed = Pressed.safeParse(await readJson(ctx.req));
    if (!pressed.success) return ctx.throw(400);
    const said = await calls.press(ctx.params.id ?? '', pressed.data.keys);
    if (!said) return ctx.throw(409);
    ctx.body = said;
  });

  router.post('/:id/end', async (ctx) => {
    await calls.end(ctx.params.id ?? '');
    ctx.status = 204;
  });

  return router;
}
