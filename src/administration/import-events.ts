/**
 * What the audit is told of an import. Each account tells of itself, in the write that stores
 * it, so that whoever asks for one person's record finds how they came here.
 *
 * Why so: one event for all of them would be found under nobody, and could be stored only
 * before or after the people. A hundred thousand events are six hundred records of the chain.
 */
import type { Changes } from '../models/account-directory.ts';
import type { Account, Credential, NewAccount } from '../models/account.ts';
import type { AuditEvent } from '../models/audit-event.ts';
import { formerAddressOf, partsOf } from './account-change.ts';
import { membershipsTold } from './memberships.ts';
import { methodOf } from './held-methods.ts';
import type { Telling } from './telling.ts';

export const createdTold = (
  { event }: Telling,
  { _id, username, roles, groups }: NewAccount,
): AuditEvent => event('account.created', { username, roles, groups }, { account: _id });

interface Update {
  readonly read: Account;
  readonly changes: Changes;
  readonly added: readonly Credential[];
}

/** As if each change had been made by its own command: people are told the same. */
export function updateTold(telling: Telling, { read, changes, added }: Update): AuditEvent[] {
  const { event } = telling;
  const subject = { account: read._id };
  const what = partsOf(read, changes);
  return [
    ...(what.length > 0
      ? [event('account.changed', { what }, { ...subject, ...formerAddressOf(read, what) })]
      : []),
    ...(['roles', 'groups'] as const).flatMap((which) => {
      const now = changes[which];
      return now ? [membershipsTold(telling, { which, now, subject })] : [];
    }),
    ...('disabledAt' in changes
      ? [event(changes.disabledAt ? 'account.disabled' : 'account.enabled', {}, subject)]
      : []),
    ...added.map(({ id, kind, data }) =>
      kind === 'password'
        ? event('password.changed', {}, subject)
        : event('method.added', { method: methodOf({ kind, data }), credential: id }, subject),
    ),
  ];
}
