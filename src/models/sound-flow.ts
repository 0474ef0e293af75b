/**
 * Whether what is stored as a flow is one: the fields that its steps are worked out from. What
 * is judged by its method's own shape, such as a memo, is left to it.
 */
import { z } from 'zod';

import { proofShape } from '../assurance/proof-shape.ts';
import { purposes } from '../assurance/purpose.ts';

const challenge = z.object({
  id: z.string(),
  method: z.string(),
  credential: z.string(),
  purpose: z.enum(purposes),
  page: z.looseObject({}),
  attemptsLeft: z.int(),
  begunAt: z.date(),
  expiresAt: z.date(),
});

const shape = z.object({
  request: z.looseObject({
    clientId: z.string(),
    clientName: z.string(),
    goal: z.object({ acr: z.string() }),
    prompts: z.array(z.string()),
    uiLocales: z.array(z.string()),
  }),
  version: z.int(),
  endsAt: z.date(),
  expiresAt: z.date(),
  facts: z.looseObject({
    account: z.object({ id: z.string().exactOptional(), username: z.string() }).exactOptional(),
  }),
  challenge: challenge.exactOptional(),
  proofs: z.array(proofShape),
  pending: z.array(z.looseObject({ id: z.string() })),
});

export const isSoundFlow = (stored: unknown): boolean => shape.safeParse(stored).success;
