/**
 * Sends what was promised: texts, and what wakes a device. A message is stored with the
 * challenge that it belongs to before it leaves, so a crash between "accepted" and "sent"
 * loses nothing: another process, or this one after its restart, finds it and sends the same
 * code again.
 */
import { ChannelError } from '../channels/channel.ts';
import {
  type Leaving,
  type Outgoing,
  send as sendBy,
  type SendingPorts,
} from '../channels/outgoing.ts';
import { type Clock, secondsAfter } from '../lib/clock.ts';
import { randomId } from '../lib/codes.ts';
import type { Crypt } from '../lib/crypt.ts';
import { isDiskFull } from '../lib/disk-full.ts';
import { isOpen } from '../models/challenge.ts';
import type { Flow, Flows } from '../models/flow.ts';
import type { Pending } from '../models/flow-message.ts';

export interface Gone {
  readonly account: string;
  readonly credential: string;
  readonly outgoing: Outgoing;
}

export interface OutboxDeps extends SendingPorts {
  readonly flows: Flows;
  /** Nothing will ever be taken for this addressee again. */
  readonly forgetAddressee: (gone: Gone) => Promise<void>;
  readonly crypt: Crypt;
  readonly clock: Clock;
  readonly log: { warn(fields: object, event: string): void };
}

/** What is sealed: the values hold a code, and the number or address is somebody's. */
interface Letter {
  readonly send: Outgoing;
  readonly purpose: string;
  readonly locale: string;
  readonly account: string;
}

interface About extends Omit<Letter, 'send'> {
  readonly challenge: string;
  readonly expiresAt: Date;
}

export type Outbox = ReturnType<typeof createOutbox>;

/** Longer than a channel's own time limit, so that nobody sends what is still being sent. */
const LEASE_SECONDS = 15;
const MOST_TRIES = 3;
const RETRY_SECONDS = [5, 30] as const;
const AT_ONCE = 20;

export function createOutbox(deps: OutboxDeps) {
  const { flows, crypt, clock, log } = deps;
  const underWay = new Set<Promise<unknown>>();
  const contextOf = (uid: string, id: string): string => `flows/${uid}/pending/${id}`;

  return {
    /** A promise to send, leased to the caller, who delivers it once it is stored. */
    promise(uid: string, send: Outgoing, about: About): Pending {
      const id = randomId();
      const { challenge, expiresAt, ...rest } = about;
      const letter: Letter = { send, ...rest };
      return {
        id,
        challenge,
        channel: send.channel,
        sealed: crypt.seal(JSON.stringify(letter), contextOf(uid, id)),
        tries: 1,
        leasedUntil: secondsAfter(clock.now(), LEASE_SECONDS),
        expiresAt,
      };
    },

    deliver,

    /** The same for what nobody has to wait for: the page says that it waits anyway. */
    deliverLater(flow: Flow, item: Pending): void {
      const leaving = deliver(flow, item)
        .catch((err: unknown) => {
          log.warn({ flow: flow._id, message: item.id, err }, 'message.failed');
        })
        .finally(() => underWay.delete(leaving));
      underWay.add(leaving);
    },

    /** Waits for what is under way. */
    async settled(): Promise<void> {
      await Promise.all(underWay);
    },

    /** Sends what some process promised and did not send; for a timer. */
    async sweep(): Promise<void> {
      const now = clock.now();
      for (const flow of await flows.withDueMessages(now, AT_ONCE)) {
        for (const item of flow.pending.filter(({ leasedUntil }) => leasedUntil <= now)) {
          await retry(flow, item, now).catch((error: unknown) => {
            // Nor would the others get through.
            if (isDiskFull(error)) throw error;
            // One that cannot be read must not hold up all that wait behind it.
            log.warn({ flow: flow._id, message: item.id, err: error }, 'message.failed');
          });
        }
      }
    },
  };

  /** Hands the message over and tells the flow how it went; never throws for a carrier's fault. */
  async function deliver<F extends Flow>(flow: F, item: Pending): Promise<F | undefined> {
    const letter = JSON.parse(crypt.open(item.sealed, contextOf(flow._id, item.id))) as Letter;
    try {
      await sendBy(letter.send, leaving(letter, item), deps);
      return await flows.dropMessage(flow, item.id);
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      log.warn(
        { flow: flow._id, message: item.id, tries: item.tries, err: error },
        'message.failed',
      );
      if (error.isGone) await forget(flow, letter);
      return giveUpOrWait(flow, item, error.isTemporary);
    }
  }

  async function forget({ challenge }: Flow, { send, account }: Letter): Promise<void> {
    if (!challenge) return;
    await deps.forgetAddressee({ account, credential: challenge.credential, outgoing: send });
  }

  function leaving({ purpose, locale }: Letter, { id, expiresAt }: Pending): Leaving {
    const left = expiresAt.getTime() - clock.now().getTime();
    return { messageId: id, purpose, locale, ttlSeconds: Math.ceil(left / 1000) };
  }

  async function giveUpOrWait<F extends Flow>(flow: F, item: Pending, isTemporary: boolean) {
    const pause =
      isTemporary && item.tries < MOST_TRIES ? RETRY_SECONDS[item.tries - 1] : undefined;
    await (pause === undefined
      ? flows.dropMessage(flow, item.id)
      : flows.postpone(flow._id, item.id, secondsAfter(clock.now(), pause)));
    return flows.markUndelivered(flow, item.challenge);
  }

  async function retry(flow: Flow, item: Pending, now: Date): Promise<void> {
    const { challenge } = flow;
    // A message for a challenge that is over would only confuse, or help whoever reads it.
    const isWanted = challenge?.id === item.challenge && isOpen(challenge, now);
    if (!isWanted || item.expiresAt <= now || item.tries >= MOST_TRIES) {
      await flows.dropMessage(flow, item.id);
      return;
    }
    const leased = await flows.lease(flow._id, item, secondsAfter(now, LEASE_SECONDS));
    if (leased) await deliver(leased, { ...item, tries: item.tries + 1 });
  }
}
