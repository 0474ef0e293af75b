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

    pretend: () => ({ hash: passwords.nobodysHash, setAt: new Date(0) }),

    async verify({ credential, answer }) {
      const spelling = await passwords.match(credential.hash, answer.password);
      if (spelling === undefined) return failed('wrong-answer');
      const isOurs = spelling === spelling.normalize('NFC');
      if (isOurs && !passwords.isOutdated(credential.hash)) return passed;
      // Of the spelling that was right: any other of the same password leads to it again.
      const hash = await passwords.hash(spelling);
      return passedWith({ credential: { ...credential, hash } });
    },
  }),
});
