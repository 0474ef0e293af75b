/**
 * Browsers in which somebody is not asked for the second step again: seen, and ended one by one or
 * all at once. Whoever is signed in there and has nothing else is asked in the next request.
 */
import { storedIn, type TrustedBrowser, trustedIn } from '../models/trusted-browser.ts';
import type { Account } from '../models/account.ts';
import type { AccountDeps, Named } from './deps.ts';
import { named } from './people.ts';
import { Refusal } from './refusal.ts';

/** Without the number: whoever has it could make a cookie of it, if they had the keys. */
export type HeldBrowser = Omit<TrustedBrowser, 'number'>;

export interface BrowserDeps extends Pick<
  AccountDeps,
  'accounts' | 'clock' | 'people' | 'telling'
> {
  /** For how long policy trusts any; 0: none. */
  readonly trustedBrowserDays: () => number;
}

interface Revocation {
  readonly id: string;
  readonly reason?: string | undefined;
}

export interface Revoked extends Named {
  /** How many it were. */
  readonly count: number;
}

export function createBrowserAdministration(deps: BrowserDeps) {
  const { accounts, clock, people, telling } = deps;

  return {
    /** Those that are trusted now, the last used last. */
    list: async (typed: string): Promise<HeldBrowser[]> =>
      heldBy(await people.find(typed)).map(({ number: _, ...browser }) => browser),

    /** By the id that `list` gives. */
    async revoke(typed: string, { id, reason }: Revocation): Promise<Revoked> {
      const account = await people.findToChange(typed);
      const its = storedIn(account).filter((browser) => browser.id === id);
      const isEnded = await end(account, its, reason);
      if (!isEnded) throw new Refusal('browser-unknown', { username: account.username, id });
      return { ...named(account), count: 1 };
    },

    /** Where there is none, nothing is stored and nobody is told. */
    async revokeAll(typed: string, reason?: string): Promise<Revoked> {
      const account = await people.findToChange(typed);
      const all = storedIn(account);
      const isEnded = await end(account, all, reason);
      return { ...named(account), count: isEnded ? all.length : 0 };
    },
  };

  function heldBy(account: Account): readonly TrustedBrowser[] {
    const judging = { now: clock.now(), days: deps.trustedBrowserDays() };
    return trustedIn(account, judging).toSorted(
      (a, b) => a.lastUsedAt.getTime() - b.lastUsedAt.getTime(),
    );
  }

  function end(
    { _id: account }: Account,
    browsers: readonly TrustedBrowser[],
    reason: string | undefined,
  ): Promise<boolean> {
    const trusted = browsers.map(({ id }) => id);
    const trustedAs = browsers.map(({ browser }) => browser ?? '');
    const details = { trusted, trustedAs };
    const told = telling.event('browser.trust-revoked', details, { account, reason });
    return telling.with(account, [told], (events) => accounts.endTrust(account, trusted, events));
  }
}
