/**
 * Texts through any carrier that takes one JSON POST. What such a carrier speaks besides
 * that, a small adapter in front of it translates.
 */
import { z } from 'zod';

import { type Channel, ChannelError, type Sms } from '../channel.ts';

export const httpSettings = z.strictObject({
  driver: z.literal('http').default('http'),
  url: z
    .url({ protocol: /^https?$/ })
    .refine(
      (url) => !URL.canParse(url) || !new URL(url).username,
      'must not hold a user name or password: use token',
    )
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

export function createSms({ url, token, timeoutSeconds }: HttpSettings): Channel<Sms> {
  return {
    async send(message) {
      const { to, purpose, text, messageId } = message;
      const { status } = await ask({
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token && { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify({ to, purpose, text, messageId }),
      });
      if (status < 200 || status > 299) throw refusal(status);
    },

    /** Any answer but a failure of its own will do: few carriers know HEAD. */
    async check() {
      const { status } = await ask({ method: 'HEAD' });
      if (status >= 500) throw refusal(status);
    },
  };

  async function ask(init: RequestInit): Promise<Response> {
    try {
      const response = await fetch(url, {
        ...init,
        // A redirect would carry the code and the token to somebody we do not know.
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutSeconds * 1000),
      });
      // Only the status counts; what else it says may be endless and may quote the text.
      await response.body?.cancel();
      return response;
    } catch (cause) {
      throw new ChannelError('the text provider was not reached', { isTemporary: true, cause });
    }
  }
}

const refusal = (status: number): ChannelError =>
  new ChannelError(`the text provider answered ${status}`, {
    isTemporary: status >= 500 || status === 429,
  });
