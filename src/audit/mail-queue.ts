/**
 * Sends the mails that were promised, one at a time.
 *
 * Why so: a server that answers "not now" is asked three times within five minutes and then
 * left in peace. One that cannot be reached was not asked at all, so that counts for
 * nothing, and the mail leaves within a minute of the server's return.
 */
import { type Channel, ChannelError, type Mail } from '../channels/channel.ts';
import type { Clock } from '../lib/clock.ts';
import type { Crypt } from '../lib/crypt.ts';
import { createLeasedQueue, type Outcome } from '../lib/leased-queue.ts';
import type { Message, Messages } from '../models/message.ts';
import { contextOf, type Letter, sealedLetters } from './notices.ts';

export interface PostDeps {
  readonly messages: Messages;
  /** Absent where this deployment sends no mail; then nothing is promised either. */
  readonly mail: Channel<Mail> | undefined;
  readonly render: (letter: Letter) => Omit<Mail, 'to' | 'messageId'>;
  readonly crypt: Pick<Crypt, 'seal' | 'open'>;
  readonly clock: Clock;
  readonly log: {
    info(fields: object, event: string): void;
    warn(fields: object, event: string): void;
  };
}

export function createPost({ messages, mail, render, crypt, clock, log }: PostDeps) {
  const letters = sealedLetters(crypt);
  const queue = createLeasedQueue({
    store: { ...messages, drop },
    send,
    // Longer than a channel's own time limits for sending and checking, one after the other.
    leaseSeconds: 45,
    retrySeconds: [60, 180],
    atOnce: 1,
    clock,
    failed: ({ _id }, err) => log.warn({ message: _id, err }, 'notice.failed'),
  });

  return {
    /** Sends what is due. */
    async sweep(): Promise<void> {
      if (mail) await queue.sweep();
    },
  };

  async function send({ _id, sealed, tries }: Message): Promise<Outcome> {
    if (!mail) return 'unwanted';
    const letter = letters.open(sealed, contextOf(_id));
    try {
      await mail.send({ ...render(letter), to: letter.to, messageId: _id });
      return 'sent';
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      const unreachable = await mail.check().catch(() => 'unreachable' as const);
      const isReachable = !unreachable;
      log.warn({ message: _id, tries, isReachable, err: error }, 'notice.failed');
      return error.isTemporary ? (unreachable ?? 'busy') : 'refused';
    }
  }

  async function drop(message: Message, why: Outcome): Promise<void> {
    await messages.drop(message);
    if (why === 'sent') log.info({ message: message._id }, 'notice.sent');
    else log.warn({ message: message._id }, 'notice.dropped');
  }
}
