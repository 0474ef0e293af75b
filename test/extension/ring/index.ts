/**
 * Ring: a provider calls, the person presses a key, and the provider tells us so at the
 * question's own address, signed. A method that nobody has: it shows what one more takes.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

import { z } from 'zod';

import { phone } from '../../../src/credentials/phone.ts';
import { defineMethod, failed, passed } from '../../../src/methods/method.ts';
import { deniedByItsOwner } from '../../../src/methods/out-of-band.ts';

const Pressed = z.object({ number: z.string(), key: z.enum(['1', '9']) });

export const ring = defineMethod({
  credential: phone,
  factor: 'possession',
  amr: ['tel'],
  purposes: ['sign-in', 'enrol', 'change'],
  outOfBand: {
    answeredBy: 'provider',
    countsRequests: true,
    isDenial: ({ key }) => key === '9',
    onDenied: deniedByItsOwner,
  },
  sends: true,
  channel: 'sms',
  rank: 15,
  canBeDefault: true,

  policy: z.object({ rings: z.int().min(1).max(9) }),
  settings: z.strictObject({
    secret: z.string().min(8).default('a secret of this test'),
    validForSeconds: z.int().positive().max(300).default(120),
  }),
  memo: z.object({}),
  answer: Pressed,

  create: ({ secret, validForSeconds }) => ({
    async begin(credential, { answerAt = '', policy }) {
      const { rings } = z.object({ rings: z.int() }).parse(policy);
      return {
        memo: {},
        page: { keys: [1, 9], lines: { calls: phone.hint(credential), rings } },
        validForSeconds,
        isAskedOnce: true,
        send: {
          channel: 'sms',
          to: credential.number,
          budget: { number: credential.number, country: credential.countryCallingCode },
          message: 'ring',
          values: { answerAt },
        },
      };
    },

    async verify({ credential, answer: { number, key } }) {
      if (number !== credential.number) return failed('wrong-answer');
      return key === '9' ? failed('denied') : passed;
    },

    async readCallback({ address, headers, body }) {
      const expected = createHmac('sha256', secret).update(`${address}\n${body}`).digest();
      const given = Buffer.from(headers['x-ring-signature'] ?? '', 'base64url');
      const isTheirs = given.length === expected.length && timingSafeEqual(given, expected);
      return isTheirs ? { answer: Pressed.parse(JSON.parse(body)) } : undefined;
    },
  }),
});
