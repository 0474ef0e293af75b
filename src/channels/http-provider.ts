/**
 * What is set of a provider that takes one JSON POST for each message, and how it is asked. What
 * such a provider speaks besides that, a small adapter in front of it translates.
 */
import { z } from 'zod';

import { carrierRefusal, createAsk, isTaken, refusal, type Whom } from './ask.ts';

export const httpSettings = z.strictObject({
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

export function createHttpProvider(asked: Whom, { url, token, timeoutSeconds }: HttpSettings) {
  const { whom } = asked;
  const ask = createAsk({ whom, timeoutSeconds });
  return {
    async post(message: object): Promise<void> {
      const status = await ask(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token && { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(message),
      });
      if (!isTaken(status)) throw carrierRefusal(asked, status);
    },

    /** Any answer but a failure of its own will do: few providers know HEAD. */
    async check(): Promise<void> {
      const status = await ask(url, { method: 'HEAD' });
      if (status >= 500) throw refusal(whom, status);
    },
  };
}
