/**
 * Texts through any carrier that takes one JSON POST. What such a carrier speaks besides
 * that, a small adapter in front of it translates.
 */
import { z } from 'zod';

import { createAsk, isTaken, refusal } from '../ask.ts';
import type { Channel, Sms } from '../channel.ts';

export const httpSettings = z.strictObject({
  driver: z.literal('http').default('http'),
  url: z
    .url({
      protocol: /^https?$/,
      error: 'must be an address such as https://texts.example.org/send',
      abort: true,
    })
    .refine((url) => !new URL(url).username, 'must not hold a user name or password: use token')
    .exactOptional(),
  /** Sent as `Authorization: Bearer`. */
  token: z.string().min(1).exactOptional(),
  timeoutSeconds: z.number().positive().max(10).default(4),
});

export interface HttpSettings {
  readonly url: string;
  readonly token?: string;
  readonly timeoutSeconds: number;
}

const CARRIER = 'the text provider';

export function createSms({ url, token, timeoutSeconds }: HttpSettings): Channel<Sms> {
  const ask = createAsk({ whom: CARRIER, timeoutSeconds });
  return {
    async send(message) {
      const { to, purpose, text, messageId } = message;
      const status = await ask(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token && { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify({ to, purpose, text, messageId }),
      });
      if (!isTaken(status)) throw refusal(CARRIER, status);
    },

    /** Any answer but a failure of its own will do: few carriers know HEAD. */
    async check() {
      const status = await ask(url, { method: 'HEAD' });
      if (status >= 500) throw refusal(CARRIER, status);
    },
  };
}
