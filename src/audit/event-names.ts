/**
 * The names of all events, for whoever looks for one: types are gone when the program runs.
 */
import type { EventName } from './event-types.ts';

/** Complete, or it does not compile. */
const known: Readonly<Record<EventName, true>> = {
  'sign-in.finished': true,
  'sign-in.refused': true,
  'browser.new': true,
  'browser.admission-requested': true,
  'browser.admitted': true,
  'browser.trusted': true,
  'browser.trust-revoked': true,
  'browser.trust-replayed': true,
  'password.failed': true,
  'second-factor.failed': true,
  'code.replayed': true,
  'confirmation.failed': true,
  'passkey.failed': true,
  'approval.requested': true,
  'approvals.paused': true,
  'approval.denied': true,
  'recovery-code.used': true,
  'consent.given': true,
  'session.ended': true,
  'refresh-token.replayed': true,
  'request.refused': true,
  'messages.paused': true,
  'budget.shrank': true,
  'method.added': true,
  'method.removed': true,
  'method.suspended': true,
  'method.default-changed': true,
  'recovery-codes.made': true,
  'password.changed': true,
  'password.change-required': true,
  'account.created': true,
  'account.disabled': true,
  'account.enabled': true,
  'account.unlocked': true,
  'account.deleted': true,
  'account.changed': true,
  'accounts.imported': true,
  'roles.changed': true,
  'groups.changed': true,
  'client.created': true,
  'client.changed': true,
  'client.removed': true,
  'policy.changed': true,
  'administration.refused': true,
};

export const eventNames: readonly string[] = Object.keys(known);
