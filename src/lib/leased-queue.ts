/**
 * A queue of what was promised: stored before it leaves, leased by whoever sends it, tried again
 * after a while, and dropped once it is sent. Where that is kept is the store's business.
 *
 * Why so: what was leased is due again when its lease runs out, so a crash at any point loses
 * nothing and costs one more copy at most; and a lease is one conditional write, so of two
 * processes one sends.
 */
import { type Clock, secondsAfter } from './clock.ts';
import { isDatabaseAway } from './database-away.ts';
import { isDiskFull } from './disk-full.ts';

/** What a queue knows of an item; when it is due, only its store knows. */
export interface Queued {
  /** How often it was leased, but for the times when nobody could be asked. */
  readonly tries: number;
  /** Never sent later than this. */
  readonly expiresAt: Date;
}

/**
 * How sending went. `unwanted`: nobody waits for it any more. `refused`: it will never be taken.
 * `opted-out`: nor will that, as the person wants it. `busy`: it may be taken later. `unreachable`: nobody could be asked, so that counts for nothing,
 * and the others would not get through either.
 */
export type Outcome = 'sent' | 'unwanted' | 'refused' | 'opted-out' | 'busy' | 'unreachable';

/** `Left` is what a store says of where an item was kept, for whoever waits for it. */
export interface QueueStore<Item, Left> {
  /** Those that nobody has leased, the oldest first. */
  due(now: Date, most: number): Promise<readonly Item[]>;
  /** Takes one for sending, which is a try more; undefined where somebody else was quicker. */
  lease(item: Item, until: Date): Promise<Item | undefined>;
  /** Not sent, with the tries that count; changes nothing for who lost the lease meanwhile. */
  postpone(leased: Item, until: Date): Promise<Left>;
  /** Sent, or never to be sent. */
  drop(item: Item, why: Outcome): Promise<Left>;
}

export interface QueueDeps<Item, Left> {
  readonly store: QueueStore<Item, Left>;
  /** Throws only what it did not expect; then the item waits for the end of its lease. */
  readonly send: (leased: Item) => Promise<Outcome>;
  /** Longer than `send` can take, so that nobody sends what is still being sent. */
  readonly leaseSeconds: number;
  /** After each try but the last. */
  readonly retrySeconds: readonly number[];
  /** Sent by this process at the same time; the rest waits where it is stored. */
  readonly atOnce: number;
  /** Of these, to one and the same: one that hangs blocks no other. */
  readonly toOne?: { readonly most: number; readonly of: (item: Item) => string };
  readonly clock: Clock;
  /** Told what was not expected. */
  readonly failed: (item: Item, error: unknown) => void;
}

const UNREACHABLE_SECONDS = 20;
/** By one sweep: more than are sent at once, because some may have to wait for their like. */
const MOST_READ = 200;

export function createLeasedQueue<Item extends Queued, Left>(deps: QueueDeps<Item, Left>) {
  const { store, send, leaseSeconds, retrySeconds, atOnce, clock } = deps;
  const { toOne = { most: atOnce, of: () => '' } } = deps;
  const underWay = new Map<Promise<unknown>, string>();
  let restsUntil = new Date(0);

  return {
    /** Sends what is leased to the caller already, and throws what was not expected. */
    deliver,

    /** The same for what nobody waits for. */
    deliverLater: (leased: Item): void =>
      void watched(leased, deliver(leased)).catch(() => undefined),

    /** Sends what was just stored, without waiting, where there is room. */
    offer: (item: Item): void => void attempt(item).catch(() => undefined),

    /** Sends what is due, whoever promised it; for a timer. */
    sweep: async (): Promise<void> => {
      const due = [...(await store.due(clock.now(), MOST_READ))];
      const work = async (): Promise<void> => {
        for (let item = due.shift(); item; item = due.shift()) await attempt(item);
      };
      const working = Array.from({ length: atOnce }, work);
      await Promise.all(working).finally(() => due.splice(0));
    },

    /** Waits for what is under way. */
    settled: () => Promise.allSettled(underWay.keys()),
  };

  async function attempt(item: Item): Promise<void> {
    const alike = [...underWay.values()].filter((other) => other === toOne.of(item));
    const hasRoom = underWay.size < atOnce && alike.length < toOne.most;
    if (hasRoom && clock.now() >= restsUntil) await watched(item, retry(item));
  }

  /** Rejects only for want of a database that can be written, which stops them all. */
  async function watched(item: Item, sending: Promise<unknown>): Promise<void> {
    const watching = sending.catch((error: unknown) => {
      // That a disk is full is told by whoever watches it.
      if (!isDiskFull(error)) deps.failed(item, error);
      if (isDiskFull(error) || isDatabaseAway(error)) throw error;
    });
    underWay.set(watching, toOne.of(item));
    await watching.finally(() => underWay.delete(watching));
  }

  async function retry(item: Item): Promise<void> {
    const now = clock.now();
    // Asked this way round, because what is stored may be no date and no number.
    const mayBeTried = item.expiresAt > now && item.tries <= retrySeconds.length;
    if (!mayBeTried) {
      await store.drop(item, 'unwanted');
      return;
    }
    const leased = await store.lease(item, secondsAfter(now, leaseSeconds));
    if (leased) await deliver(leased);
  }

  async function deliver(leased: Item): Promise<Left> {
    const outcome = await send(leased);
    const now = clock.now();
    if (outcome === 'unreachable') {
      restsUntil = secondsAfter(now, UNREACHABLE_SECONDS);
      return store.postpone({ ...leased, tries: leased.tries - 1 }, restsUntil);
    }
    const pause = outcome === 'busy' ? retrySeconds[leased.tries - 1] : undefined;
    if (pause === undefined) return store.drop(leased, outcome);
    return store.postpone(leased, secondsAfter(now, pause));
  }
}
