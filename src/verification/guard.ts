/**
 * Counts tries before anything is compared, over all sessions, processes and methods:
 * inside the account where there is one, and under the name that was typed where there is
 * none, so that a shown wait tells no accounts apart. One network trying many names is the
 * exception: it is looked at before, and counted after.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

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
  /** From which part of a shared budget on the log warns. */
  readonly alarmAtPercent: number;
  readonly log: { warn(fields: object, event: string): void };
}

export type Guard = ReturnType<typeof createGuard>;

/** Tries that lose this many races are refused: the loser of so many is no person. */
const RACES = 10;

/** Whoever lost a race steps aside for a moment of chance length, or all would meet again. */
const stepAside = (race: number): Promise<void> => pause(randomInt(1, 5 * (race + 2)));

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
  const { accounts, limits, rules, crypt, clock } = deps;
  const wrongPasswords: Charge[] = [{ key: 'wrong', rules: rules.wrongFromNetwork }];
  return {
    /** One try at a password; throws Problem when it has to wait. */
    async countPassword(account: Account | undefined, typed: string, place: Place): Promise<void> {
      const sprayed = await limits.read(networkKey(place));
      allowed(sprayed ?? noAttempts, wrongPasswords, 'too-many-tries', clock.now());
      if (account) {
        const charges = passwordCharges(place, isKnown(account, place), rules);
        await countInside(account, charges, 'too-many-tries');
      } else {
        const name = crypt.digest(normaliseIdentifier(typed), 'limits/stranger');
        await countUnder(`stranger:${name}`, passwordCharges(place, false, rules));
      }
    },

    /**
     * One network trying many names. Counted after the comparison, and so a little late for
     * tries that race each other: whoever shares a network and is right costs no write here.
     */
    async countWrongPassword(place: Place): Promise<void> {
      const key = networkKey(place);
      for (let race = 0; race < RACES; race += 1) {
        const read = await limits.read(key);
        const charged = charge(read?.tallies ?? {}, wrongPasswords, clock.now());
        if (!charged.isAllowed) return;
        const expiresAt = secondsAfter(clock.now(), DAY);
        if (await limits.write(key, read, charged.tallies, expiresAt)) return;
      }
    },

    /**
     * The password was right, or not even looked at: not a guess, so the try is taken back, but
     * what others guessed stays counted. The first try of all is left to be cleared when the sign-in is finished.
     */
    async takeBackPassword({ _id, attempts }: Account, place: Place): Promise<void> {
      if (!passwordKeys(place).some((key) => attempts.tallies[key])) return;
      for (let race = 0; race < RACES; race += 1) {
        const account = await accounts.findById(_id);
        const tallies = account?.attempts.tallies ?? {};
        const keys = passwordKeys(place).filter((key) => (tallies[key]?.streak ?? 0) > 1);
        if (!account || keys.length === 0) return;
        if (await accounts.countAttempts(account, giveBack(tallies, keys))) return;
        await stepAside(race);
      }
    },

    /** One try at a second factor, over all of the account's parallel sign-ins. */
    async countSecondFactor(account: Account, credential: string | undefined): Promise<void> {
      const [all, one] = secondFactorKeys(credential ?? '');
      const charges = [{ key: all, rules: rules.secondFactor }];
      if (credential !== undefined) charges.push({ key: one, rules: rules.credential });
      await countInside(account, charges, 'too-many-tries');
    },

    /** One message to a number; throws Problem before anything leaves. */
    async countSend(account: Account, { number, country }: Addressee): Promise<void> {
      const keyOf = (scope: string, value: string): string =>
        `${scope}:${crypt.digest(value, `limits/${scope}`)}`;
      // The narrowest first: what a number's own budget refuses costs the others nothing.
      await countUnder(keyOf('number', number), [{ key: 'sms', rules: rules.sendsByNumber }]);
      // One person must not be able to write to ever new numbers.
      const own = [{ key: 'sms', rules: rules.sendsByAccount }];
      await countInside(account, own, 'too-many-messages');
      await countUnder(keyOf('prefix', number.slice(0, -4)), [
        { key: 'sms', rules: rules.sendsByPrefix },
      ]);
      await countUnder(keyOf('country', country), [{ key: 'sms', rules: rules.sendsByCountry }]);
      await countUnder('service', [{ key: 'sms', rules: rules.sendsInAll }]);
    },
  };

  async function countInside(
    account: Account,
    charges: readonly Charge[],
    code: string,
  ): Promise<void> {
    let read: Account | undefined = account;
    for (let race = 0; race < RACES && read; race += 1) {
      const tallies = allowed(read.attempts, charges, code, clock.now());
      if (await accounts.countAttempts(read, tallies)) return;
      await stepAside(race);
      read = await accounts.findById(account._id);
    }
    throw lostTheRace();
  }

  async function countUnder(key: string, charges: readonly Charge[]): Promise<void> {
    const isStranger = key.startsWith('stranger:');
    const code = isStranger ? 'too-many-tries' : 'too-many-messages';
    // A name that nobody has must be remembered as well as one that somebody has (S-007).
    const keptSeconds = isStranger ? 90 * DAY : 2 * DAY;
    for (let race = 0; race < RACES; race += 1) {
      const read = await limits.read(key);
      const tallies = allowed(read ?? noAttempts, charges, code, clock.now());
      if (await limits.write(key, read, tallies, secondsAfter(clock.now(), keptSeconds))) {
        warnOf(key, tallies, charges, deps);
        return;
      }
      await stepAside(race);
    }
    throw lostTheRace();
  }

  function lostTheRace(): Problem {
    return new Problem('too-many-tries', { retryAt: secondsAfter(clock.now(), 1) });
  }
}

/** Says once, at the very message that passes the mark, that somebody spends a shared budget. */
function warnOf(
  key: string,
  tallies: Attempts['tallies'],
  charges: readonly Charge[],
  { alarmAtPercent, log }: GuardDeps,
): void {
  for (const charged of charges) {
    const used = tallies[charged.key]?.times.length;
    const marks = charged.rules
      .filter(({ free }) => free >= SHARED)
      .map(({ free }) => Math.ceil((free * alarmAtPercent) / 100));
    if (used !== undefined && marks.includes(used))
      log.warn({ budget: key, used }, 'budget.shrank');
  }
}

/** What one person may use up alone is nothing to warn of. */
const SHARED = 15;

function allowed(
  read: Attempts,
  charges: readonly Charge[],
  code: string,
  now: Date,
): Attempts['tallies'] {
  const charged = charge(read.tallies, charges, now);
  if (charged.isAllowed) return charged.tallies;
  throw new Problem(code, charged.openAt ? { retryAt: charged.openAt } : {});
}

function passwordCharges(place: Place, isKnown: boolean, rules: Rules): Charge[] {
  const [account, network, browser] = passwordKeys(place);
  const here = { key: network, rules: rules.passwordByNetwork };
  // Whoever signed in from here before is never held up by strangers (D-8); a browser that is
  // known everywhere has a counter of its own, or its cookie would open every network.
  return isKnown
    ? [here, { key: browser, rules: rules.passwordByNetwork }]
    : [{ key: account, rules: rules.passwordByAccount }, here];
}

const DAY = 24 * 60 * 60;
const networkKey = ({ network }: Place): string => `network:${network}`;

interface Addressee {
  /** E.164. */
  readonly number: string;
  readonly country: string;
}

const isKnown = ({ known }: Account, { network, browser }: Place): boolean =>
  known.networks.includes(network) || known.browsers.includes(browser);
