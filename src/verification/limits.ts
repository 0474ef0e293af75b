/**
 * How often anything may be tried or sent: one table, and the pure function that applies it.
 * A try is counted before anything is compared, in the document it guards
 * (models/attempts.ts); a finished sign-in clears, or an administrator.
 *
 * Why so (2026-11): waits per account are short and those per network long, so that a
 * stranger cannot lock anybody out, while guessing stays hopeless: ten guesses against three valid
 * time steps are 3·10⁻⁵ in a quarter of an hour.
 */
import { secondsAfter } from '../lib/clock.ts';
import type { Attempts, Tally } from '../models/attempts.ts';
import { undecidedIn } from './undecided.ts';

export interface Rule {
  /** This many tries … */
  readonly free: number;
  /** … within this time; after that the wait applies, or else the oldest must age. */
  readonly perSeconds: number;
  /** Counted from the last try; doubles with each further one where the ceiling allows. */
  readonly wait?: { readonly firstSeconds: number; readonly mostSeconds: number };
  /** So many tries without a success close it for good (NIST SP 800-63B-4 §3.2.2). */
  readonly mostInARow?: number;
}

/** One thing to be counted: where, and by which rules (all of them must allow it). */
export interface Charge {
  readonly key: string;
  readonly rules: readonly Rule[];
  /** Whether it will be said of each try if it was wrong (verdicts.ts). */
  readonly isJudged?: boolean;
}

export type Charged =
  | { readonly isAllowed: true; readonly tallies: Attempts['tallies'] }
  | { readonly isAllowed: false; readonly openAt: Date | undefined };

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The section `limits` of the configuration, and how long the phone's method lets it answer. */
interface LimitFigures {
  readonly wrongPasswords: {
    readonly freeTries: number;
    readonly windowSeconds: number;
    readonly firstPauseSeconds: number;
    readonly longestPauseSeconds: number;
    readonly mostInARow: number;
  };
  readonly wrongSecondFactors: {
    readonly mostPerAccount: number;
    readonly windowSeconds: number;
    readonly pauseSeconds: number;
    readonly mostInARow: number;
  };
  readonly approvals: {
    readonly mostOpen: number;
    readonly mostUnansweredIn10Minutes: number;
    readonly mostUnansweredInADay: number;
    readonly pauseSeconds: number;
    /** How long a request is open that nobody answers. */
    readonly openSeconds: number;
  };
  readonly sends: {
    readonly pausePerNumberSeconds: number;
    readonly perNumberIn10Minutes: number;
    readonly perNumberInAnHour: number;
    readonly perNumberInADay: number;
    readonly perPrefixInAnHour: number;
    readonly perCountryInAnHour: number;
    readonly perServiceInAnHour: number;
    readonly alarmAtPercent: number;
  };
}

export type Rules = Readonly<
  Record<
    | 'passwordByAccount'
    | 'passwordByNetwork'
    | 'wrongFromNetwork'
    | 'secondFactor'
    | 'credential'
    | 'approvals'
    | 'sendsByNumber'
    | 'sendsByAccount'
    | 'sendsByPrefix'
    | 'sendsByCountry'
    | 'sendsInAll',
    readonly Rule[]
  >
>;

export const createRules = ({
  wrongPasswords,
  wrongSecondFactors,
  approvals,
  sends,
}: LimitFigures): Rules => ({
  /** Over all networks: the wait stays short, or strangers could lock anybody out. */
  passwordByAccount: [
    {
      free: wrongPasswords.freeTries,
      perSeconds: wrongPasswords.windowSeconds,
      wait: waiting(wrongPasswords.firstPauseSeconds, wrongPasswords.firstPauseSeconds),
      mostInARow: wrongPasswords.mostInARow,
    },
  ],
  passwordByNetwork: [
    {
      free: wrongPasswords.freeTries,
      perSeconds: wrongPasswords.windowSeconds,
      wait: waiting(wrongPasswords.firstPauseSeconds, wrongPasswords.longestPauseSeconds),
    },
  ],
  /** One network trying many names. */
  wrongFromNetwork: [{ free: 20 * wrongPasswords.freeTries, perSeconds: 15 * MINUTE }],
  /** Over all methods and all parallel sign-ins of one account. */
  secondFactor: [
    {
      free: wrongSecondFactors.mostPerAccount,
      perSeconds: wrongSecondFactors.windowSeconds,
      wait: waiting(wrongSecondFactors.pauseSeconds, wrongSecondFactors.pauseSeconds),
    },
  ],
  credential: [
    {
      free: wrongSecondFactors.mostInARow,
      perSeconds: DAY,
      mostInARow: wrongSecondFactors.mostInARow,
    },
  ],
  /** What nobody answered, or somebody refused; what was answered is taken back from the count. */
  approvals: [
    { free: approvals.mostOpen, perSeconds: approvals.openSeconds },
    {
      free: approvals.mostUnansweredIn10Minutes,
      perSeconds: 10 * MINUTE,
      wait: waiting(approvals.pauseSeconds, approvals.pauseSeconds),
    },
    { free: approvals.mostUnansweredInADay, perSeconds: DAY },
  ],
  sendsByNumber: [
    { free: 1, perSeconds: sends.pausePerNumberSeconds },
    { free: sends.perNumberIn10Minutes, perSeconds: 10 * MINUTE },
    { free: sends.perNumberInAnHour, perSeconds: HOUR },
    { free: sends.perNumberInADay, perSeconds: DAY },
  ],
  /** Twice what one number may get, whatever numbers one account tries. */
  sendsByAccount: [{ free: 2 * sends.perNumberInAnHour, perSeconds: HOUR }],
  sendsByPrefix: [{ free: sends.perPrefixInAnHour, perSeconds: HOUR }],
  sendsByCountry: [{ free: sends.perCountryInAnHour, perSeconds: HOUR }],
  sendsInAll: [{ free: sends.perServiceInAnHour, perSeconds: HOUR }],
});

const waiting = (firstSeconds: number, mostSeconds: number) => ({ firstSeconds, mostSeconds });

/** Counts one try under every key, or none if any of them refuses. */
export function charge(
  tallies: Attempts['tallies'],
  charges: readonly Charge[],
  now: Date,
): Charged {
  const next: Record<string, Tally> = { ...tallies };
  let openAt: Date | undefined;
  for (const charged of charges) {
    const { key, rules } = charged;
    const tally = tallies[key] ?? { times: [], streak: 0 };
    for (const rule of rules) {
      const opens = opensAt(tally, rule, now);
      if (opens === 'never') return { isAllowed: false, openAt: undefined };
      if (opens > now && (!openAt || opens > openAt)) openAt = opens;
    }
    next[key] = counted(tally, charged, now);
  }
  return openAt ? { isAllowed: false, openAt } : { isAllowed: true, tallies: pruned(next, now) };
}

function opensAt({ times, streak }: Tally, rule: Rule, now: Date): Date | 'never' {
  if (rule.mostInARow !== undefined && streak >= rule.mostInARow) return 'never';

  const last = times.at(-1);
  if (rule.wait && last) {
    const { firstSeconds, mostSeconds } = rule.wait;
    // As it stood at the last try: a pause is not over because the window moved on meanwhile.
    const recent = within(times, rule.perSeconds, last).length;
    const over = (mostSeconds > firstSeconds ? streak : recent) - rule.free;
    if (over < 0) return now;
    return secondsAfter(last, Math.min(firstSeconds * 2 ** Math.min(over, 30), mostSeconds));
  }
  const recent = within(times, rule.perSeconds, now);
  const oldest = recent.at(-rule.free);
  return recent.length < rule.free || !oldest ? now : secondsAfter(oldest, rule.perSeconds);
}

function counted(tally: Tally, { rules, isJudged = false }: Charge, now: Date): Tally {
  const { times, streak } = tally;
  const longest = Math.max(...rules.map((rule) => rule.perSeconds));
  const most = Math.max(1, ...rules.map((rule) => rule.free));
  const isForgotten = !times.at(-1) || within(times.slice(-1), DAY, now).length === 0;
  const hasCeiling = rules.some((rule) => rule.mostInARow !== undefined);
  // Guesses in a row towards the ceiling are never forgotten; those towards a wait are.
  const inARow = (isForgotten && !hasCeiling ? 0 : streak) + 1;
  // Of a first try nothing is written when it is judged (tries.ts), so it would stay undecided.
  const undecided = [...undecidedIn(tally, now), ...(isJudged && inARow > 1 ? [now] : [])];
  return {
    // Besides those that may be taken back: else nothing might be left then, and be forgotten.
    times: [...within(times, longest, now), now].slice(-most - undecided.length),
    streak: inARow,
    ...(undecided.length > 0 && { undecided }),
  };
}

const MOST_PLACES = 20;

/** What comes after the sign in a key that counts one place out of many. */
export const PLACE = '@';

/** An attacker with many addresses must not grow the document without end. */
function pruned(tallies: Readonly<Record<string, Tally>>, now: Date): Attempts['tallies'] {
  const places = Object.keys(tallies).filter((key) => key.includes(PLACE));
  const age = (key: string): number => now.getTime() - (tallies[key]?.times.at(-1)?.getTime() ?? 0);
  const dropped = new Set(places.sort((a, b) => age(a) - age(b)).slice(MOST_PLACES));
  return Object.fromEntries(Object.entries(tallies).filter(([key]) => !dropped.has(key)));
}

const within = (times: readonly Date[], seconds: number, now: Date): readonly Date[] =>
  times.filter((time) => now.getTime() - time.getTime() < seconds * 1000);
