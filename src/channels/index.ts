/**
 * Which channels this deployment has, each with the driver that its settings name. A
 * channel without an address is absent, and whatever needs it is not offered.
 */
import { z } from 'zod';

import type { Clock } from '../lib/clock.ts';
import type { Mail, Road, Sms } from './channel.ts';
import { withCircuit } from './circuit.ts';
import { failover } from './failover.ts';
import { createMail, smtpSettings } from './mail/smtp.ts';
import { createSms, httpSettings } from './sms/http.ts';

export const channelSettings = z.strictObject({
  /** The fallback takes what the carrier does not. */
  sms: httpSettings.extend({ fallback: httpSettings.prefault({}) }),
  mail: smtpSettings.refine(({ url, from }) => url === undefined || from !== undefined, {
    path: ['from'],
    error: 'is needed to send mail',
  }),
});

export interface Channels {
  readonly sms: Road<Sms> | undefined;
  readonly mail: Road<Mail> | undefined;
}

type Settings = z.infer<typeof channelSettings>;

export const createChannels = ({ sms, mail }: Settings, clock: Clock): Channels => ({
  sms: smsRoad(sms, clock),
  mail:
    mail.url === undefined || mail.from === undefined
      ? undefined
      : withCircuit(createMail({ ...mail, url: mail.url, from: mail.from }), clock),
});

function smsRoad({ fallback, ...carrier }: Settings['sms'], clock: Clock): Road<Sms> | undefined {
  if (carrier.url === undefined) return undefined;
  if (fallback.url === undefined)
    return withCircuit(createSms({ ...carrier, url: carrier.url }), clock);
  // A person waits for both of them, and for no longer than for one.
  const [first, second] = [
    { ...carrier, url: carrier.url, timeoutSeconds: carrier.timeoutSeconds / 2 },
    { ...fallback, url: fallback.url, timeoutSeconds: fallback.timeoutSeconds / 2 },
  ].map((settings) => withCircuit(createSms(settings), clock));
  return first && second && failover(first, second);
}
