/**
 * A flow that is a sign-in: what an app asked for is its request.
 */
import { z } from 'zod';

import type { Facts as CommonFacts, Flow as AnyFlow } from '../models/flow.ts';
import { soundFlow } from '../models/sound-flow.ts';
import type { FlowRequest } from '../oidc/start-flow.ts';
import type { AppHome } from '../web/page.ts';

export type Flow = AnyFlow<FlowRequest, Facts>;

/** Why somebody is asked to register what the sign-in would do without. */
export type RegistrationReason = 'second-step' | 'reset' | 'campaign' | 'confirm';

/** What is said in a sign-in alone. */
export interface Facts extends CommonFacts {
  /** They asked for the form instead of the account picker. */
  readonly otherAccount?: true;
  /** What was wrong last: the user-name form was sent empty, or a new password will not do. */
  readonly missing?: true;
  readonly passwordFlaw?: string;
  /** After a pass they chose a new password, or kept the one that they have. */
  readonly passwordSettled?: true;
  /** Held up by others' guesses, they asked to be let in by mail. */
  readonly lettingIn?: true;
  /** What they were asked to register, and put off. */
  readonly skipped?: readonly RegistrationReason[];
  /** Something was registered, or looked at: nothing more is wished for in this sign-in. */
  readonly registered?: true;
  readonly consented?: true;
  /** A passkey was tried that is gone for good: the browser is told, by its id. */
  readonly erasedKey?: string;
}

/** As much of it as the steps are worked out from. */
const request = z.looseObject({
  clientId: z.string(),
  clientName: z.string(),
  home: z.string().exactOptional(),
  goal: z.object({ acr: z.string() }),
  prompts: z.array(z.string()),
  uiLocales: z.array(z.string()),
});

export const isSignInFlow = soundFlow<FlowRequest, Facts>(request);

/** The session stays as it is, and only what is lacking is asked. */
export const isStepUp = ({ request, facts }: Flow): boolean =>
  request.sessionAccount !== undefined && request.sessionAccount === facts.account?.id;

/** The app to go back to, where it has an address to open it at. */
export function appOf(flow: AnyFlow): AppHome | undefined {
  if (!isSignInFlow(flow)) return undefined;
  const { clientName: name, home } = flow.request;
  return home === undefined ? undefined : { name, home };
}
