/**
 * A message before it is handed over: what is said by name, and through which channel. Its words
 * and the id that a carrier knows it by are added here, as it leaves.
 */
import { z } from 'zod';

import {
  type Channel,
  ChannelError,
  type ChannelName,
  type Mail,
  pushSubscription,
} from './channel.ts';
import type { Channels } from './index.ts';

/** As methods ask for it. */
export type Outgoing =
  | (z.infer<typeof text> & { readonly budget: TelephoneBudget })
  | (z.infer<typeof call> & { readonly budget: TelephoneBudget })
  | (z.infer<typeof mail> & { readonly budget: MailBudget })
  | (z.infer<typeof push> & { readonly budget?: undefined });

/** Sends cost money: they are counted per number, and per country, by its calling code. */
export interface TelephoneBudget {
  /** E.164. */
  readonly number: string;
  readonly country: string;
}

/** Mails cost nobody money, but somebody's patience: they are counted per mailbox. */
export interface MailBudget {
  /** The same, however its address is spelt. */
  readonly mailbox: string;
}

/** As it leaves: what it spends was counted before it was promised. */
export type Counted = z.infer<typeof counted>;

const values = z.record(z.string(), z.string()).readonly();

/** A message by name; its words are in views/messages/<message>/. */
const text = z
  .object({ channel: z.literal('sms'), to: z.string(), message: z.string(), values })
  .readonly();

/** The same, spoken. */
const call = z
  .object({
    channel: z.literal('voice'),
    to: z.string(),
    message: z.string(),
    values,
    /** Where what is keyed in is told; absent where a code is read aloud. */
    answerAt: z.string().exactOptional(),
  })
  .readonly();

/** The same, written: with a subject and, besides the text, as a page. */
const mail = z
  .object({ channel: z.literal('mail'), to: z.string(), message: z.string(), values })
  .readonly();

/** Wakes a device, which has words of its own and asks us for the rest. */
const push = z
  .object({
    channel: z.literal('push'),
    /** A newer one replaces what still waits under the same topic. */
    topic: z.string(),
    subscription: pushSubscription,
    values,
  })
  .readonly();

export const counted = z.discriminatedUnion('channel', [text, call, mail, push]);

export interface Leaving {
  readonly messageId: string;
  readonly purpose: string;
  readonly locale: string;
  readonly ttlSeconds: number;
  readonly isRepeated: boolean;
}

interface Said {
  readonly channel: 'sms' | 'voice';
  readonly message: string;
  readonly values: Readonly<Record<string, string>>;
  readonly locale: string;
}

export interface SendingPorts {
  readonly channels: Pick<Channels, ChannelName>;
  /** The words of a message: views/messages/<message>/<channel>.txt. */
  readonly render: (said: Said) => string;
  /** Those of a mail: views/messages/<message>/mail.*. */
  readonly renderMail: (said: Omit<Said, 'channel'>) => Omit<Mail, 'to' | 'messageId'>;
}

/** Throws ChannelError. */
export async function send(
  outgoing: Counted,
  { messageId, purpose, locale, ttlSeconds, isRepeated }: Leaving,
  { channels, render, renderMail }: SendingPorts,
): Promise<void> {
  switch (outgoing.channel) {
    case 'push': {
      const { subscription, values, topic } = outgoing;
      const payload = JSON.stringify(values);
      return open(channels.push).send({ subscription, payload, ttlSeconds, topic, messageId });
    }
    case 'sms': {
      const { channel, to, message, values } = outgoing;
      const text = render({ channel, message, values, locale });
      return open(channels.sms).send({ to, purpose, text, messageId });
    }
    case 'mail': {
      const { to, message, values } = outgoing;
      return open(channels.mail).send({
        to,
        ...renderMail({ message, values, locale }),
        messageId,
      });
    }
    case 'voice': {
      const { channel, to, message, values, answerAt } = outgoing;
      const text = render({ channel, message, values, locale });
      const call = { to, purpose, text, locale, messageId, isRepeated };
      return open(channels.voice).send({ ...call, ...(answerAt !== undefined && { answerAt }) });
    }
  }
}

function open<Message>(channel: Channel<Message> | undefined): Channel<Message> {
  if (!channel) throw new ChannelError('no carrier is configured', { isTemporary: true });
  return channel;
}

/** Whether a person waits for it to leave: of a push, the page says that it waits anyway. */
export const isAwaited = ({ channel }: Pick<Outgoing, 'channel'>): boolean => channel !== 'push';
