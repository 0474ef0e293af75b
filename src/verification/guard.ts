/**
 * Counts tries before anything is compared, over all sessions, processes and methods:
 * inside the account where there is one, and under the name that was typed where there is
 * none, so that a shown wait tells no accounts apart.
 */
import { type Clock, secondsAfter } from '../lib/clock.ts';
import type { Crypt } from '../lib/crypt.ts';
import { Problem } from '../lib/problem.ts';
import { type Account, type Accounts, normaliseIdentifier } from '../models/account.ts';
import { type Attempts, noAttempts } from '../models/attempts.ts';
import type { Limits } from '../models/limit.ts';
import { type Charge, charge, giveBack, PLACE, type Rules } from './limits.ts';

/** Where a request comes from, as digests: an address prefix and a browser. */
export interface Place {
  readonly network: string;
  readonly browser: string;
}

export interface GuardDeps {
  readonly accounts: Accounts;
  readonly limits: Limits;
  readonly rules: Rules;
  readonly crypt: Crypt;
  readonly clock: Clock;
}

export type Guard = ReturnType<typeof createGuard>;

/** Tries that lose this many races are refused: the loser of so many is no person. */
const RACES = 5;

export const passwordKeys = ({ network }: Place): readonly string[] => [
  'password',
  `password${PLACE}${network}`,
];
export const secondFactorKeys = (credential: string): readonly string[] => [
  'second-factor',
  `credential:${credential}`,
];

export function createGuard({ accounts, limits, rules, crypt, clock }: GuardDeps) {
  const passwordCharges = (place: Place, isKnown: boolean): Charge[] => {
    const [account = '', network = ''] = passwordKeys(place);
    const here = { key: network, rules: rules.passwordByNetwork };
    // Whoever signed in from here before is never held up by strangers (D-8).
    return isKnown ? [here] : [{ key: account, rules: rules.passwordByAccount }, here];
  };

  return {
    /** One try at a password; throws Problem when it has to wait. */
    async countPassword(account: Account | undefined, typed: string, place: Place): Promise<void> {
      if (account) {
        await countInside(account, passwordCharges(place, isKnown(account, place)));
      } else {
        const name = crypt.digest(normaliseIdentifier(typed), 'limits/stranger');
        await countUnder(`stranger:${name}`, passwordCharges(place, false));
      }
    },

    /**
     * The password was right: not a guess, so the try is taken back, but what others guessed
     * stays counted. The first try of all is left to be cleared when the sign-in is finished.
     */
    async passwordWasRight({ _id, attempts }: Account, place: Place): Promise<void> {
      if (!passwordKeys(place).some((key) => attempts.tallies[key])) return;
      for (let race = 0; race < RACES; race += 1) {
        const account = await accounts.findById(_id);
        const tallies = account?.attempts.tallies ?? {};
        const keys = passwordKeys(place).filter((key) => (tallies[key]?.streak ?? 0) > 1);
        if (!account || keys.length === 0) return;
        if (await accounts.countAttempts(account, giveBack(tallies, keys))) return;
      }
    },

    /** One try at a second factor, over all of the account's parallel sign-ins. */
    async countSecondFactor(account: Account, credential: string): Promise<void> {
      const [all = '', one = ''] = secondFactorKeys(credential);
      await countInside(account, [
        { key: all, rules: rules.secondFactor },
        { key: one, rules: rules.credential },
      ]);
    },

    /** One message to a number; throws Problem before anything leaves. */
    async countSend({ number, country }: { number: string; country: string }): Promise<void> {
      const keyOf = (scope: string, value: string): string =>
        `${scope}:${crypt.digest(value, `limits/${scope}`)}`;
      // The narrowest first: what a number's own budget refuses costs the others nothing.
      await countUnder(keyOf('number', number), [{ key: 'sms', rules: rules.sendsByNumber }]);
      await countUnder(keyOf('prefix', number.slice(0, -4)), [
        { key: 'sms', rules: rules.sendsByPrefix },
      ]);
      await countUnder(keyOf('country', country), [{ key: 'sms', rules: rules.sendsByCountry }]);
      await countUnder('service', [{ key: 'sms', rules: rules.sendsInAll }]);
    },
  };

  async function countInside(account: Account, charges: readonly Charge[]): Promise<void> {
    let read: Account | undefined = account;
    for (let race = 0; race < RACES && read; race += 1) {
      const tallies = allowed(read.attempts, charges, 'too-many-tries');
      if (await accounts.countAttempts(read, tallies)) return;
      read = await accounts.findById(account._id);
    }
    throw lostTheRace();
  }

  async function countUnder(key: string, charges: readonly Charge[]): Promise<void> {
    const code = key.startsWith('stranger:') ? 'too-many-tries' : 'too-many-messages';
    for (let race = 0; race < RACES; race += 1) {
      const read = await limits.read(key);
      const tallies = allowed(read ?? noAttempts, charges, code);
      if (await limits.write(key, read, tallies, clock.now())) return;
    }
    throw lostTheRace();
  }

  function allowed(read: Attempts, charges: readonly Charge[], code: string): Attempts['tallies'] {
    const charged = charge(read.tallies, charges, clock.now());
    if (charged.isAllowed) return charged.tallies;
    throw new Problem(code, charged.openAt ? { retryAt: charged.openAt } : {});
  }

  function lostTheRace(): Problem {
    return new Problem('too-many-tries', { retryAt: secondsAfter(clock.now(), 1) });
  }
}

const isKnown = ({ known }: Account, { network, browser }: Place): boolean =>
  known.networks.includes(network) || known.browsers.includes(browser);
