/**
 * Which channels this deployment has, each with the driver that its settings name. A channel
 * without an address (pushes: without a key) is absent, and whatever needs it is not offered.
 */
import { z } from 'zod';

import type { Clock } from '../lib/clock.ts';
import { type Meter, noMeter } from '../lib/meter.ts';
import { vapidPublicKey } from '../lib/vapid.ts';
import type { Call, Channel, ChannelName, Mail, Push, Road, Sms, VoiceChannel } from './channel.ts';
import { withCircuit } from './circuit.ts';
import { failover } from './failover.ts';
import { httpSettings } from './http-provider.ts';
import { createMail, smtpSettings } from './mail/smtp.ts';
import { metered } from './metered.ts';
import { createPush, webPushSettings } from './push/web-push.ts';
import { isPushAddress } from './push-address.ts';
import { createSms } from './sms/http.ts';
import { createVoice, voiceSettings } from './voice/http.ts';
import { priceSettings } from './prices.ts';

export const channelSettings = z.strictObject({
  /** The fallback takes what the carrier does not. */
  sms: httpSettings.extend({ fallback: httpSettings.prefault({}) }),
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

/** Whoever hears keys tells us so; nobody else must be able to. */
function knowsItsCallbacks<S extends typeof voiceSettings>(settings: S): S {
  return settings.refine(
    ({ url, hearsKeys, callbackSecret }) =>
      url === undefined || !hearsKeys || callbackSecret !== undefined,
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
  readonly issuer: string;
  /** Without it there are no pushes. */
  readonly vapidKey?: string | undefined;
}

/** Whether such a channel can be had at all, as the settings alone tell. */
export const isConfigured = (
  settings: Readonly<Record<'sms' | 'voice', { readonly url?: string | undefined }>>,
  name: ChannelName,
): boolean => name === 'push' || settings[name].url !== undefined;

export const createChannels = (settings: Settings, ports: Ports): Channels => ({
  sms: smsRoad(settings, ports),
  voice: voiceRoad(settings, ports),
  mail: mailRoad(settings, ports),
  push: pushRoad(settings, ports),
});

const road = <Message>(
  name: string,
  channel: Channel<Message>,
  { clock, meter = noMeter }: Ports,
): Road<Message> => withCircuit(metered(channel, { meter, name }), clock);

interface Provider {
  readonly url?: string;
  readonly timeoutSeconds: number;
}

type Reached<P extends Provider> = P & { readonly url: string };

/** A person waits for both of them, and for no longer than for one. */
function providersIn<P extends Provider>(first: P, fallback: P): Reached<P>[] {
  const reached = [first, fallback].filter((each): each is Reached<P> => each.url !== undefined);
  const share = reached.length;
  return first.url === undefined
    ? []
    : reached.map((each) => ({ ...each, timeoutSeconds: each.timeoutSeconds / share }));
}

function smsRoad({ sms }: Settings, ports: Ports): Road<Sms> | undefined {
  const [first, second] = providersIn(sms, sms.fallback).map((settings) =>
    road('sms', createSms(settings), ports),
  );
  return first && second ? failover(first, second) : first;
}

function voiceRoad({ voice }: Settings, ports: Ports): VoiceRoad | undefined {
  const providers = providersIn(voice, voice.fallback).map((each) => createVoice(each, ports));
  const [first, second] = providers.map((provider) => road('voice', provider, ports));
  const one = first && second ? failover(first, second) : first;
  return one && { ...one, ...heardBy(providers) };
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
