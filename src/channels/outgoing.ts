/**
 * A message before it is handed over: what is said by name, and through which channel. Its words
 * and the id that a carrier knows it by are added here, as it leaves.
 */
import { type Channel, ChannelError, type ChannelName, type PushSubscription } from './channel.ts';
import type { Channels } from './index.ts';

export type Outgoing = OutgoingText | OutgoingPush;

/** A message by name; its words are in views/messages/<message>/. */
interface OutgoingText {
  readonly channel: 'sms';
  readonly to: string;
  /** What it spends, which is counted before it leaves. */
  readonly budget: TelephoneBudget;
  readonly message: string;
  readonly values: Readonly<Record<string, string>>;
}

/** Sends cost money: they are counted per number, and per country, by its calling code. */
export interface TelephoneBudget {
  /** E.164. */
  readonly number: string;
  readonly country: string;
}

/** Wakes a device, which has words of its own and asks us for the rest. */
interface OutgoingPush {
  readonly channel: 'push';
  readonly budget?: undefined;
  /** A newer one replaces what still waits under the same topic. */
  readonly topic: string;
  readonly subscription: PushSubscription;
  readonly values: Readonly<Record<string, string>>;
}

export interface Leaving {
  readonly messageId: string;
  readonly purpose: string;
  readonly locale: string;
  readonly ttlSeconds: number;
}

export interface SendingPorts {
  readonly channels: Pick<Channels, ChannelName>;
  /** The words of a message: views/messages/<message>/sms.txt. */
  readonly render: (
    message: string,
    values: Readonly<Record<string, string>>,
    locale: string,
  ) => string;
}

/** Throws ChannelError. */
export async function send(
  outgoing: Outgoing,
  { messageId, purpose, locale, ttlSeconds }: Leaving,
  { channels, render }: SendingPorts,
): Promise<void> {
  switch (outgoing.channel) {
    case 'push': {
      const { subscription, values, topic } = outgoing;
      const payload = JSON.stringify(values);
      return open(channels.push).send({ subscription, payload, ttlSeconds, topic, messageId });
    }
    case 'sms': {
      const { to, message, values } = outgoing;
      const text = render(message, values, locale);
      return open(channels.sms).send({ to, purpose, text, messageId });
    }
  }
}

function open<Message>(channel: Channel<Message> | undefined): Channel<Message> {
  if (!channel) throw new ChannelError('no carrier is configured', { isTemporary: true });
  return channel;
}

/** Whether a person waits for it to leave: of a push, the page says that it waits anyway. */
export const isAwaited = ({ channel }: Pick<Outgoing, 'channel'>): boolean => channel === 'sms';
