/**
 * Whether what is stored as a flow is one: the fields that any flow's steps are worked out from.
 * What is judged by its method's own shape, such as a memo, is left to it.
 */
import { z, type ZodType } from 'zod';

import { proofShape } from '../assurance/proof-shape.ts';
import { purposes } from '../assurance/purpose.ts';
import type { Facts, Flow } from './flow.ts';

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

const common = z.object({
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

/** Whether it is one of this room's flows: whoever writes their requests says what those must be. */
export function soundFlow<Request, Known extends Facts = Facts>(request: ZodType) {
  const shape = common.extend({ request });
  return (stored: unknown): stored is Flow<Request, Known> => shape.safeParse(stored).success;
}
