/**
 * The first moment of a sign-in, while oidc-provider still answers the app's request: the
 * flow is stored, and whoever is signed in already is asked only for what is lacking.
 */
import type { RequestContext } from '../flow/request-context.ts';
import { type Clock, secondsAfter } from '../lib/clock.ts';
import type { Accounts } from '../models/account.ts';
import type { Flows } from '../models/flow.ts';
import type { FlowRequest } from '../oidc/start-flow.ts';
import type { Acts } from './acts.ts';
import type { EndCopied } from './end-copied.ts';
import type { Flow } from './flow.ts';
import type { SignIns } from './sign-in.ts';
import { nextStep } from './steps.ts';

export interface StartDeps {
  readonly flows: Flows;
  readonly accounts: Accounts;
  readonly signIns: SignIns;
  readonly acts: Acts;
  readonly endCopied: EndCopied;
  readonly clock: Clock;
  readonly interactionSeconds: number;
}

export function createStart(deps: StartDeps) {
  const { flows, accounts, signIns, acts, clock, interactionSeconds } = deps;
  return async function start(request: FlowRequest, visit: RequestContext): Promise<void> {
    const account = await whoIsHere(request);
    const expiresAt = secondsAfter(clock.now(), interactionSeconds);
    const { proofs, ...asked } = request;
    const flow: Flow = {
      _id: request.uid,
      request: { ...asked, proofs: [] },
      version: 0,
      endsAt: expiresAt,
      expiresAt,
      facts: account ? { account: { id: account._id, username: account.username } } : {},
      proofs,
      pending: [],
    };
    if (!account) {
      const challenge = await acts.askUnnamed(flow, visit);
      await flows.start(challenge ? { ...flow, challenge } : flow);
      return;
    }
    await flows.start(flow);

    const signIn = await signIns.withFacts(flow, visit, { account });
    await deps.endCopied(signIn, visit);
    const step = nextStep(signIn);
    // Nobody clicked anything yet, so nothing may be sent.
    if (step.name === 'begin' && !step.choice.sends) await acts.beginPreferred(signIn, visit);
  };

  async function whoIsHere({ sessionAccount, prompts }: FlowRequest) {
    if (sessionAccount === undefined || prompts.includes('select_account')) return undefined;
    return accounts.findById(sessionAccount);
  }
}
