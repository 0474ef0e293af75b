/**
 * Text: we send a short code to a phone, and the account types it back.
 */
import { z } from 'zod';

import { phone } from '../../credentials/phone.ts';
import { defineMethod, failed, passed } from '../method.ts';
import { typedDigits } from '../typed-digits.ts';

export const text = defineMethod({
  credential: phone,
  suits: ({ phoneType, type }) => phoneType === 'mobile' && type !== 'fixed-line',
  unsuited: 'phone-fixed-line',
  factor: 'possession',
  amr: ['sms'],
  purposes: ['sign-in', 'reset', 'enrol', 'change'],
  sends: true,
  channel: 'sms',
  rank: 40,
  canBeDefault: true,

  settings: z.strictObject({
    digits: z.int().min(6).max(10).default(6),
    validForSeconds: z.int().positive().max(600).default(300),
  }),
  memo: z.object({ digest: z.string() }),
  answer: z.object({ code: z.string() }),

  create: ({ digits, validForSeconds }, { codes }) => ({
    answer: z.object({ code: typedDigits(digits) }),

    async begin(credential, { purpose, client, challengeId }) {
      const code = codes.random(digits);
      return {
        // The memo outlives this request, so it keeps the digest and never the code.
        memo: { digest: codes.digest(code, contextOf(challengeId)) },
        page: { to: phone.hint(credential), digits },
        validForSeconds,
        send: {
          channel: 'sms',
          to: credential.number,
          budget: { number: credential.number, country: credential.countryCallingCode },
          message: 'code',
          values: { code, purpose, client },
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

const contextOf = (challengeId: string): string => `text/${challengeId}`;
