/**
 * Whom texts and calls can be given to: what is set of them, and which driver that is. A
 * vendor's account is set once, whoever uses it: texts, calls, or what stands in for another.
 */
import { z } from 'zod';

import type { Clock } from '../lib/clock.ts';
import type { Channel, Sms, VoiceChannel } from './channel.ts';
import { httpSettings } from './http-provider.ts';
import { createSms as createHttpSms } from './sms/http.ts';
import { createSms as createSnsSms, snsSettings } from './sms/sns.ts';
import { createSms as createTwilioSms } from './sms/twilio.ts';
import { type TwilioAccount, twilioSettings } from './twilio-account.ts';
import { createVoice as createHttpVoice, httpVoiceSettings } from './voice/http.ts';
import { createVoice as createTwilioVoice } from './voice/twilio.ts';

export const accountSettings = {
  twilio: twilioSettings.prefault({}),
  sns: snsSettings.prefault({}),
};

export const smsSettings = httpSettings.extend({
  driver: z.enum(['http', 'twilio', 'sns']).default('http'),
});

export const voiceSettings = httpVoiceSettings.extend({
  driver: z.enum(['http', 'twilio']).default('http'),
});

export interface Accounts {
  readonly twilio: z.infer<typeof twilioSettings>;
  readonly sns: z.infer<typeof snsSettings>;
}

type SmsSettings = z.infer<typeof smsSettings>;
type VoiceSettings = z.infer<typeof voiceSettings>;

/** One of a channel's two: it is opened once it is known how long it may take. */
export interface Carrier<Opened> {
  readonly driver: string;
  readonly timeoutSeconds: number;
  readonly open: (timeoutSeconds: number) => Opened;
}

/** Whether there is one: a vendor whose account is missing is refused before. */
export const isSet = ({ driver, url }: { driver: string; url?: string | undefined }): boolean =>
  driver !== 'http' || url !== undefined;

export function smsCarrier(
  { driver, url, token, timeoutSeconds }: SmsSettings,
  { twilio, sns }: Accounts,
): Carrier<Channel<Sms>> | undefined {
  const carrier = (open: Carrier<Channel<Sms>>['open']) => ({ driver, timeoutSeconds, open });
  switch (driver) {
    case 'http':
      if (url === undefined) return undefined;
      return carrier((seconds) =>
        createHttpSms({ url, ...(token && { token }), timeoutSeconds: seconds }),
      );
    case 'twilio': {
      const sender = senderIn(twilio);
      const account = accountIn(twilio);
      if (!account || !sender) return undefined;
      return carrier((seconds) => createTwilioSms({ ...account, sender, timeoutSeconds: seconds }));
    }
    case 'sns': {
      const { region, senderId, endpoint } = sns;
      if (region === undefined) return undefined;
      const settings = { region, senderId, endpoint, credentials: credentialsIn(sns) };
      return carrier((seconds) => createSnsSms({ ...settings, timeoutSeconds: seconds }));
    }
  }
}

export function voiceCarrier(
  { driver, url, timeoutSeconds, ...more }: VoiceSettings,
  { twilio }: Accounts,
  ports: { readonly clock: Clock },
): Carrier<VoiceChannel> | undefined {
  const carrier = (open: Carrier<VoiceChannel>['open']) => ({ driver, timeoutSeconds, open });
  switch (driver) {
    case 'http':
      if (url === undefined) return undefined;
      return carrier((seconds) =>
        createHttpVoice({ ...more, url, timeoutSeconds: seconds }, ports),
      );
    case 'twilio': {
      const { from } = twilio;
      const account = accountIn(twilio);
      if (!account || from === undefined) return undefined;
      return carrier((seconds) => createTwilioVoice({ ...account, from, timeoutSeconds: seconds }));
    }
  }
}

type Account = Omit<TwilioAccount, 'timeoutSeconds'>;

function accountIn({ accountSid, authToken, url }: Accounts['twilio']): Account | undefined {
  return accountSid === undefined || authToken === undefined
    ? undefined
    : { accountSid, authToken, url };
}

function senderIn({ from, messagingServiceSid }: Accounts['twilio']) {
  if (messagingServiceSid !== undefined) return { messagingServiceSid };
  return from === undefined ? undefined : { from };
}

function credentialsIn({ accessKeyId, secretAccessKey, sessionToken }: Accounts['sns']) {
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}
