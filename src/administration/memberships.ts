/**
 * Roles and groups: what an account may do here, and what policy counts it among.
 */
import { isDeepStrictEqual } from 'node:util';

import { kinds } from '../credentials/index.ts';
import type { Account } from '../models/account.ts';
import type { AuditEvent } from '../models/audit-event.ts';
import { administers } from '../policy/administrator-roles.ts';
import { membership } from '../policy/membership.ts';
import type { Policy } from '../policy/shape.ts';
import type { MethodRules } from '../verification/choices.ts';
import type { AccountDeps } from './deps.ts';
import { memberships } from './person.ts';
import { effectOfGroups } from './policy-effect.ts';
import type { Decision } from './policy.ts';
import { type Effect, Refusal, untilWritten } from './refusal.ts';
import type { Subject, Telling } from './telling.ts';

export interface MembershipDeps extends Pick<AccountDeps, 'people' | 'directory' | 'telling'> {
  /** In force. */
  readonly policy: () => Policy;
  readonly rules: MethodRules;
}

/** What is to be added and what taken away. */
interface Wish {
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
}

export const createMemberships = (
  which: 'roles' | 'groups',
  { people, directory, telling, policy, rules }: MembershipDeps,
) => ({
  /** Returns them as they are then, and whether they were otherwise before. */
  async change(
    typed: string,
    { add = [], remove = [] }: Wish,
    { reason, isConfirmed = false }: Decision = {},
  ): Promise<{ readonly now: readonly string[]; readonly isChanged: boolean }> {
    const unfit = add.find((name) => !membership.safeParse(name).success);
    if (unfit !== undefined) throw new Refusal('membership-unfit', { name: unfit });
    const after = (read: Account): readonly string[] =>
      [...new Set([...read[which], ...add])].filter((name) => !remove.includes(name));
    const read = await untilWritten(
      () => people.findToChange(typed),
      async (account) => {
        const next = after(account);
        if (!memberships.safeParse(next).success) throw new Refusal('memberships-full');
        if (isDeepStrictEqual(next, account[which])) return true;
        if (which === 'roles') refuseWithPass(account, next);
        if (which === 'groups' && !isConfirmed) {
          refuseLockOut(effectOfGroups(account, next, { policy: policy(), rules }));
        }
        const told = membershipsTold(telling, {
          ...{ which, now: next },
          subject: { account: account._id, reason },
        });
        return telling.with(account._id, [told], (events) =>
          directory.change(account, { [which]: next }, { events }),
        );
      },
    );
    const now = after(read);
    return { now, isChanged: !isDeepStrictEqual(now, read[which]) };
  },

  /** All that anybody has, with how many have it. */
  async count(): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    for await (const account of directory.each()) {
      for (const name of account[which]) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return counts;
  },
});

/** Whoever gave it to them would get in as an administrator by it. */
function refuseWithPass(account: Account, roles: readonly string[]): void {
  const isPromoted = administers({ roles }) && !administers(account);
  const { username, credentials } = account;
  if (isPromoted && credentials.some(({ kind }) => kind === kinds['temporary-access-pass'].id)) {
    throw new Refusal('pass-held', { username });
  }
}

/** Policy may allow a group less: whom that leaves without a second step is said before. */
function refuseLockOut(effect: Effect): void {
  const isFelt = effect.lockedOut.count + effect.startingAnew.count > 0;
  if (isFelt) throw new Refusal('groups-lock-out', effect);
}

interface Memberships {
  readonly which: 'roles' | 'groups';
  /** All that somebody belongs to from now on. */
  readonly now: readonly string[];
  readonly subject: Subject;
}

export const membershipsTold = (
  { event }: Telling,
  { which, now, subject }: Memberships,
): AuditEvent =>
  which === 'roles'
    ? event('roles.changed', { roles: now }, subject)
    : event('groups.changed', { groups: now }, subject);
