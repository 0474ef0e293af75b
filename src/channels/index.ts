/**
 * Which channels this deployment has, each with the driver that its settings name. A
 * channel without an address is absent, and whatever needs it is not offered.
 */
import { z } from 'zod';

import type { Channel, Mail, Sms } from './channel.ts';
import { createMail, smtpSettings } from './mail/smtp.ts';
import { createSms, httpSettings } from './sms/http.ts';

export const channelSettings = z.strictObject({
  sms: httpSettings,
  mail: smtpSettings.refine(({ url, from }) => url === undefined || from !== undefined, {
    path: ['from'],
    error: 'is needed to send mail',
  }),
});

export interface Channels {
  readonly sms: Channel<Sms> | undefined;
  readonly mail: Channel<Mail> | undefined;
}

export function createChannels({ sms, mail }: z.infer<typeof channelSettings>): Channels {
  return {
    sms: sms.url === undefined ? undefined : createSms({ ...sms, url: sms.url }),
    mail:
      mail.url === undefined || mail.from === undefined
        ? undefined
        : createMail({ ...mail, url: mail.url, from: mail.from }),
  };
}
