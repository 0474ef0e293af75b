/**
 * Which channels this deployment has, each with the driver that its settings name. A channel
 * without an address (pushes: without a key) is absent, and whatever needs it is not offered.
 */
import { z } from 'zod';

import type { Clock } from '../lib/clock.ts';
import { type Meter, noMeter } from '../lib/meter.ts';
import { vapidPublicKey } from '../lib/vapid.ts';
import type { Channel, ChannelName, Mail, Push, Road, Sms } from './channel.ts';
import { withCircuit } from './circuit.ts';
import { failover } from './failover.ts';
import { createMail, smtpSettings } from './mail/smtp.ts';
import { metered } from './metered.ts';
import { createPush, webPushSettings } from './push/web-push.ts';
import { isPushAddress } from './push-address.ts';
import { createSms, type HttpSettings, httpSettings } from './sms/http.ts';

export const channelSettings = z.strictObject({
  /** The fallback takes what the carrier does not. */
  sms: httpSettings.extend({ fallback: httpSettings.prefault({}) }),
  mail: smtpSettings.refine(({ url, from }) => url === undefined || from !== undefined, {
    path: ['from'],
    error: 'is needed to send mail',
  }),
  push: webPushSettings,
});

export interface Channels {
  readonly sms: Road<Sms> | undefined;
  readonly mail: Road<Mail> | undefined;
  readonly push: PushRoad | undefined;
}

/** Knows besides what a browser needs that wants to subscribe. */
export interface PushRoad extends Road<Push> {
  /** What a browser calls applicationServerKey: base64url. */
  readonly publicKey: string;
  /** Whether anything would be sent to this endpoint; what is refused here is not worth storing. */
  accepts(endpoint: string): boolean;
}

type Settings = z.infer<typeof channelSettings>;

export interface Ports {
  readonly clock: Clock;
  readonly meter?: Meter;
  readonly issuer: string;
  /** Without it there are no pushes. */
  readonly vapidKey?: string | undefined;
}

/** Whether such a channel can be had at all, as the settings alone tell. */
export const isConfigured = (
  { sms }: { readonly sms: { readonly url?: string | undefined } },
  name: ChannelName,
): boolean => name !== 'sms' || sms.url !== undefined;

export const createChannels = (settings: Settings, ports: Ports): Channels => ({
  sms: smsRoad(settings, ports),
  mail: mailRoad(settings, ports),
  push: pushRoad(settings, ports),
});

const road = <Message>(
  name: string,
  channel: Channel<Message>,
  { clock, meter = noMeter }: Ports,
): Road<Message> => withCircuit(metered(channel, { meter, name }), clock);

function smsRoad({ sms }: Settings, ports: Ports): Road<Sms> | undefined {
  const { fallback, ...carrier } = sms;
  const roadTo = (settings: HttpSettings): Road<Sms> => road('sms', createSms(settings), ports);
  if (carrier.url === undefined) return undefined;
  if (fallback.url === undefined) return roadTo({ ...carrier, url: carrier.url });
  // A person waits for both of them, and for no longer than for one.
  const [first, second] = [
    { ...carrier, url: carrier.url, timeoutSeconds: carrier.timeoutSeconds / 2 },
    { ...fallback, url: fallback.url, timeoutSeconds: fallback.timeoutSeconds / 2 },
  ].map(roadTo);
  return first && second && failover(first, second);
}

function mailRoad({ mail }: Settings, ports: Ports): Road<Mail> | undefined {
  const { url, from } = mail;
  if (url === undefined || from === undefined) return undefined;
  return road('mail', createMail({ ...mail, url, from }), ports);
}

function pushRoad({ push, mail }: Settings, ports: Ports): PushRoad | undefined {
  const { vapidKey, issuer } = ports;
  if (vapidKey === undefined) return undefined;
  const contact = push.contact ?? contactFor(issuer, mail.from?.address);
  return {
    ...road('push', createPush({ ...push, contact, vapidKey }), ports),
    publicKey: vapidPublicKey(vapidKey),
    accepts: (endpoint) => isPushAddress(endpoint, push.hosts),
  };
}

/** Push services want an address of ours; on a developer's own machine there may be none. */
function contactFor(issuer: string, from = 'nobody@doorstep.invalid'): string {
  const { protocol, hostname } = new URL(issuer);
  if (protocol === 'https:' && hostname !== 'localhost') return issuer;
  return `mailto:${from}`;
}
