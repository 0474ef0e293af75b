/**
 * How often a phone may be asked: what nobody answered and what was refused is counted
 * inside the account, over all its sign-ins and processes. What was answered, by an approval or
 * by the code of the same device, is taken back, so that nobody is held up by signing in often.
 */
import type { Clock } from '../lib/clock.ts';
import type { Account } from '../models/account.ts';
import type { Attempts } from '../models/attempts.ts';
import type { Counters } from './counters.ts';
import { type Charge, charge, type Rule, type Rules } from './limits.ts';
import { giveBack } from './undecided.ts';

const KEY = 'approvals';
type Budget = Pick<Rules, 'approvals'>;

export interface ApprovalsDeps {
  readonly counters: Pick<Counters, 'inside' | 'inAccount' | 'change'>;
  readonly rules: Budget;
  readonly clock: Clock;
}

export type Approvals = ReturnType<typeof createApprovals>;

/** Whether the phone may be asked now: until then the method is listed, and not begun. */
export const mayBeAsked = ({ attempts }: Account, rules: Budget, now: Date): boolean =>
  charge(attempts.tallies, charges(rules), now).isAllowed;

export function createApprovals({ counters, rules, clock }: ApprovalsDeps) {
  /** The first rule is about what is open right now. */
  const lasting = rules.approvals.slice(1);
  const inARow = lasting.slice(0, 1);

  return {
    /** One request; throws Problem before anybody is disturbed. */
    count: (account: Account): Promise<Account> =>
      counters.inside(account, charges(rules), 'too-many-approvals'),

    /** Until when there will be no more of them, where this was the last one for now. */
    pausedUntil({ attempts }: Account): Date | undefined {
      return pausedUntil(attempts.tallies, lasting);
    },

    /** Takes back the request that was counted when this was begun: it was answered. */
    async takeBack(account: Account, begunAt: Date): Promise<void> {
      await counters.change(
        counters.inAccount(account._id),
        ({ tallies }) => {
          const its = tallies[KEY]?.times.find((at) => at >= begunAt);
          return its && giveBack(tallies, [KEY], its);
        },
        account,
      );
    },

    /** It was refused by its owner: as if the whole budget had been spent on it. */
    async pause(account: Account): Promise<void> {
      await counters.change(counters.inAccount(account._id), ({ tallies }) => {
        // Asked of this rule alone: a day's budget may be spent and open again in a minute.
        if (pausedUntil(tallies, inARow)) return undefined;
        const spent = inARow.flatMap(({ free }) => Array<Date>(free).fill(clock.now()));
        const { times = [], streak = 0 } = tallies[KEY] ?? {};
        const most = Math.max(...rules.approvals.map(({ free }) => free));
        return { ...tallies, [KEY]: { times: [...times, ...spent].slice(-most), streak } };
      });
    },
  };

  function pausedUntil(tallies: Attempts['tallies'], asked: readonly Rule[]): Date | undefined {
    const charged = charge(tallies, [{ key: KEY, rules: asked }], clock.now());
    return charged.isAllowed ? undefined : charged.openAt;
  }
}

const charges = ({ approvals }: Budget): Charge[] => [{ key: KEY, rules: approvals }];
