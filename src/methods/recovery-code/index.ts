/**
 * Recovery code: one of the ten that were shown when the account's first second step was
 * set up, each good once.
 */
import { z } from 'zod';

import { readCode } from '../../credentials/paper-code.ts';
import { isRecoveryCode, recoveryCodes } from '../../credentials/recovery-codes.ts';
import { defineMethod, failed, passedWith } from '../method.ts';

export const recoveryCode = defineMethod({
  credential: recoveryCodes,
  factor: 'possession',
  amr: ['otp'],
  traits: ['recovers'],
  purposes: ['sign-in', 'change'],
  sends: false,
  rank: 90,

  settings: z.strictObject({
    validForSeconds: z.int().positive().max(600).default(600),
  }),
  memo: z.object({}),
  answer: z.object({
    code: z.string().max(64).overwrite(readCode).refine(isRecoveryCode),
  }),

  create: ({ validForSeconds }) => ({
    async begin() {
      return { memo: {}, page: {}, validForSeconds };
    },

    async verify({ credential, vault, answer }) {
      const left = credential.digests.filter((digest) => !vault.matches(answer.code, digest));
      return left.length < credential.digests.length
        ? passedWith({ credential: { ...credential, digests: left }, traits: ['recovers'] })
        : failed('wrong-answer');
    },
  }),
});
