/**
 * A change as one of the flows: its pages are at `/account/change/<uid>`, and of use only in the
 * browser, and in the session, in which it was begun.
 */
import type { Context } from 'koa';

import { flowRoutes, type FlowRoutesDeps } from '../flow/routes.ts';
import type { Acts } from './acts.ts';
import type { Change, Changes } from './change.ts';
import { type ChangeCookie } from './change-cookie.ts';
import type { createFinish } from './finish.ts';
import { addressAfter } from './place-after.ts';
import { pageFor, type PropsDeps } from './props.ts';
import { recordersWith } from './recorders.ts';
import { allowedActs, nextStep, type Step } from './steps.ts';

export interface ChangeRoutesDeps
  extends PropsDeps, Omit<FlowRoutesDeps<Change, Step>, 'nextStep' | 'answer'> {
  readonly changes: Changes;
  readonly acts: Acts;
  readonly finish: ReturnType<typeof createFinish>;
  readonly cookie: ChangeCookie;
}

export const CHANGE_PATH = '/account/change';

export function changeRoutes(deps: ChangeRoutesDeps) {
  const { changes, acts, finish, cookie } = deps;
  return flowRoutes(
    {
      name: 'security-info',
      path: CHANGE_PATH,
      allowedActs,
      recorders: recordersWith(acts),
      attests: 'attest',
      load: (uid, visit) => changes.load(uid, visit),
      pageFor: (shown) => pageFor(shown, deps),
      finish,
      leave: async (ctx, { _id, request }) => back(ctx, addressAfter(request.act, _id)),
      belongsHere: (ctx, uid) => cookie.isHeld(ctx, uid),
      appOf: () => undefined,
      uiLocales: () => [],
    },
    { ...deps, nextStep, answer: (...answered) => acts.answer(...answered) },
  );
}

/** Where what came of it is told. */
function back(ctx: Context, address: string): void {
  ctx.status = 303;
  ctx.redirect(address);
}
