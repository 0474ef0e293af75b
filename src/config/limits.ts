/**
 * How often anything may be tried or sent: what is counted here and what is counted by the door
 * (verification/rate-limits/figures.ts).
 */
import { z } from 'zod';

import { figures, seconds, times } from '../verification/rate-limits/figures.ts';
import { network } from './network.ts';

const DAY = 24 * 60 * 60;
const MOST_NETWORKS = 1_000;

export const limits = z.strictObject({
  ...figures,
  wrongClientSecrets: z.strictObject({
    mostPerWindow: times(1_000),
    windowSeconds: seconds(DAY),
  }),
  secondStepWithinSeconds: seconds(600),
  networks: z
    .array(
      z.strictObject({
        cidr: network,
        wrongPasswordsIn15Minutes: times(1_000),
      }),
    )
    .max(MOST_NETWORKS),
});
