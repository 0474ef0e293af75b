/**
 * One try at a password, from being counted until it is judged.
 */
import type { Attempts } from '../models/attempts.ts';
import type { Counters } from './counters.ts';
import type { Entry, Ledger } from './ledgers.ts';
import type { Charge } from './limits.ts';
import { giveBack, isUndecided, settle } from './undecided.ts';

export interface Counted<Kept extends Entry> {
  /** As it is with the try counted. */
  readonly entry: Kept;
  /**
   * It was right, or not even looked at: not a guess, so it is taken back, but what others
   * guessed stays counted. As it is then.
   */
  readonly takeBack: () => Promise<Kept>;
  /** It was a guess: nobody need wait for it any more. */
  readonly settle: () => Promise<void>;
}

export const createTries = (counters: Counters) =>
  async function count<Kept extends Entry>(
    ledger: Ledger<Kept>,
    charges: readonly Charge[],
    known?: Kept,
  ): Promise<Counted<Kept>> {
    const entry = await counters.into(ledger, charges, 'too-many-tries', known);
    const all = charges.map(({ key }) => key);
    const at = newestOf(entry, all);

    function given({ tallies }: Attempts): Attempts['tallies'] | undefined {
      // The first try of all is left to be cleared when the sign-in is finished.
      const keys = all.filter(
        (key) => (tallies[key]?.streak ?? 0) > 1 || isUndecided(tallies[key], at),
      );
      return keys.length > 0 ? giveBack(tallies, keys, at) : undefined;
    }

    return {
      entry,
      takeBack: async () => (await counters.change(ledger, given, entry)) ?? entry,
      async settle() {
        await counters.change(ledger, ({ tallies }) => settle(tallies, all, at), entry);
      },
    };
  };

/** When it was counted: in what was just written, nothing is newer. */
const newestOf = ({ attempts }: Entry, keys: readonly string[]): Date =>
  keys.flatMap((key) => attempts.tallies[key]?.times.at(-1) ?? [])[0] ?? new Date(0);
