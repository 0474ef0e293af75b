/**
 * Calls through any provider that takes one JSON POST for each call, and posts to the address in
 * it what was keyed in, or how the call ended: as JSON, signed as Standard Webhooks
 * (https://www.standardwebhooks.com) have it. The address is in what is signed, so that what was
 * said of one call says nothing of another.
 */
import { z } from 'zod';

import type { Clock } from '../../lib/clock.ts';
import type { Call, CallEvent, ProviderCallback, VoiceChannel } from '../channel.ts';
import { createHttpProvider, type HttpSettings, httpSettings } from '../http-provider.ts';
import { isSignedWebhook, webhookSecret } from '../standard-webhooks.ts';

export const httpVoiceSettings = httpSettings.extend({
  /** What signs its callbacks. */
  callbackSecret: webhookSecret.exactOptional(),
  /** Whether it hears keys; one that does not can only read a code aloud. */
  hearsKeys: z.boolean().default(true),
});

export interface VoiceSettings extends HttpSettings {
  readonly callbackSecret?: string;
  readonly hearsKeys: boolean;
}

const Told = z.union([
  z.object({ answerAt: z.string(), keys: z.string().max(20) }),
  z.object({
    answerAt: z.string(),
    ended: z.enum(['busy', 'unanswered', 'hung-up', 'failed']),
  }),
]);

export function createVoice(settings: VoiceSettings, { clock }: { clock: Clock }): VoiceChannel {
  const { callbackSecret, hearsKeys } = settings;
  const provider = createHttpProvider({ whom: 'the call provider' }, settings);

  return {
    hearsKeys,

    send: ({ to, purpose, text, messageId, locale, answerAt }: Call) =>
      provider.post({
        ...{ to, purpose, text, messageId, language: locale },
        ...(answerAt !== undefined && { answerAt }),
      }),

    check: () => provider.check(),

    async readCallback(callback: ProviderCallback): Promise<CallEvent | undefined> {
      const now = clock.now();
      if (callbackSecret === undefined) return undefined;
      if (!isSignedWebhook(callback, { secret: callbackSecret, now })) return undefined;
      const { answerAt, ...heard } = Told.parse(JSON.parse(callback.body));
      if (answerAt !== callback.address) return undefined;
      return {
        heard,
        reply: ({ text, locale }) => ({
          type: 'application/json',
          body: JSON.stringify({ text, language: locale }),
        }),
      };
    },
  };
}
