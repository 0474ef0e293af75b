/**
 * Temporary access pass: an administrator's answer to a lost password or a lost phone. It stands for
 * both steps, and is typed where everybody's password is asked, so that no page tells who has one.
 *
 * Why so: it is of a factor of its own, because it is neither known for long nor held; so nothing
 * that counts second steps takes it for one that an account has.
 */
import { z } from 'zod';

import { stateAt } from '../../credentials/life.ts';
import { readCode } from '../../credentials/paper-code.ts';
import {
  isPass,
  passRules,
  temporaryAccessPass as kind,
} from '../../credentials/temporary-access-pass.ts';
import { defineMethod, failed, passedWith } from '../method.ts';

const traits = ['stands-alone', 'recovers'] as const;

export const temporaryAccessPass = defineMethod({
  credential: kind,
  factor: 'pass',
  amr: ['otp'],
  traits,
  purposes: ['sign-in', 'change'],
  inPlaceOf: { method: 'password', answerIn: ({ password }) => ({ code: password }) },
  sends: false,
  rank: 95,

  policy: passRules,
  settings: z.strictObject({
    validForSeconds: z.int().positive().max(600).default(600),
  }),
  memo: z.object({}),
  answer: z.object({ code: z.string().max(64).overwrite(readCode).refine(isPass) }),

  create: ({ validForSeconds }, { clock }) => ({
    async begin() {
      return { memo: {}, page: {}, validForSeconds };
    },

    pretend: (digest) => ({ digest, startsAt: past, endsAt: past, isOnce: true }),

    async verify({ credential, vault, answer }) {
      if (!vault.matches(answer.code, credential.digest)) return failed('wrong-answer');
      const now = clock.now();
      const state = stateAt(kind.life(credential), now);
      // Nobody is told more; the log is.
      if (state !== 'good') return failed('wrong-answer', `a pass that is ${state}`);
      return passedWith({ credential: { ...credential, usedAt: now }, traits });
    },
  }),
});

/** Nobody's was over long ago. */
const past = new Date(0);
