/**
 * Which channels this deployment has, each with the driver that its settings name. A
 * channel without an address is absent, and whatever needs it is not offered.
 */
import { z } from 'zod';

import type { Clock } from '../lib/clock.ts';
import { type Meter, noMeter } from '../lib/meter.ts';
import type { Mail, Road, Sms } from './channel.ts';
import { withCircuit } from './circuit.ts';
import { failover } from './failover.ts';
import { createMail, smtpSettings } from './mail/smtp.ts';
import { metered } from './metered.ts';
import { createSms, type HttpSettings, httpSettings } from './sms/http.ts';

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

interface Ports {
  readonly clock: Clock;
  readonly meter: Meter;
}

export const createChannels = (
  { sms, mail }: Settings,
  clock: Clock,
  meter: Meter = noMeter,
): Channels => ({
  sms: smsRoad(sms, { clock, meter }),
  mail:
    mail.url === undefined || mail.from === undefined
      ? undefined
      : withCircuit(
          metered(createMail({ ...mail, url: mail.url, from: mail.from }), { meter, name: 'mail' }),
          clock,
        ),
});

function smsRoad(
  { fallback, ...carrier }: Settings['sms'],
  { clock, meter }: Ports,
): Road<Sms> | undefined {
  const road = (settings: HttpSettings): Road<Sms> =>
    withCircuit(metered(createSms(settings), { meter, name: 'sms' }), clock);
  if (carrier.url === undefined) return undefined;
  if (fallback.url === undefined) return road({ ...carrier, url: carrier.url });
  // A person waits for both of them, and for no longer than for one.
  const [first, second] = [
    { ...carrier, url: carrier.url, timeoutSeconds: carrier.timeoutSeconds / 2 },
    { ...fallback, url: fallback.url, timeoutSeconds: fallback.timeoutSeconds / 2 },
  ].map(road);
  return first && second && failover(first, second);
}
