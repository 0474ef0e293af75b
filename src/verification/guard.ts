/**
 * Counts tries before anything is compared, over all sessions, processes and methods:
 * inside the account where there is one, and under the name that was typed where there is
 * none, so that a shown wait tells no accounts apart. One network trying many names is the
 * exception: it is looked at before, and counted after.
 */
import type { Crypt } from '../lib/crypt.ts';
import { type Account, normaliseIdentifier } from '../models/account.ts';
import { createTries } from './attempt.ts';
import { type CountersDeps, createCounters } from './counters.ts';
import { type Charge, charge, PLACE, type Rules } from './limits.ts';
import { createPatience } from './wait-for-undecided.ts';

/** Where a request comes from, as digests: an address prefix and a browser. */
export interface Place {
  readonly network: string;
  readonly browser: string;
}

export interface GuardDeps extends CountersDeps {
  readonly rules: Rules;
  readonly crypt: Crypt;
}

/** One try, from being counted until it is judged. */
export interface Try {
  /** With this try counted; undefined where nobody has the name. */
  readonly account: Account | undefined;
  /** It was right, or not even looked at. The account as it is then. */
  takeBack(): Promise<Account | undefined>;
  wasWrong(): Promise<void>;
}

/** What was typed as a name, and whose it is. */
interface Typed {
  readonly id?: string;
  readonly username: string;
}

export type Guard = ReturnType<typeof createGuard>;

export const passwordKeys = ({ network, browser }: Place): readonly [string, string, string] => [
  'password',
  `password${PLACE}${network}`,
  `password${PLACE}${browser}`,
];
export const secondFactorKeys = (credential: string): readonly [string, string] => [
  'second-factor',
  `credential:${credential}`,
];

export function createGuard(deps: GuardDeps) {
  const { accounts, rules, crypt, clock } = deps;
  const counters = createCounters(deps);
  const count = createTries(counters);
  const patiently = createPatience();
  const wrongPasswords: Charge[] = [{ key: 'wrong', rules: rules.wrongFromNetwork }];
  return {
    /** One try at a password; throws Problem when it has to wait longer than a moment. */
    countPassword: (typed: Typed, place: Place): Promise<Try> =>
      patiently(() => countPassword(typed, place)),

    /** One try at a second factor, over all of the account's parallel sign-ins. */
    async countSecondFactor(accountId?: string, credential?: string): Promise<Try> {
      if (accountId === undefined) return uncounted(undefined);
      const [all, one] = secondFactorKeys(credential ?? '');
      const charges = [{ key: all, rules: rules.secondFactor }];
      if (credential !== undefined) charges.push({ key: one, rules: rules.credential });
      return uncounted(await counters.insideUntouched(accountId, charges, 'too-many-tries'));
    },

    /** One message to a number; throws Problem before anything leaves. */
    async countSend(account: Account, { number, country }: Addressee): Promise<void> {
      // The narrowest first: what a number's own budget refuses costs the others nothing.
      await countUnder('number', number, rules.sendsByNumber);
      // One person must not be able to write to ever new numbers.
      const own = [{ key: 'sms', rules: rules.sendsByAccount }];
      await counters.inside(account, own, 'too-many-messages');
      await countUnder('prefix', number.slice(0, -4), rules.sendsByPrefix);
      await countUnder('country', country, rules.sendsByCountry);
      await counters.under('service', [{ key: 'sms', rules: rules.sendsInAll }], asMessage);
    },
  };

  async function countPassword({ id, username }: Typed, place: Place): Promise<Try> {
    counters.check(await counters.readUnder(networkKey(place)), wrongPasswords, 'too-many-tries');
    const account = await accounts.findById(id);
    if (account) {
      const charges = passwordCharges(place, isKnown(account, place), rules);
      const ledger = counters.inAccount(account._id);
      const { entry, takeBack, settle } = await count(ledger, charges, account);
      return { account: entry, takeBack, wasWrong: () => countWrong(settle, place) };
    }
    const name = crypt.digest(normaliseIdentifier(username), 'limits/stranger');
    const stranger = counters.underKey(`stranger:${name}`, REMEMBERED);
    const { takeBack, settle } = await count(stranger, passwordCharges(place, false, rules));
    return {
      account,
      takeBack: () => takeBack().then(() => undefined),
      wasWrong: () => countWrong(settle, place),
    };
  }

  async function countWrong(settle: () => Promise<void>, place: Place): Promise<void> {
    await Promise.all([settle(), countWrongFrom(place)]);
  }

  /**
   * One network trying many names. Counted after the comparison, and so a little late for
   * tries that race each other: whoever shares a network and is right costs no write here.
   */
  async function countWrongFrom(place: Place): Promise<void> {
    await counters.change(counters.underKey(networkKey(place), DAY), ({ tallies }) => {
      const charged = charge(tallies, wrongPasswords, clock.now());
      return charged.isAllowed ? charged.tallies : undefined;
    });
  }

  function countUnder(scope: string, value: string, budget: Charge['rules']): Promise<void> {
    const key = `${scope}:${crypt.digest(value, `limits/${scope}`)}`;
    return counters.under(key, [{ key: 'sms', rules: budget }], asMessage);
  }
}

function passwordCharges(place: Place, isKnown: boolean, rules: Rules): Charge[] {
  const [account, network, browser] = passwordKeys(place);
  const here = { key: network, rules: rules.passwordByNetwork, isJudged: true };
  // Whoever signed in from here before is never held up by strangers; a browser that is
  // known everywhere has a counter of its own, or its cookie would open every network.
  return isKnown
    ? [here, { ...here, key: browser }]
    : [{ key: account, rules: rules.passwordByAccount, isJudged: true }, here];
}

const DAY = 24 * 60 * 60;
/** A name that nobody has must be remembered as well as one that somebody has. */
const REMEMBERED = 90 * DAY;
const asMessage = { code: 'too-many-messages', keptSeconds: 2 * DAY };
const networkKey = ({ network }: Place): string => `network:${network}`;

interface Addressee {
  /** E.164. */
  readonly number: string;
  readonly country: string;
}

/** Nothing to take back: what is no guess, or is cleared by the sign-in that it leads to. */
export const uncounted = (account: Account | undefined): Try => ({
  account,
  takeBack: async () => account,
  wasWrong: async () => undefined,
});

const isKnown = ({ known }: Account, { network, browser }: Place): boolean =>
  known.networks.includes(network) || known.browsers.includes(browser);
