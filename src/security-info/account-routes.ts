/**
 * The pages of "My account", each for whoever is signed in strongly enough to see it; everybody
 * else is sent to sign in and comes back. Whatever is to be changed begins with a POST here.
 */
import Router from '@koa/router';
import type { Context, Middleware } from 'koa';

import { whatIsLacking } from '../assurance/levels.ts';
import type { RequestContext } from '../flow/request-context.ts';
import type { Clock } from '../lib/clock.ts';
import { Problem } from '../lib/problem.ts';
import type { Flows } from '../models/flow.ts';
import type { MethodRules } from '../verification/choices.ts';
import type { Csrf } from '../web/csrf.ts';
import { formOf, readForm } from '../web/forms.ts';
import { newChange } from './begin.ts';
import type { Change, Changes } from './change.ts';
import type { ChangeCookie } from './change-cookie.ts';
import type { createFinish } from './finish.ts';
import { wish } from './flow.ts';
import type { Here, WhoIsHere } from './here.ts';
import { goalToSee, type TwoSteps } from './level.ts';
import { type MorePagesDeps, morePages } from './more-pages.ts';
import { addressAfter } from './place-after.ts';
import { isAgain, placeIn, type Proving } from './proving.ts';
import { CHANGE_PATH } from './routes.ts';
import { securityInfo, type SecurityInfoDeps } from './security-info.ts';
import { nextStep } from './steps.ts';

export interface AccountRoutesDeps
  extends SecurityInfoDeps, MethodRules, Omit<MorePagesDeps, 'seen' | 'csrf'> {
  readonly flows: Pick<Flows, 'find' | 'start'>;
  readonly changes: Changes;
  /** Asks for what is next, where the wish alone made it necessary. */
  readonly begun: (change: Change, visit: RequestContext) => Promise<Change>;
  readonly finish: ReturnType<typeof createFinish>;
  readonly cookie: ChangeCookie;
  readonly csrf: Csrf;
  readonly visitOf: (ctx: Context) => RequestContext;
  readonly readPolicy: () => Promise<unknown>;
  readonly twoSteps: () => TwoSteps;
  readonly whoIsHere: WhoIsHere;
  readonly proving: Proving;
  readonly clock: Clock;
}

export function accountRoutes(deps: AccountRoutesDeps): Middleware {
  const { flows, clock, csrf, cookie, visitOf } = deps;
  const lackingToSee = ({ account, proofs }: Here) =>
    whatIsLacking(goalToSee(account, deps.twoSteps(), deps), proofs, clock.now());
  const router = new Router({ prefix: '/account' });
  router.use(async (_ctx, next) => {
    await deps.readPolicy();
    await next();
  });

  router.get('/', (ctx) => seeOther(ctx, '/account/security-info'));

  router.get('/password', (ctx) => seeOther(ctx, '/account/security-info#password'));

  router.get('/security-info', (ctx) =>
    seen(ctx, 'security-info', async (here) =>
      ctx.page('account/security-info', await securityInfo(here, ctx, deps)),
    ),
  );

  morePages(router, { ...deps, seen });

  // What the address says of the sign-in is not believed; where it leads is looked at again.
  router.get('/signed-in', async (ctx) => {
    const place = placeIn(ctx.query.state);
    const here = await deps.whoIsHere(await visitOf(ctx).session());
    const isRefused = ctx.query.error !== undefined;
    if (!here || isRefused) ctx.wayBack = { href: '/account/security-info', words: 'again' };
    const isLacking = !here || lackingToSee(here).length > 0;
    // Whose account it is, and so what it takes to see it, was not known before.
    if (here && isLacking && !isRefused && !isAgain(ctx.query.state)) {
      signIn(ctx, place, here);
      return;
    }
    if (isLacking) throw new Problem('not-signed-in');
    if (!isRefused && place.startsWith('change/')) await proved(ctx, place);
    seeOther(ctx, `/account/${isRefused ? 'security-info' : place}`);
  });

  router.post('/change', readForm, async (ctx) => {
    const visit = visitOf(ctx);
    const here = await deps.whoIsHere(await visit.session());
    if (!here || lackingToSee(here).length > 0) {
      signIn(ctx, 'security-info', here);
      return;
    }
    await csrf.check(() => here.session)(ctx, async () => undefined);
    const wished = wish.safeParse(formOf(ctx));
    if (!wished.success) throw new Problem('form-invalid');
    const flow = newChange(here, wished.data, { now: clock.now(), methods: deps.methods });
    await flows.start(flow);
    cookie.give(ctx, flow._id, CHANGE_PATH);
    const change = await deps.begun(await deps.changes.withFacts(flow, visit), visit);
    if (nextStep(change).name === 'finish') {
      await deps.finish(ctx, change, visit);
      seeOther(ctx, addressAfter(flow.request.act, flow._id));
    } else seeOther(ctx, `${CHANGE_PATH}/${flow._id}`);
  });

  return router.routes() as unknown as Middleware;

  async function seen(ctx: Context, place: string, show: (here: Here) => Promise<void>) {
    const here = await deps.whoIsHere(await visitOf(ctx).session());
    if (here && lackingToSee(here).length === 0) await show(here);
    else signIn(ctx, place, here);
  }

  function signIn(ctx: Context, place: string, here: Here | undefined): void {
    const acr = here && goalToSee(here.account, deps.twoSteps(), deps).acr;
    seeOther(ctx, deps.proving.addressToSee(place, acr));
  }

  /** Nobody is sent back and forth for ever. */
  async function proved(ctx: Context, place: string): Promise<void> {
    const change: Change | undefined = await deps.changes.load(
      place.slice('change/'.length),
      visitOf(ctx),
    );
    if (change && nextStep(change).name === 'prove') throw new Problem('not-proved');
  }
}

function seeOther(ctx: Context, address: string): void {
  ctx.status = 303;
  ctx.redirect(address);
}
