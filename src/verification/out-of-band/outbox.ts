/**
 * Sends what was promised: texts, calls, mails, and what wakes a device. A message is stored with the
 * challenge that it belongs to before it leaves, so a crash between "accepted" and "sent"
 * loses nothing: another process, or this one after its restart, finds it and sends the same
 * code again.
 */
import { z } from 'zod';

import { ChannelError } from '../../channels/channel.ts';
import {
  type Counted,
  counted,
  type Leaving,
  type Outgoing,
  send as handOver,
  type SendingPorts,
} from '../../channels/outgoing.ts';
import type { PriceOf } from '../../channels/prices.ts';
import { type Clock, secondsAfter } from '../../lib/clock.ts';
import { randomId } from '../../lib/codes.ts';
import type { Crypt } from '../../lib/crypt.ts';
import { createLeasedQueue, type Outcome } from '../../lib/leased-queue.ts';
import type { Meter } from '../../lib/meter.ts';
import { sealedJson } from '../../lib/sealed-json.ts';
import { isOpen } from '../../models/challenge.ts';
import type { Flow, Flows } from '../../models/flow.ts';
import type { Pending, Riding as Stored } from '../../models/flow-message.ts';
import type { SendBudget } from '../rate-limits/send-budget.ts';

export interface Gone {
  readonly account: string;
  readonly credential: string;
  readonly outgoing: Counted;
}

export interface OutboxDeps extends SendingPorts {
  readonly flows: Flows;
  /** Nothing will ever be taken for this addressee again. */
  readonly forgetAddressee: (gone: Gone) => Promise<void>;
  /** Nobody is held to answer what the carrier did not take. */
  readonly judgeNoMore: SendBudget['judgeNoMore'];
  readonly crypt: Crypt;
  readonly clock: Clock;
  readonly log: { warn(fields: object, event: string): void };
  readonly meter: Meter;
  readonly priceOf: PriceOf;
}

/** What is sealed: the values hold a code, and the number or address is somebody's. */
const Letter = z.object({
  send: counted,
  purpose: z.string(),
  locale: z.string(),
  account: z.string(),
  /** The calling code of the number, where it is one. */
  country: z.string().exactOptional(),
});

type Letter = Readonly<z.infer<typeof Letter>>;

interface About extends Omit<Letter, 'send' | 'country'> {
  readonly challenge: string;
  readonly expiresAt: Date;
}

export type Outbox = ReturnType<typeof createOutbox>;

type Riding = Stored<Flow>;

/** Longer than a channel's own time limit. */
const LEASE_SECONDS = 15;

export function createOutbox(deps: OutboxDeps) {
  const { flows, crypt, clock, log } = deps;
  const queue = createLeasedQueue<Riding, Flow | undefined>({
    store: flows.messages,
    send,
    leaseSeconds: LEASE_SECONDS,
    retrySeconds: [5, 30],
    atOnce: 20,
    clock,
    failed,
  });
  const letters = sealedJson(crypt, Letter);
  const contextOf = (uid: string, id: string): string => `flows/${uid}/pending/${id}`;

  return {
    /** A promise to send, leased to the caller, who delivers it once it is stored. */
    promise(uid: string, send: Outgoing, about: About): Pending {
      const id = randomId();
      const { challenge, expiresAt, ...rest } = about;
      const country = send.budget && 'country' in send.budget && { country: send.budget.country };
      return {
        id,
        challenge,
        channel: send.channel,
        sealed: letters.seal({ send, ...rest, ...country }, contextOf(uid, id)),
        tries: 1,
        leasedUntil: secondsAfter(clock.now(), LEASE_SECONDS),
        expiresAt,
      };
    },

    /** Hands the message over and tells the flow how it went; never throws for a carrier's fault. */
    deliver: <F extends Flow>(flow: F, item: Pending): Promise<F | undefined> =>
      queue.deliver({ ...item, flow }) as Promise<F | undefined>, // the same, but for what changed

    /** The same for what nobody has to wait for: the page says that it waits anyway. */
    deliverLater: (flow: Flow, item: Pending): void => queue.deliverLater({ ...item, flow }),

    settled: queue.settled,
    sweep: queue.sweep,
  };

  async function send(item: Riding): Promise<Outcome> {
    const { challenge } = item.flow;
    // A message for a challenge that is over would only confuse, or help whoever reads it.
    const isWanted = challenge?.id === item.challenge && isOpen(challenge, clock.now());
    if (!isWanted) return 'unwanted';
    const letter = letters.open(item.sealed, contextOf(item.flow._id, item.id));
    try {
      await handOver(letter.send, leaving(letter, item), deps);
      countCost(letter);
      return 'sent';
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      failed(item, error);
      const { account, send: outgoing } = letter;
      const { credential, sent, purpose } = challenge;
      if (sent) await deps.judgeNoMore(sent, purpose);
      if (error.isGone) await deps.forgetAddressee({ account, credential, outgoing });
      if (error.isOptedOut) return 'opted-out';
      return error.isTemporary ? 'busy' : 'refused';
    }
  }

  /** The carrier took it, and will want to be paid. */
  function countCost({ send: outgoing, country }: Letter): void {
    if (country === undefined || !('to' in outgoing)) return;
    const { channel, to } = outgoing;
    const price = deps.priceOf(channel, to);
    const labels = { channel, calling_code: country };
    if (price !== undefined) deps.meter.count('send_cost_total', labels, price);
  }

  function leaving({ purpose, locale }: Letter, { id, expiresAt, tries }: Pending): Leaving {
    const left = expiresAt.getTime() - clock.now().getTime();
    const ttlSeconds = Math.ceil(left / 1000);
    return { messageId: id, purpose, locale, ttlSeconds, isRepeated: tries > 1 };
  }

  function failed({ flow, id, tries }: Riding, err: unknown): void {
    log.warn({ flow: flow._id, message: id, tries, err }, 'message.failed');
  }
}
