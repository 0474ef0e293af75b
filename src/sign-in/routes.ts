/**
 * Sign-in as one of the flows: its pages are at `/sign-in/<uid>`, which is the interaction's own
 * path, because the provider's cookie is not sent anywhere else.
 */
import { flowRoutes, type FlowRoutesDeps } from '../flow/routes.ts';
import { holdsInteraction } from '../oidc/cookies.ts';
import type { Acts } from './acts.ts';
import type { Finish } from './finish.ts';
import { appOf } from './flow.ts';
import { isHeldUp } from '../verification/rate-limits/rate-limiter.ts';
import { createLeave, type LeaveDeps } from './leave.ts';
import { pageFor, type PropsDeps } from './props.ts';
import { recordersWith } from './recorders.ts';
import type { SignIn, SignIns } from './sign-in.ts';
import { allowedActs, nextStep, type Step } from './steps.ts';

export interface SignInRoutesDeps
  extends PropsDeps, LeaveDeps, Omit<FlowRoutesDeps<SignIn, Step>, 'nextStep' | 'answer'> {
  readonly signIns: SignIns;
  readonly acts: Acts;
  readonly finish: Finish;
  /** Whether an account's owner can be mailed. */
  readonly hasMail: boolean;
}

export function signInRoutes(deps: SignInRoutesDeps) {
  const { provider, signIns, acts, finish, hasMail } = deps;
  return flowRoutes(
    {
      name: 'sign-in',
      allowedActs,
      recorders: recordersWith(acts),
      attests: 'attest',
      load: (uid, visit) => signIns.load(uid, visit),
      pageFor: ({ state, visit, ...shown }) =>
        pageFor({ ...shown, signIn: state, browser: visit.browser }, deps),
      finish,
      leave: createLeave(deps),
      belongsHere: (ctx, uid) => holdsInteraction(ctx, provider, uid),
      helpWith: (problem) =>
        isHeldUp(problem)
          ? { words: 'held-up', ...(hasMail && { act: 'let-in' as const }) }
          : undefined,
      appOf,
      uiLocales: ({ request }) => request.uiLocales,
    },
    { ...deps, nextStep, answer: (...answered) => acts.answer(...answered) },
  );
}
