/**
 * Email: we mail a code to an address, and the account types it back. For getting back in alone: a
 * mailbox is often open to whoever has the password already (NIST SP 800-63B-4 §3.1.3.1).
 */
import { z } from 'zod';

import { email as kind, mailboxOf } from '../../credentials/email.ts';
import { defineMethod, failed, passed } from '../method.ts';
import { typedDigits } from '../typed-digits.ts';

export const email = defineMethod({
  credential: kind,
  factor: 'mailbox',
  // RFC 8176 has no word for mail.
  amr: ['otp'],
  purposes: ['reset', 'enrol'],
  sends: true,
  channel: 'mail',
  rank: 60,

  settings: z.strictObject({
    digits: z.int().min(6).max(10).default(8),
    validForSeconds: z.int().positive().max(600).default(600),
  }),
  memo: z.object({ digest: z.string() }),
  answer: z.object({ code: z.string() }),

  create: ({ digits, validForSeconds }, { codes }) => ({
    answer: z.object({ code: typedDigits(digits) }),

    async begin(credential, { purpose, challengeId }) {
      const code = codes.random(digits);
      return {
        // The memo outlives this request, so it keeps the digest and never the code.
        memo: { digest: codes.digest(code, contextOf(challengeId)) },
        page: { to: kind.hint(credential), digits },
        validForSeconds,
        send: {
          channel: 'mail',
          to: credential.address,
          budget: { mailbox: mailboxOf(credential) },
          message: 'code',
          values: { code, purpose, minutes: String(Math.ceil(validForSeconds / 60)) },
        },
      };
    },

    async verify({ memo, answer, challengeId }) {
      return codes.matches(answer.code, contextOf(challengeId), memo.digest)
        ? passed
        : failed('wrong-answer');
    },
  }),
});

const contextOf = (challengeId: string): string => `email/${challengeId}`;
