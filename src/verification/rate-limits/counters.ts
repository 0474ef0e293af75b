/**
 * Counting without losing a count: counters are written only over what was read, and whoever
 * lost the race reads again. They are inside the account, or under a key where there is none.
 */
import { type Clock, secondsAfter } from '../../lib/clock.ts';
import { stepAside } from '../../lib/optimistic.ts';
import { Problem } from '../../lib/problem.ts';
import type { Account, Accounts } from '../../models/account.ts';
import { type Attempts, type Counters, isSoundCount, noAttempts } from '../../models/counter.ts';
import type { SharedCounters } from '../../models/shared-counter.ts';
import { type Attempt, count } from './count.ts';

export interface CountersDeps {
  readonly accounts: Accounts;
  readonly sharedCounters: SharedCounters;
  readonly clock: Clock;
  readonly log: { warn(fields: object, event: string): void };
}

/** A document with counters in it, as it was read. */
interface Counting {
  readonly attempts: Attempts;
}

export interface Store<Kept extends Counting> {
  read(): Promise<Kept | undefined>;
  /** As it is then; undefined when somebody else was quicker. */
  write(read: Kept, counters: Counters): Promise<Kept | undefined>;
}

/** Whoever loses so many races is no person. */
const RACES = 20;

export function createCounters({ accounts, sharedCounters, clock, log }: CountersDeps) {
  return { ofAccount, under, readUnder, check, count: counted, countFirst, change };

  function ofAccount(id: string): Store<Account> {
    return {
      read: () => accounts.findById(id),
      async write(read, counters) {
        const isWritten = await accounts.countAttempts(read, counters);
        return isWritten ? { ...read, ...following(read, counters) } : undefined;
      },
    };
  }

  function under(key: string, keptSeconds: number): Store<Counting> {
    return {
      read: async () => ({ attempts: (await readUnder(key)) ?? noAttempts }),
      async write(read, tallies) {
        const stored = read.attempts === noAttempts ? undefined : read.attempts;
        const expiresAt = secondsAfter(clock.now(), keptSeconds);
        const isWritten = await sharedCounters.write(key, stored, { tallies, expiresAt });
        return isWritten ? following(read, tallies) : undefined;
      },
    };
  }

  /** One that cannot be read is forgotten; whoever meets it is asked to come again. */
  async function readUnder(key: string): Promise<Attempts | undefined> {
    const read = await sharedCounters.read(key);
    if (!read || isSoundCount(read)) return read;
    log.warn({ counter: key }, 'counter.unreadable');
    await sharedCounters.forget(key);
    throw new Problem('unavailable', { retryAt: secondsAfter(clock.now(), 1) });
  }

  /** With the attempt counted; throws the Problem of this code, with the time to wait. */
  function check(read: Attempts | undefined, attempt: Attempt, code: string): Counters {
    const counted = count(read?.tallies ?? {}, attempt, clock.now());
    if (counted.isAllowed) return counted.counters;
    const { openAt: retryAt, by: because } = counted;
    throw new Problem(code, { because, ...(retryAt && { retryAt }) });
  }

  /** Counts wherever it is; `known` spares reading it. */
  async function counted<Kept extends Counting>(
    store: Store<Kept>,
    { attempt, code, known }: { attempt: Attempt; code: string; known?: Kept | undefined },
  ): Promise<Kept> {
    const after = await change(store, (read) => check(read, attempt, code), known);
    if (after) return after;
    throw new Problem('too-many-tries', { retryAt: secondsAfter(clock.now(), 1) });
  }

  /** The same in one round trip, for an account that was not read: most have nothing counted. */
  async function countFirst(id: string, attempt: Attempt, code: string) {
    const first = await accounts.countFirst(id, check(noAttempts, attempt, code));
    const known = first ?? (await accounts.findById(id));
    return first ?? (known && counted(ofAccount(id), { attempt, code, known }));
  }

  /**
   * As it is then, changed or not, where there may be nothing to change; undefined when every
   * race was lost, or it is gone.
   */
  async function change<Kept extends Counting>(
    store: Store<Kept>,
    changed: (read: Attempts) => Counters | undefined,
    known?: Kept,
  ): Promise<Kept | undefined> {
    let read = known ?? (await store.read());
    for (let race = 1; race <= RACES && read; race += 1) {
      const counters = changed(read.attempts);
      if (!counters) return read;
      const written = await store.write(read, counters);
      if (written) return written;
      await stepAside(race);
      read = await store.read();
    }
    return undefined;
  }
}

/** What was written is known without reading it again. */
const following = ({ attempts }: Counting, tallies: Counters): Counting => ({
  attempts: { version: attempts.version + 1, tallies },
});
