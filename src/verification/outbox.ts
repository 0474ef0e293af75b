/**
 * Sends what was promised. A message is stored with the challenge that it belongs to before
 * it leaves, so a crash between "accepted" and "sent" loses nothing: another process, or this
 * one after its restart, finds it and sends the same code again.
 */
import { type Channel, ChannelError, type Sms } from '../channels/channel.ts';
import { type Clock, secondsAfter } from '../lib/clock.ts';
import { randomId } from '../lib/codes.ts';
import type { Crypt } from '../lib/crypt.ts';
import type { OutgoingMessage } from '../methods/method.ts';
import { isOpen } from '../models/challenge.ts';
import { type Flow, type Flows, type Pending } from '../models/flow.ts';

export interface OutboxDeps {
  readonly flows: Flows;
  /** Absent where this deployment has no carrier; then no method sends. */
  readonly sms: Channel<Sms> | undefined;
  /** The words of a message: views/messages/<message>/sms.txt. */
  readonly render: (
    message: string,
    values: Readonly<Record<string, string>>,
    locale: string,
  ) => string;
  readonly crypt: Crypt;
  readonly clock: Clock;
  readonly log: { warn(fields: object, event: string): void };
}

/** What is sealed: the values hold a code, and the number is somebody's. */
interface Letter {
  readonly to: string;
  readonly message: string;
  readonly values: Readonly<Record<string, string>>;
  readonly purpose: string;
  readonly locale: string;
}

export type Outbox = ReturnType<typeof createOutbox>;

/** Longer than a channel's own time limit, so that nobody sends what is still being sent. */
const LEASE_SECONDS = 15;
const MOST_TRIES = 3;
const RETRY_SECONDS = [5, 30] as const;
const AT_ONCE = 20;

export function createOutbox({ flows, sms, render, crypt, clock, log }: OutboxDeps) {
  const contextOf = (uid: string, id: string): string => `flows/${uid}/pending/${id}`;

  return {
    /** A promise to send, leased to the caller, who delivers it once it is stored. */
    promise(
      uid: string,
      { to, message, values }: OutgoingMessage,
      about: { challenge: string; purpose: string; locale: string; expiresAt: Date },
    ): Pending {
      const id = randomId();
      const { challenge, purpose, locale, expiresAt } = about;
      const letter: Letter = { to, message, values, purpose, locale };
      return {
        id,
        challenge,
        channel: 'sms',
        sealed: crypt.seal(JSON.stringify(letter), contextOf(uid, id)),
        tries: 1,
        leasedUntil: secondsAfter(clock.now(), LEASE_SECONDS),
        expiresAt,
      };
    },

    deliver,

    /** Sends what some process promised and did not send; for a timer. */
    async sweep(): Promise<void> {
      const now = clock.now();
      for (const flow of await flows.withDueMessages(now, AT_ONCE)) {
        for (const item of flow.pending.filter(({ leasedUntil }) => leasedUntil <= now)) {
          await retry(flow, item, now).catch((error: unknown) => {
            // One that cannot be read must not hold up all that wait behind it.
            log.warn({ flow: flow._id, message: item.id, err: error }, 'message.failed');
          });
        }
      }
    },
  };

  /** Hands the message over and tells the flow how it went; never throws for a carrier's fault. */
  async function deliver(flow: Flow, item: Pending): Promise<Flow | undefined> {
    const { to, message, values, purpose, locale } = JSON.parse(
      crypt.open(item.sealed, contextOf(flow._id, item.id)),
    ) as Letter;
    try {
      if (!sms) throw new ChannelError('no carrier is configured', { isTemporary: true });
      await sms.send({ to, purpose, text: render(message, values, locale), messageId: item.id });
      return await flows.dropMessage(flow._id, item.id);
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      log.warn(
        { flow: flow._id, message: item.id, tries: item.tries, err: error },
        'message.failed',
      );
      return giveUpOrWait(flow, item, error.isTemporary);
    }
  }

  async function giveUpOrWait(flow: Flow, item: Pending, isTemporary: boolean) {
    const pause =
      isTemporary && item.tries < MOST_TRIES ? RETRY_SECONDS[item.tries - 1] : undefined;
    await (pause === undefined
      ? flows.dropMessage(flow._id, item.id)
      : flows.postpone(flow._id, item.id, secondsAfter(clock.now(), pause)));
    return flows.markUndelivered(flow._id, item.challenge);
  }

  async function retry(flow: Flow, item: Pending, now: Date): Promise<void> {
    const { challenge } = flow;
    // A message for a challenge that is over would only confuse, or help whoever reads it.
    const isWanted = challenge?.id === item.challenge && isOpen(challenge, now);
    if (!isWanted || item.expiresAt <= now || item.tries >= MOST_TRIES) {
      await flows.dropMessage(flow._id, item.id);
      return;
    }
    const leased = await flows.lease(flow._id, item, secondsAfter(now, LEASE_SECONDS));
    if (leased) await deliver(leased, { ...item, tries: item.tries + 1 });
  }
}
