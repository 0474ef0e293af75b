/**
 * Where tries are counted: inside the account, or under a key where there is none. Both are
 * written only over what was read.
 */
import { type Clock, secondsAfter } from '../lib/clock.ts';
import { Problem } from '../lib/problem.ts';
import type { Account, Accounts } from '../models/account.ts';
import { type Attempts, isSoundCount, noAttempts } from '../models/attempts.ts';
import type { Limits } from '../models/limit.ts';

export interface LedgersDeps {
  readonly accounts: Accounts;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly log: { warn(fields: object, event: string): void };
}

/** A document with its tallies, as it was read. */
export interface Entry {
  readonly attempts: Attempts;
}

export interface Ledger<Kept extends Entry> {
  read(): Promise<Kept | undefined>;
  /** As it is then; undefined when somebody else was quicker. */
  write(read: Kept, tallies: Attempts['tallies']): Promise<Kept | undefined>;
}

export function createLedgers({ accounts, limits, clock, log }: LedgersDeps) {
  return { inAccount, underKey, readUnder };

  function inAccount(id: string): Ledger<Account> {
    return {
      read: () => accounts.findById(id),
      async write(read, tallies) {
        const isWritten = await accounts.countAttempts(read, tallies);
        return isWritten ? { ...read, ...following(read, tallies) } : undefined;
      },
    };
  }

  function underKey(key: string, keptSeconds: number): Ledger<Entry> {
    return {
      read: async () => ({ attempts: (await readUnder(key)) ?? noAttempts }),
      async write(read, tallies) {
        const stored = read.attempts === noAttempts ? undefined : read.attempts;
        const expiresAt = secondsAfter(clock.now(), keptSeconds);
        const isWritten = await limits.write(key, stored, tallies, expiresAt);
        return isWritten ? following(read, tallies) : undefined;
      },
    };
  }

  /** One that cannot be read is forgotten; whoever meets it is asked to come again. */
  async function readUnder(key: string): Promise<Attempts | undefined> {
    const read = await limits.read(key);
    if (!read || isSoundCount(read)) return read;
    log.warn({ counter: key }, 'counter.unreadable');
    await limits.forget(key);
    throw new Problem('unavailable', { retryAt: secondsAfter(clock.now(), 1) });
  }
}

/** What was written is known without reading it again. */
const following = ({ attempts }: Entry, tallies: Attempts['tallies']): Entry => ({
  attempts: { version: attempts.version + 1, tallies },
});
