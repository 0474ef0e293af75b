/**
 * Sends the mails that were promised. One at a time, each leased before it leaves: a crash
 * between "promised" and "sent" loses nothing, and of two processes one sends.
 *
 * Why so: a server that answers "not now" is asked three times within five minutes and then
 * left in peace. One that cannot be reached was not asked at all, so that counts for
 * nothing, and the mail leaves within a minute of the server's return.
 */
import { type Channel, ChannelError, type Mail } from '../channels/channel.ts';
import { type Clock, secondsAfter } from '../lib/clock.ts';
import type { Crypt } from '../lib/crypt.ts';
import type { Due, Messages } from '../models/message.ts';
import { contextOf, type Letter } from './notices.ts';

export interface PostDeps {
  readonly messages: Messages;
  /** Absent where this deployment sends no mail; then nothing is promised either. */
  readonly mail: Channel<Mail> | undefined;
  readonly render: (letter: Letter) => Omit<Mail, 'to' | 'messageId'>;
  readonly crypt: Pick<Crypt, 'open'>;
  readonly clock: Clock;
  readonly log: {
    info(fields: object, event: string): void;
    warn(fields: object, event: string): void;
    error(fields: object, event: string): void;
  };
}

export type Post = ReturnType<typeof createPost>;

/** Longer than a channel's own time limits for sending and checking, one after the other. */
const LEASE_SECONDS = 45;
const MOST_TRIES = 3;
const RETRY_SECONDS = [60, 180] as const;
const UNREACHABLE_SECONDS = 20;
const AT_ONCE = 50;

type Outcome = 'sent' | 'dropped' | 'later' | 'unreachable';

export function createPost(deps: PostDeps) {
  const { messages, mail, crypt, clock, log } = deps;

  return {
    /** Sends what is due. */
    async sweep(): Promise<void> {
      if (!mail) return;
      for (const due of await messages.due(clock.now(), AT_ONCE)) {
        // The others would not get through either.
        if ((await attempt(mail, due)) === 'unreachable') return;
      }
    },
  };

  async function attempt(channel: Channel<Mail>, due: Due): Promise<Outcome> {
    const now = clock.now();
    if (due.expiresAt <= now || due.tries >= MOST_TRIES) return drop(due);
    if (!(await messages.lease(due, secondsAfter(now, LEASE_SECONDS)))) return 'later';
    const letter = opened(due);
    if (!letter) return drop(due);
    try {
      await channel.send({ ...deps.render(letter), to: letter.to, messageId: due._id });
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      return failed(channel, due, error);
    }
    await messages.done(due._id);
    log.info({ message: due._id }, 'notice.sent');
    return 'sent';
  }

  async function failed(
    channel: Channel<Mail>,
    { _id, tries }: Due,
    error: ChannelError,
  ): Promise<Outcome> {
    const isReachable = await channel.check().then(
      () => true,
      () => false,
    );
    log.warn({ message: _id, tries: tries + 1, isReachable, err: error }, 'notice.failed');
    if (error.isTemporary && !isReachable) {
      await messages.postpone(_id, {
        until: secondsAfter(clock.now(), UNREACHABLE_SECONDS),
        tries,
      });
      return 'unreachable';
    }
    const pause = error.isTemporary ? RETRY_SECONDS[tries] : undefined;
    if (pause === undefined) return drop({ _id });
    await messages.postpone(_id, { until: secondsAfter(clock.now(), pause), tries: tries + 1 });
    return 'later';
  }

  async function drop({ _id }: Pick<Due, '_id'>): Promise<Outcome> {
    await messages.done(_id);
    log.warn({ message: _id }, 'notice.dropped');
    return 'dropped';
  }

  /** One that was altered, or whose key is gone, must not keep the others from leaving. */
  function opened({ _id, sealed }: Due): Letter | undefined {
    try {
      return JSON.parse(crypt.open(sealed, contextOf(_id))) as Letter; // written by notices.ts
    } catch (error) {
      log.error({ message: _id, err: error }, 'notice.unreadable');
      return undefined;
    }
  }
}
