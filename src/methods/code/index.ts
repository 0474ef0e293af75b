/**
 * Code: six digits that an authenticator app shows, new every half minute (RFC 6238).
 */
import { verify } from 'otplib';
import { z } from 'zod';

import { app } from '../../credentials/app.ts';
import { wholeBytes } from '../../credentials/seed.ts';
import { defineMethod, failed, passedWith } from '../method.ts';
import { typedDigits } from '../typed-digits.ts';

/** One time step to each side, for slow fingers and clocks (RFC 6238 §5.2). */
const STEP_SECONDS = 30;
const DIGITS = 6;

export const code = defineMethod({
  credential: app,
  factor: 'possession',
  amr: ['otp'],
  purposes: ['sign-in', 'reset', 'enrol', 'change'],
  sends: false,
  rank: 20,
  canBeDefault: true,

  settings: z.strictObject({
    validForSeconds: z.int().positive().max(600).default(600),
  }),
  memo: z.object({}),
  answer: z.object({ code: typedDigits(DIGITS) }),

  create: ({ validForSeconds }, { clock }) => ({
    async begin() {
      return { memo: {}, page: { digits: DIGITS }, validForSeconds };
    },

    async verify({ credential, vault, answer }) {
      const result = await verify({
        // Some were brought along before they were cut as they came.
        secret: wholeBytes(vault.open(credential.seed)),
        token: answer.code,
        epoch: Math.floor(clock.now().getTime() / 1000),
        epochTolerance: STEP_SECONDS,
      });
      // Compared here because the library's own guard throws once the clock is set back.
      if (!result.valid || !('timeStep' in result)) return failed('wrong-answer');
      if (result.timeStep <= credential.lastStep) return failed('already-used');
      return passedWith({ credential: { ...credential, lastStep: result.timeStep } });
    },
  }),
});
