/**
 * A flow that is a sign-in: what an app asked for is its request.
 */
import { z } from 'zod';

import type { Flow as AnyFlow } from '../models/flow.ts';
import { soundFlow } from '../models/sound-flow.ts';
import type { FlowRequest } from '../oidc/start-flow.ts';

export type Flow = AnyFlow<FlowRequest>;

/** As much of it as the steps are worked out from. */
const request = z.looseObject({
  clientId: z.string(),
  clientName: z.string(),
  goal: z.object({ acr: z.string() }),
  prompts: z.array(z.string()),
  uiLocales: z.array(z.string()),
});

export const isSignInFlow = soundFlow<FlowRequest>(request);
