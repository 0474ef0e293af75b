/**
 * Which channels this deployment has, each with the driver that its settings name. A channel
 * without an address (pushes: without a key) is absent, and whatever needs it is not offered.
 */
import { z } from 'zod';

import type { Clock } from '../lib/clock.ts';
import { type Meter, noMeter } from '../lib/meter.ts';
import { vapidPublicKey } from '../lib/vapid.ts';
import {
  accountSettings,
  type Carrier,
  isSet,
  smsCarrier,
  smsSettings,
  voiceCarrier,
  voiceSettings,
} from './carriers.ts';
import type { Call, Channel, ChannelName, Mail, Push, Road, Sms, VoiceChannel } from './channel.ts';
import { withCircuit } from './circuit.ts';
import { failover } from './failover.ts';
import { createMail, smtpSettings } from './mail/smtp.ts';
import { metered } from './metered.ts';
import { accountProblems } from './missing-accounts.ts';
import { priceSettings } from './prices.ts';
import { createPush, webPushSettings } from './push/web-push.ts';
import { isPushAddress } from './push-address.ts';
import { reported, type ReportLog } from './reported.ts';

const settings = z.strictObject({
  ...accountSettings,
  /** The fallback takes what the carrier does not. */
  sms: smsSettings.extend({ fallback: smsSettings.prefault({}) }),
  voice: knowsItsCallbacks(
    voiceSettings.extend({ fallback: knowsItsCallbacks(voiceSettings).prefault({}) }),
  ),
  mail: smtpSettings.refine(({ url, from }) => url === undefined || from !== undefined, {
    path: ['from'],
    error: 'is needed to send mail',
  }),
  push: webPushSettings,
  prices: priceSettings,
});

export const channelSettings = settings.superRefine((channels, context) => {
  for (const problem of accountProblems(channels)) context.addIssue({ code: 'custom', ...problem });
});

/** Whoever hears keys tells us so; nobody else must be able to. */
function knowsItsCallbacks<S extends typeof voiceSettings>(settings: S): S {
  return settings.refine(
    ({ driver, url, hearsKeys, callbackSecret }) =>
      driver !== 'http' || url === undefined || !hearsKeys || callbackSecret !== undefined,
    { path: ['callbackSecret'], error: 'is needed for a provider that hears keys' },
  );
}

export interface Channels {
  readonly sms: Road<Sms> | undefined;
  readonly voice: VoiceRoad | undefined;
  readonly mail: Road<Mail> | undefined;
  readonly push: PushRoad | undefined;
}

/** Hears besides what its providers tell of a call. */
export type VoiceRoad = Road<Call> & Pick<VoiceChannel, 'hearsKeys' | 'readCallback'>;

/** Knows besides what a browser needs that wants to subscribe. */
export interface PushRoad extends Road<Push> {
  /** What a browser calls applicationServerKey: base64url. */
  readonly publicKey: string;
  /** Whether anything would be sent to this endpoint; what is refused here is not worth storing. */
  accepts(endpoint: string): boolean;
}

type Settings = Omit<z.infer<typeof channelSettings>, 'prices'>;

export interface Ports {
  readonly clock: Clock;
  readonly meter?: Meter;
  /** Told what an operator has to see to. */
  readonly log?: ReportLog;
  readonly issuer: string;
  /** Without it there are no pushes. */
  readonly vapidKey?: string | undefined;
}

/** Whether such a channel can be had at all, as the settings alone tell. */
export const isConfigured = (
  channels: Readonly<Record<'sms' | 'voice', Parameters<typeof isSet>[0]>> & {
    readonly mail: { readonly url?: string };
  },
  name: ChannelName,
): boolean => {
  if (name === 'mail') return channels.mail.url !== undefined;
  return name === 'push' || isSet(channels[name]);
};

export const createChannels = (settings: Settings, ports: Ports): Channels => ({
  sms: smsRoad(settings, ports),
  voice: voiceRoad(settings, ports),
  mail: mailRoad(settings, ports),
  push: pushRoad(settings, ports),
});

const road = <Message>(
  name: string,
  { driver, channel }: { readonly driver: string; readonly channel: Channel<Message> },
  { clock, meter = noMeter, log }: Ports,
): Road<Message> => {
  const told = log ? reported(channel, { log, channel: name, driver }) : channel;
  return withCircuit(metered(told, { meter, name }), clock);
};

/** A person waits for both of them, and for no longer than for one. */
function opened<Opened>(first?: Carrier<Opened>, fallback?: Carrier<Opened>) {
  const carriers = [first, first && fallback].filter((each) => each !== undefined);
  return carriers.map(({ driver, timeoutSeconds, open }) => ({
    driver,
    channel: open(timeoutSeconds / carriers.length),
  }));
}

function smsRoad({ sms, ...accounts }: Settings, ports: Ports): Road<Sms> | undefined {
  const carriers = [sms, sms.fallback].map((each) => smsCarrier(each, accounts));
  const [first, second] = opened(...carriers).map((carrier) => road('sms', carrier, ports));
  return first && second ? failover(first, second) : first;
}

function voiceRoad({ voice, ...accounts }: Settings, ports: Ports): VoiceRoad | undefined {
  const carriers = [voice, voice.fallback].map((each) => voiceCarrier(each, accounts, ports));
  const providers = opened(...carriers);
  const [first, second] = providers.map((provider) => road('voice', provider, ports));
  const one = first && second ? failover(first, second) : first;
  return one && { ...one, ...heardBy(providers.map(({ channel }) => channel)) };
}

/** A question is asked before it is known who places the call, so both must be able to hear. */
const heardBy = (
  providers: readonly VoiceChannel[],
): Pick<VoiceChannel, 'hearsKeys' | 'readCallback'> => ({
  hearsKeys: providers.every(({ hearsKeys }) => hearsKeys),
  async readCallback(callback) {
    for (const provider of providers) {
      const event = await provider.readCallback(callback);
      if (event) return event;
    }
    return undefined;
  },
});

function mailRoad({ mail }: Settings, ports: Ports): Road<Mail> | undefined {
  const { url, from } = mail;
  if (url === undefined || from === undefined) return undefined;
  return road('mail', { driver: mail.driver, channel: createMail({ ...mail, url, from }) }, ports);
}

function pushRoad({ push, mail }: Settings, ports: Ports): PushRoad | undefined {
  const { vapidKey, issuer } = ports;
  if (vapidKey === undefined) return undefined;
  const contact = push.contact ?? contactFor(issuer, mail.from?.address);
  return {
    ...road(
      'push',
      { driver: push.driver, channel: createPush({ ...push, contact, vapidKey }) },
      ports,
    ),
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
