/**
 * Password: the account types what it alone knows.
 */
import { z } from 'zod';

import { codePoints, LONGEST_PASSWORD, password as kind } from '../../credentials/password.ts';
import { defineMethod, failed, passed, passedWith } from '../method.ts';

export const password = defineMethod({
  credential: kind,
  factor: 'knowledge',
  amr: ['pwd'],
  purposes: ['sign-in', 'change'],
  answered: 'on-page',
  sends: false,
  rank: 0,

  settings: z.strictObject({
    validForSeconds: z.int().positive().max(3600).default(3600),
  }),
  memo: z.object({}),
  answer: z.object({
    password: z
      .string()
      .min(1)
      .refine((typed) => codePoints(typed.normalize('NFC')) <= LONGEST_PASSWORD)
      // Halves of a pair have no bytes of their own: different passwords would become one.
      .refine((typed) => typed.isWellFormed()),
  }),

  create: ({ validForSeconds }, { passwords }) => ({
    async begin() {
      return { memo: {}, page: {}, validForSeconds };
    },

    async verify({ credential, answer }) {
      if (!(await passwords.verify(credential.hash, answer.password))) {
        return failed('wrong-answer');
      }
      if (!passwords.isOutdated(credential.hash)) return passed;
      const hash = await passwords.hash(answer.password);
      return passedWith({ credential: { ...credential, hash } });
    },
  }),
});
