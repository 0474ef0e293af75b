/**
 * A flow, as the browser sees it.
 *
 * GET <path>/:uid shows whatever comes next; every POST records one fact and goes back
 * there with 303, so reload, back and a second tab are always safe; the POST that leaves
 * nothing to do finishes. All paths stay under the flow's own path, because its cookie need not
 * be sent anywhere else.
 */
import Router, { type RouterContext } from '@koa/router';
import type { Context, Middleware } from 'koa';

import type { Form } from '../lib/form.ts';
import type { Meter } from '../lib/meter.ts';
import { Problem } from '../lib/problem.ts';
import type { Flow } from '../models/flow.ts';
import type { Csrf } from '../web/csrf.ts';
import { formOf, readAttestation, readForm } from '../web/forms.ts';
import type { AppHome } from '../web/page.ts';
import { helped } from './helped.ts';
import type { AnyStep, Served, State } from './kind.ts';
import { lookFor } from './look-for.ts';
import type { RequestContext } from './request-context.ts';
import { waitRoutes, type WaitDeps } from './wait-stream.ts';

export interface FlowRoutesDeps<S extends State, Step extends AnyStep> extends WaitDeps {
  readonly nextStep: (state: S) => Step;
  readonly answer: (
    uid: string,
    form: Form,
    visit: RequestContext,
    read: (flow: S['flow']) => void,
  ) => Promise<S | undefined>;
  readonly csrf: Csrf;
  readonly visitOf: (ctx: Context) => RequestContext;
  /** What it decides must be known before anything is offered. */
  readonly readPolicy: () => Promise<unknown>;
  readonly meter: Meter;
}

/** The middleware, and the router that knows what it answers to. */
export function flowRoutes<S extends State, Step extends AnyStep, Act extends string>(
  served: Served<S, Step, Act>,
  deps: FlowRoutesDeps<S, Step>,
): Middleware & { readonly router: Router } {
  const { name, path = `/${name}`, recorders, allowedActs, finish, leave, belongsHere } = served;
  const { nextStep, csrf, visitOf, meter } = deps;
  const router = new Router({ prefix: `${path}/:uid` });
  router.use(countActs(name, meter));

  router.get('/', onlyHere, async (ctx) => {
    const visit = visitOf(ctx);
    const state = await load(ctx, visit);
    const step = nextStep(state);
    if (step.name === 'over') {
      await leave(ctx, state.flow);
      return;
    }
    if (step.leadsTo !== undefined) {
      seeOther(ctx, step.leadsTo);
      return;
    }
    const shown = { state, step, visit, csrf: csrf.token(uidOf(ctx)) };
    const [page, props] = await served.pageFor(shown);
    ctx.page(page, props);
  });

  waitRoutes(router, { ...deps, uidOf, belongsHere });
  // The literal's own keys.
  for (const act of [...Object.keys(recorders), 'answer'] as (Act | 'answer')[]) {
    post(act, act === served.attests ? readAttestation : readForm);
  }

  return Object.assign(middlewareOf(router), { router });

  function post(act: Act | 'answer', read: Middleware): void {
    router.post(`/${act}`, onlyHere, read, csrf.check(uidOf), async (ctx) => {
      const form = { at: `${path}/${uidOf(ctx)}`, csrf: csrf.token(uidOf(ctx)) };
      const help = { helpWith: served.helpWith, ...form };
      await helped(ctx, async () => goOn(ctx, await recorded(act, ctx)), help);
    });
  }

  /** To whatever is next by GET, whatever brought us here (RFC 9700 §4.12). */
  async function goOn(ctx: Context, after: S): Promise<void> {
    const isLast = nextStep(after).name === 'finish';
    const isFinished = isLast && (await finish(ctx, after, visitOf(ctx)));
    // Of two clicks on the last button, this one came second.
    const state = isLast && !isFinished ? await load(ctx, visitOf(ctx)) : after;
    if (isFinished || nextStep(state).name === 'over') return leave(ctx, state.flow);
    seeOther(ctx, `${path}/${state.flow._id}`);
  }

  /** The flow as it is afterwards, with whatever it needs next begun. */
  async function recorded(act: Act | 'answer', ctx: Context): Promise<S> {
    const visit = visitOf(ctx);
    const form = formOf(ctx);
    if (act === 'answer') {
      const read = (flow: S['flow']): void => here(ctx, flow);
      return (await deps.answer(uidOf(ctx), form, visit, read)) ?? load(ctx, visit);
    }
    const state = await load(ctx, visit);
    const step = nextStep(state);
    const allowed: readonly string[] = allowedActs[step.name as Step['name']];
    if (!allowed.includes(act)) return state;
    try {
      // Of two clicks, the one that recorded nothing leaves what comes next to the other.
      return (await recorders[act]({ state, step, visit, form })) ?? (await load(ctx, visit));
    } catch (error) {
      const isSpent = error instanceof Problem && error.code === 'too-many-messages';
      const current = isSpent ? await begunElsewhere(ctx, visit, state) : undefined;
      if (current) return current;
      throw error;
    }
  }

  /** Of two clicks on one button, the second finds the budget spent by the first, still at work. */
  function begunElsewhere(
    ctx: Context,
    visit: RequestContext,
    { flow }: S,
  ): Promise<S | undefined> {
    return lookFor(async () => {
      const current = await load(ctx, visit);
      const isBegun = current.flow.challenge && current.flow.version !== flow.version;
      return isBegun ? current : undefined;
    });
  }

  async function load(ctx: Context, visit: RequestContext): Promise<S> {
    const state = (await served.load(uidOf(ctx), visit)) ?? overAndGone(ctx);
    here(ctx, state.flow);
    return state;
  }

  async function onlyHere(ctx: Context, next: () => Promise<unknown>): Promise<void> {
    if (!belongsHere(ctx, uidOf(ctx))) return elsewhere(ctx, { ...deps, ...served });
    ctx.wayBack = { href: `${path}/${uidOf(ctx)}` }; // before the flow is read, which may fail
    await deps.readPolicy();
    await next();
  }

  /** In which language a page that reports a problem does so, and which app it leads to. */
  function here(ctx: Context, flow: S['flow']): void {
    ctx.appHome = served.appOf(flow);
    ctx.uiLocales = served.uiLocales(flow).join(' ');
  }
}

function seeOther(ctx: Context, address: string): void {
  ctx.status = 303;
  ctx.redirect(address);
}

function middlewareOf(router: Router): Middleware {
  const routes = router.routes();
  const answerOthers = router.allowedMethods({ throw: true });
  return async (ctx, next) => {
    await routes(ctx as RouterContext, async () => {
      await answerOthers(ctx as RouterContext, next);
    });
  };
}

const uidOf = (ctx: Context): string => (ctx as RouterContext).params.uid ?? '';

/** What became of each act: recorded, the problem that the person was told, or broken. */
const countActs =
  (flow: string, meter: Meter): Middleware =>
  async (ctx, next) => {
    let outcome = 'broken';
    try {
      await next();
      outcome = 'recorded';
    } catch (error) {
      if (error instanceof Problem) outcome = error.code;
      throw error;
    } finally {
      // Of the route, not of the address: that may be spelt in many ways.
      const act =
        String((ctx as RouterContext)._matchedRoute)
          .split('/')
          .at(-1) ?? '';
      if (ctx.method === 'POST') meter.count('flow_acts_total', { flow, act, outcome });
    }
  };

/** Of the flow of another browser, whoever knows its address is told the app and no more. */
async function elsewhere(
  ctx: Context,
  {
    flows,
    appOf,
  }: Pick<WaitDeps, 'flows'> & { readonly appOf: (flow: Flow) => AppHome | undefined },
): Promise<never> {
  const flow = await flows.find(uidOf(ctx));
  ctx.appHome = flow && appOf(flow);
  throw new Problem('flow-not-here');
}

/** Nothing is left to go back to. */
function overAndGone(ctx: Context): never {
  delete ctx.wayBack;
  throw new Problem('flow-expired');
}
