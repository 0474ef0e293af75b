/**
 * Leads back into a sign-in that is still under way, from the address where the provider waits
 * for its result. A restored tab, a preloading browser or the back button may open that early:
 * the provider would then begin another sign-in and drop this one's place, and the page that is
 * open would ask on, for a result that can no longer be stored.
 */
import type { Middleware } from 'koa';
import type Provider from 'oidc-provider';

import type { Flows } from '../models/flow.ts';
import { holdsResume } from '../oidc/cookies.ts';
import { appOf, isSignInFlow } from './flow.ts';

export interface StayDeps {
  readonly provider: Provider;
  readonly flows: Pick<Flows, 'find'>;
}

export const stayInSignIn =
  ({ provider, flows }: StayDeps): Middleware =>
  async (ctx, next) => {
    const uid = ctx.path.split('/').at(-1) ?? '';
    const isResume = uid !== '' && ctx.path === provider.pathFor('resume', { uid });
    const isRead = ctx.method === 'GET' || ctx.method === 'HEAD';
    const isTheirs = isResume && isRead && holdsResume(ctx, provider, uid);
    const flow = isTheirs ? await flows.find(uid) : undefined;
    // What is over goes on to the app, and what is gone is told of there.
    ctx.appHome = flow && appOf(flow);
    const isUnderWay = flow && isSignInFlow(flow) && !flow.facts.isOver;
    if (!isUnderWay) {
      await next();
      return;
    }
    ctx.status = 303;
    ctx.redirect(`/sign-in/${uid}`);
  };
