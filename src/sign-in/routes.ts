/**
 * The sign-in flow, as the browser sees it.
 *
 * GET /sign-in/:uid shows whatever comes next; every POST records one fact and goes back
 * there with 303, so reload, back and a second tab are always safe; the POST that leaves
 * nothing to do finishes. All paths stay under the interaction's own path, because its
 * cookie is not sent anywhere else.
 */
import Router, { type RouterContext } from '@koa/router';
import type { Context, Middleware } from 'koa';
import { z } from 'zod';

import type { Form } from '../lib/form.ts';
import type { Meter } from '../lib/meter.ts';
import { Problem } from '../lib/problem.ts';
import { LONGEST_IDENTIFIER } from '../models/account.ts';
import { holdsInteraction } from '../oidc/cookies.ts';
import type { Csrf } from '../web/csrf.ts';
import { formOf, readForm } from '../web/forms.ts';
import type { Acts } from './acts.ts';
import type { Finish } from './finish.ts';
import type { Flow } from './flow.ts';
import { hearRoutes, type HearDeps } from './hear.ts';
import { createLeave, lookFor } from './leave.ts';
import { pageFor, type PropsDeps } from './props.ts';
import type { SignIn, SignIns, Visit } from './sign-in.ts';
import { type Act, allowedActs, nextStep, type Step } from './steps.ts';

export interface SignInRoutesDeps extends PropsDeps, HearDeps {
  readonly signIns: SignIns;
  readonly acts: Acts;
  readonly finish: Finish;
  readonly csrf: Csrf;
  readonly visitOf: (ctx: Context) => Visit;
  /** What it decides must be known before anything is offered. */
  readonly readPolicy: () => Promise<unknown>;
  readonly meter: Meter;
}

const text = (longest: number) => z.string().trim().max(longest);
const Identify = z.object({ identifier: text(LONGEST_IDENTIFIER) });
const Choose = z.object({ method: text(64), credential: text(64) });
const Again = z.object({ challenge: text(64) });
const Add = z.object({
  method: text(64),
  country: text(8).exactOptional(),
  number: text(64).exactOptional(),
});
const NewPassword = z.object({ password: z.string(), repeated: z.string() });

/** What an act has to work with. */
interface Posted {
  readonly signIn: SignIn;
  readonly step: Step;
  readonly form: Form;
  readonly visit: Visit;
}

type Recorder = (posted: Posted) => Promise<SignIn | undefined>;

/** The middleware, and the router that knows what it answers to. */
export function signInRoutes(deps: SignInRoutesDeps): Middleware & { readonly router: Router } {
  const { provider, signIns, acts, finish, csrf, visitOf } = deps;
  const router = new Router({ prefix: '/sign-in/:uid' });
  router.use(countActs(deps.meter));
  const uidOf = (ctx: Context): string => (ctx as RouterContext).params.uid ?? '';
  const recorders = recordersWith(acts);
  const leave = createLeave(provider);

  router.get('/', onlyHere, async (ctx) => {
    const visit = visitOf(ctx);
    const signIn = await load(ctx, visit);
    const step = nextStep(signIn);
    if (step.name === 'over') {
      await leave(ctx, signIn.flow);
      return;
    }
    const shown = { signIn, step, csrf: csrf.token(uidOf(ctx)) };
    const [name, props] = await pageFor({ ...shown, browser: visit.browser }, deps);
    ctx.page(name, props);
  });

  hearRoutes(router, { ...deps, uidOf });
  // The literal's own keys.
  for (const act of [...Object.keys(recorders), 'answer'] as Act[]) {
    router.post(`/${act}`, onlyHere, readForm, csrf.check(uidOf), async (ctx) => {
      await goOn(ctx, await recorded(act, ctx));
    });
  }

  const routes = router.routes();
  const answerOthers = router.allowedMethods({ throw: true });
  const middleware: Middleware = async (ctx, next) => {
    await routes(ctx as RouterContext, async () => {
      await answerOthers(ctx as RouterContext, next);
    });
  };
  return Object.assign(middleware, { router });

  /** To whatever is next by GET, whatever brought us here (RFC 9700 §4.12). */
  async function goOn(ctx: Context, after: SignIn): Promise<void> {
    const isLast = nextStep(after).name === 'finish';
    const isFinished = isLast && (await finish(ctx, after, visitOf(ctx)));
    // Of two clicks on the last button, this one came second.
    const signIn = isLast && !isFinished ? await load(ctx, visitOf(ctx)) : after;
    if (isFinished || nextStep(signIn).name === 'over') return leave(ctx, signIn.flow);
    ctx.status = 303;
    ctx.redirect(`/sign-in/${signIn.flow._id}`);
  }

  /** The sign-in as it is afterwards, with whatever it needs next begun. */
  async function recorded(act: Act, ctx: Context): Promise<SignIn> {
    const visit = visitOf(ctx);
    const form = formOf(ctx);
    if (act === 'answer') {
      const read = (flow: Flow): void => here(ctx, flow);
      return (await acts.answer(uidOf(ctx), form, visit, read)) ?? load(ctx, visit);
    }
    const signIn = await load(ctx, visit);
    const step = nextStep(signIn);
    if (!allowedActs[step.name].includes(act)) return signIn;
    try {
      // Of two clicks, the one that recorded nothing leaves what comes next to the other.
      return (await recorders[act]({ signIn, step, visit, form })) ?? (await load(ctx, visit));
    } catch (error) {
      const isSpent = error instanceof Problem && error.code === 'too-many-messages';
      const current = isSpent ? await begunElsewhere(ctx, visit, signIn) : undefined;
      if (current) return current;
      throw error;
    }
  }

  /** Of two clicks on one button, the second finds the budget spent by the first, still at work. */
  function begunElsewhere(ctx: Context, visit: Visit, { flow }: SignIn) {
    return lookFor(async () => {
      const current = await load(ctx, visit);
      const isBegun = current.flow.challenge && current.flow.version !== flow.version;
      return isBegun ? current : undefined;
    });
  }

  async function load(ctx: Context, visit: Visit): Promise<SignIn> {
    const signIn = (await signIns.load(uidOf(ctx), visit)) ?? overAndGone(ctx);
    here(ctx, signIn.flow);
    return signIn;
  }

  /** The flow of another browser is nobody's business here (S-164). */
  async function onlyHere(ctx: Context, next: () => Promise<unknown>): Promise<void> {
    if (!holdsInteraction(ctx, provider, uidOf(ctx))) throw new Problem('flow-not-here');
    ctx.wayBack = `/sign-in/${uidOf(ctx)}`; // before the flow is read, which may fail
    await deps.readPolicy();
    await next();
  }
}

/** What became of each act: recorded, the problem that the person was told, or broken. */
const countActs =
  (meter: Meter): Middleware =>
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
      if (ctx.method === 'POST') meter.count('sign_in_acts_total', { act, outcome });
    }
  };

/** What each act reads from its form, and records; an answer is read by the method it is for. */
const recordersWith = (acts: Acts): Readonly<Record<Exclude<Act, 'answer'>, Recorder>> => ({
  identify: ({ signIn, form, visit }) =>
    acts.identify(signIn, Identify.parse(form).identifier, visit),
  'other-account': ({ signIn, visit }) => acts.otherAccount(signIn, visit),
  'known-accounts': ({ signIn, visit }) => acts.knownAccounts(signIn, visit),
  choose: ({ signIn, form, visit }) => acts.choose(signIn, Choose.parse(form), visit),
  instead: ({ signIn, form, visit }) => acts.instead(signIn, form, visit),
  again: ({ signIn, form, visit }) => acts.again(signIn, Again.parse(form).challenge, visit),
  'another-way': ({ signIn, visit }) => acts.anotherWay(signIn, visit),
  enrol: ({ signIn, visit }) => acts.enrol(signIn, visit),
  add({ signIn, form, visit }) {
    const { method, ...typed } = Add.parse(form);
    return acts.add(signIn, method, typed, visit);
  },
  saved: ({ signIn, visit }) => acts.saved(signIn, visit),
  'new-password': ({ signIn, form, visit }) =>
    acts.newPassword(signIn, NewPassword.parse(form), visit),
  consent: ({ signIn, visit }) => acts.consent(signIn, visit),
  continue: ({ signIn, visit }) => acts.beginPreferred(signIn, visit),
  restart: ({ signIn, visit }) => acts.restart(signIn, visit),
  cancel: ({ signIn, step, visit }) =>
    acts.cancel(signIn, step.name === 'no-way' ? 'no-way' : 'by-user', visit),
});

/** Nothing is left to go back to. */
function overAndGone(ctx: Context): never {
  delete ctx.wayBack;
  throw new Problem('flow-expired');
}

/** In which language a page that reports a problem does so. */
function here(ctx: Context, { request }: Flow): void {
  ctx.uiLocales = request.uiLocales.join(' ');
}
