/**
 * Everything that is remembered: one typed list of names, with what is told of each besides
 * who, whom, when, why and from where. Logs and lists print all of it on one level, so no detail
 * may have the name of a part of `From` and mean something else.
 */

/** A way of verifying, and which of an account's credentials it was. */
type Way = Readonly<Record<'method' | 'credential', string>>;
type Plain = Readonly<Record<string, never>>;

export interface Happenings {
  /** `failuresBefore`: wrong answers since the last time somebody got in. */
  'sign-in.finished': {
    acr: string;
    methods: readonly string[];
    isStepUp: boolean;
    failuresBefore: number;
  };
  'sign-in.refused': Plain;
  /** Somebody got in from where nobody was seen before. */
  'browser.new': { isNewBrowser: boolean; isNewNetwork: boolean };
  /** By mail, while others guess the password. */
  'browser.admission-requested': Plain;
  /** It was let in for a while. */
  'browser.admitted': Plain;
  /** "Don't ask again on this browser". `trusted`: the id by which it is ended. */
  'browser.trusted': { trusted: string; until: string };
  /** Ended by its owner or the administration; `trustedAs`: which browsers it were, as people know them. */
  'browser.trust-revoked': { trusted: readonly string[]; trustedAs: readonly string[] };
  /** A copy of its cookie was used, which ended it. */
  'browser.trust-replayed': { trusted: string; trustedAs: string };
  'password.failed': { method: string };
  /** `inARow`: how many in a row, this one included. */
  'second-factor.failed': Way & { inARow: number };
  /** A right code that was used before. */
  'code.replayed': Way;
  /** The code that was to confirm a new method. */
  'confirmation.failed': { method: string };
  /** Before anybody was named: whose it is, the answer said. */
  'passkey.failed': { method: string };
  /** A phone was asked to approve. */
  'approval.requested': Way;
  /** The last request to a phone for now: too many were refused, or answered by nobody. */
  'approvals.paused': { method: string; until: string };
  /** "No, it's not me", said on the phone. */
  'approval.denied': Way & { client: string };
  /** `left`: how many more there are. */
  'recovery-code.used': Way & { left?: number };
  /** An administrator gave one, in the place of any that there was. */
  'pass.issued': Way & { startsAt: string; endsAt: string; isOnce: boolean };
  'pass.used': Way;
  'pass.revoked': Way;
  'consent.given': { client: string; scopes: readonly string[] };
  /** Its owner shut the app out again: it would have to ask anew. */
  'consent.revoked': { client: string };
  'session.ended': Plain;
  /**
   * A refresh token that had been used came again and was refused; later than ten seconds its
   * whole family is revoked. `count`: since the last that was told, at most one an hour.
   */
  'refresh-token.replayed': { client: string; isFamilyRevoked: boolean; count: number };

  /**
   * An app asked for what it may not; the log says of each request what. `client`: empty for one
   * that is not registered. `count`: since the last that was told, at most one an hour.
   */
  'request.refused': { client: string; error: string; count: number };

  /** Nobody types the codes that are sent to such numbers. `to`: all but their last digits. */
  'messages.paused': { to: string; purpose: string; until: string };
  /** `to`: of what budget, empty for that of the whole service; `used` of `most` in an hour. */
  'budget.shrank': { to: string; purpose: string; used: number; most: number };

  'method.added': Way;
  /** Another number, say, in its place. */
  'method.replaced': Way;
  'method.removed': Way;
  /** Its owner took it back, a moment after it was removed. */
  'method.restored': Way;
  'method.renamed': Way;
  /** A copy of it may be about: it proves nothing any more. */
  'method.suspended': Way;
  /** What its owner had disowned can be used again. */
  'method.reinstated': Way;
  /**
   * "This wasn't me", by whoever has the account's mail. `disowned`: the event's id; `what`: its
   * name; `suspended`: the credentials that cannot be used since.
   */
  'change.disowned': { disowned: string; what: string; suspended: readonly string[] };
  /** What sign-in begins with; where a default was removed, that alone is told. */
  'method.default-changed': Way;
  /** Asked to register something, they put it off. */
  'registration.skipped': { registering: string };
  /** They looked at their methods, and all is as it should be. */
  'methods.confirmed': Plain;
  /** `isFirst`: together with the first method that they stand in for. */
  'recovery-codes.made': { credential: string; isFirst: boolean };
  'password.changed': Plain;
  /** Somebody else may know it. */
  'password.change-required': Plain;

  'account.created': { username: string; roles: readonly string[]; groups: readonly string[] };
  'account.disabled': Plain;
  'account.enabled': Plain;
  'account.unlocked': Plain;
  /** An administrator looked at why somebody is asked what. */
  'account.explained': Plain;
  'account.deleted': { username: string };
  /** `what`: the parts of the profile, never what they say. */
  'account.changed': { what: readonly string[] };
  /** One run; each account tells of itself, too. */
  'accounts.imported': { added: number; updated: number; unchanged: number; refused: number };
  'roles.changed': { roles: readonly string[] };
  'groups.changed': { groups: readonly string[] };
  'client.created': { client: string };
  /** `what`: names of metadata, `client_secret` for a new one. */
  'client.changed': { client: string; what: readonly string[] };
  'client.removed': { client: string };
  'policy.changed': { version: number };
  /** An administrator tried what is not theirs. `act`: as in `accounts.disable`. */
  'administration.refused': { act: string };
}

export type EventName = keyof Happenings;
