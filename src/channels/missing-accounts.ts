/**
 * What a driver needs of its vendor's account, and is not set.
 */
import type { z } from 'zod';

import type { Accounts, smsSettings, voiceSettings } from './carriers.ts';

type Part = 'sms' | 'voice';
type WithFallback<Settings> = Settings & { readonly fallback: Settings };

export interface CarrierSettings extends Accounts {
  readonly sms: WithFallback<z.infer<typeof smsSettings>>;
  readonly voice: WithFallback<z.infer<typeof voiceSettings>>;
}

interface Problem {
  readonly path: string[];
  readonly message: string;
}

/** In the words of settings, below `channels`. */
export const accountProblems = (settings: CarrierSettings): readonly Problem[] =>
  (['sms', 'voice'] as const).flatMap((part) => {
    const { driver, fallback } = settings[part];
    const named = [
      { path: [part, 'driver'], driver },
      { path: [part, 'fallback', 'driver'], driver: fallback.driver },
    ];
    const lacking = named.flatMap(({ path, driver: one }) => {
      const missing = one === 'http' ? [] : needs[one](settings, part);
      const names = missing.map((name) => `channels.${one}.${name}`).join(' and ');
      return names === '' ? [] : [{ path, message: `is ${one}, which needs ${names}` }];
    });
    const isTwice = driver !== 'http' && driver === fallback.driver;
    const message = `must not be ${driver}, too: both would be the same account`;
    return isTwice ? [...lacking, { path: [part, 'fallback', 'driver'], message }] : lacking;
  });

const needs = {
  twilio: ({ twilio }: Accounts, part: Part): readonly string[] => [
    ...(twilio.accountSid === undefined ? ['accountSid'] : []),
    ...(twilio.authToken === undefined ? ['authToken'] : []),
    ...(part === 'voice' && !twilio.from?.startsWith('+') ? ['from (a number, with + first)'] : []),
    ...(part === 'sms' && (twilio.from ?? twilio.messagingServiceSid) === undefined
      ? ['from (or messagingServiceSid)']
      : []),
  ],
  sns: ({ sns }: Accounts): readonly string[] => [
    ...(sns.region === undefined ? ['region'] : []),
    // One of them alone would be left aside without a word.
    ...(sns.accessKeyId !== undefined && sns.secretAccessKey === undefined
      ? ['secretAccessKey']
      : []),
    ...(sns.accessKeyId === undefined && sns.secretAccessKey !== undefined ? ['accessKeyId'] : []),
  ],
};
