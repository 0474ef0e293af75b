/**
 * What a proof is where it is stored: in a flow, in a session, in the result of a sign-in.
 */
import { z } from 'zod';

import { factors, traits } from './proof.ts';

export const proofShape = z.object({
  account: z.string(),
  method: z.string(),
  credential: z.string(),
  factor: z.enum(factors),
  amr: z.array(z.string()),
  at: z.date(),
  provedAt: z.date().exactOptional(),
  traits: z.array(z.enum(traits)).exactOptional(),
});
