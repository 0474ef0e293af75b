/**
 * What people are told afterwards: one row for each event that they must hear of. A notice
 * goes to all addresses of the account (recipients.ts), holds no secret, and is promised under an
 * id that follows from its event, so that it is sent once however often it is promised. Its links
 * open nothing: "This wasn't me", and "My account", which asks who is there.
 */
import { z } from 'zod';

import { type Clock, secondsAfter } from '../lib/clock.ts';
import type { Crypt } from '../lib/crypt.ts';
import { sealedJson } from '../lib/sealed-json.ts';
import type { Account } from '../models/account.ts';
import type { AuditEvent } from '../models/audit-event.ts';
import type { Messages } from '../models/message.ts';
import { createDisownTokens } from './disown-tokens.ts';
import type { EventName } from './event-types.ts';
import { type Mailboxes, recipientsOf } from './recipients.ts';

interface Notice {
  /** Its words: messages/notice.<about>.*. */
  readonly about: string;
  /** Only then; always where this is absent. */
  readonly when?: (details: NonNullable<AuditEvent['details']>) => boolean;
  /** What may happen often is told once a day. */
  readonly isDaily?: true;
  /** The administration is told as well. */
  readonly isForAlerts?: true;
  /** It can be disowned by a link in its mails, and what follows besides that everybody is signed out. */
  readonly disowning?: Disowning;
}

/** `suspends` what came, `contests` what went, asks for a `new-password`, or `nothing-more`. */
type Disowning = 'suspends' | 'contests' | 'new-password' | 'nothing-more';

const FAILURES_BEFORE = 5;
const FAILURES_AFTER_PASSWORD = 3;

export const notices: Readonly<Partial<Record<EventName, Notice>>> = {
  'browser.new': { about: 'new-browser', disowning: 'new-password' },
  'browser.trust-revoked': { about: 'trust-revoked' },
  'browser.trust-replayed': { about: 'trust-replayed', disowning: 'new-password' },
  // Asked for after the password only, so whoever fails here knows it.
  'second-factor.failed': {
    about: 'failed-second-steps',
    when: ({ inARow }) => Number(inARow) >= FAILURES_AFTER_PASSWORD,
    isDaily: true,
    disowning: 'new-password',
  },
  'sign-in.finished': {
    about: 'failures-before',
    when: ({ failuresBefore }) => Number(failuresBefore) >= FAILURES_BEFORE,
    disowning: 'new-password',
  },
  'approval.denied': { about: 'approval-denied', isForAlerts: true },
  'approvals.paused': { about: 'approvals-paused', isDaily: true },
  'code.replayed': { about: 'code-replayed', isDaily: true },
  'recovery-code.used': { about: 'recovery-code-used', disowning: 'new-password' },
  // The mail about the method that they came with is enough.
  'recovery-codes.made': {
    about: 'recovery-codes-made',
    when: ({ isFirst }) => !isFirst,
    disowning: 'suspends',
  },
  'pass.issued': { about: 'pass-issued', disowning: 'suspends' },
  'pass.used': { about: 'pass-used', disowning: 'suspends' },
  'pass.revoked': { about: 'pass-revoked' },
  'method.added': { about: 'method-added', disowning: 'suspends' },
  'method.replaced': { about: 'method-replaced', disowning: 'suspends' },
  'method.removed': { about: 'method-removed', disowning: 'contests' },
  'method.restored': { about: 'method-restored', disowning: 'suspends' },
  'method.suspended': { about: 'method-suspended', isForAlerts: true },
  'method.reinstated': { about: 'method-reinstated', disowning: 'suspends' },
  'change.disowned': { about: 'change-disowned', isForAlerts: true },
  'method.default-changed': { about: 'method-default-changed', disowning: 'nothing-more' },
  'password.changed': { about: 'password-changed', disowning: 'new-password' },
  'account.changed': {
    about: 'email-changed',
    when: ({ what }) => Array.isArray(what) && what.includes('email'),
  },
  'account.disabled': { about: 'account-disabled' },
  'account.enabled': { about: 'account-enabled' },
};

/** Of a name that somebody read; undefined where nothing can be disowned. */
export const disowningOf = (name: string): Disowning | undefined =>
  Object.hasOwn(notices, name) ? notices[name as EventName]?.disowning : undefined;

/** What is sealed until it is sent: a mail, but for its words. */
const Letter = z.object({
  to: z.string(),
  message: z.enum(['notice', 'alert', 'let-in']),
  /** A `token` becomes a link when its words are added. */
  values: z.record(z.string(), z.string()).readonly(),
  locale: z.string(),
});

export type Letter = Readonly<z.infer<typeof Letter>>;

export const sealedLetters = (crypt: Pick<Crypt, 'seal' | 'open'>) => sealedJson(crypt, Letter);

export interface NoticesDeps {
  readonly accounts: { findById(id: string): Promise<Account | undefined> };
  readonly messages: Pick<Messages, 'promise'>;
  readonly mailboxes: Mailboxes;
  /** Whether mail can be sent from here at all. */
  readonly isOn: boolean;
  /** Where the administration wants to hear of what looks like an attack. */
  readonly alertsTo?: string | undefined;
  readonly crypt: Pick<Crypt, 'seal' | 'open'>;
  readonly clock: Clock;
}

export type Notices = ReturnType<typeof createNotices>;

/** Late is better than never, and after a day nobody can do much with it. */
const KEPT_SECONDS = 24 * 60 * 60;

export const contextOf = (id: string): string => `messages/${id}`;

export function createNotices(deps: NoticesDeps) {
  const { accounts, mailboxes, isOn, alertsTo, clock } = deps;
  const post = createPosting(deps);
  const tokens = createDisownTokens(deps.crypt);
  return {
    /** Puts what is to be told of these events into the post. */
    async promise(events: readonly AuditEvent[]): Promise<void> {
      for (const told of isOn ? events.flatMap(noticesOf) : []) {
        const account = await accounts.findById(told.account);
        if (account) await tell(account, told);
      }
    },
  };

  async function tell(account: Account, told: Told): Promise<void> {
    const expiresAt = secondsAfter(told.event.at, KEPT_SECONDS);
    // Told already, and forgotten that it was; or too late anyway.
    if (expiresAt <= clock.now()) return;
    const { values, ...rest } = letter(account, told);
    const token = told.isDisownable && { token: tokens.tokenFor(account._id, told.event) };
    const recipients = recipientsOf(account, mailboxes, told.event.formerly);
    for (const { address: to, isDoubted, id } of recipients) {
      const theirs = isDoubted ? values : { ...values, ...token };
      await post(id(told.id), { ...rest, to, values: theirs }, expiresAt);
    }
    if (!told.isForAlerts || alertsTo === undefined) return;
    const alert = { to: alertsTo, message: 'alert', values, locale: '' } as const;
    await post(`${told.id}.alert`, alert, expiresAt);
  }
}

type PostingDeps = Pick<NoticesDeps, 'messages' | 'crypt' | 'clock'>;

/** Puts a letter into the post, once for one id. */
export const createPosting =
  ({ messages, crypt, clock }: PostingDeps) =>
  async (_id: string, to: Letter, expiresAt: Date): Promise<void> => {
    const sealed = sealedLetters(crypt).seal(to, contextOf(_id));
    await messages.promise({ _id, sealed, tries: 0, dueAt: clock.now(), expiresAt });
  };

interface Told {
  readonly id: string;
  readonly account: string;
  readonly about: string;
  readonly isForAlerts?: true;
  readonly isDisownable: boolean;
  readonly event: AuditEvent;
}

function noticesOf(event: AuditEvent): Told[] {
  const { id, name, at, account, details = {} } = event;
  const row = notices[name as EventName]; // written by audit.ts, which knows the names
  if (!row || account === undefined || row.when?.(details) === false) return [];
  const { about, isDaily, isForAlerts, disowning } = row;
  const day = at.toISOString().slice(0, 10);
  return [
    {
      id: isDaily ? `${about}.${account}.${day}` : id,
      account,
      about,
      event,
      isDisownable: disowning !== undefined,
      ...(isForAlerts && { isForAlerts }),
    },
  ];
}

function letter(account: Account, told: Told): Omit<Letter, 'to'> {
  const { by: who, details, at, from } = told.event;
  const method = details?.method;
  const by = who === told.account || who === 'stranger' ? 'person' : 'administration';
  // Where an administrator sits is nobody's business.
  const { locale, values } = occasionOf(account, { at, ...(by === 'person' && from && { from }) });
  return {
    message: 'notice',
    locale,
    values: {
      about: told.about,
      ...values,
      by,
      ...(typeof method === 'string' && { method }),
      ...trustedIn(details),
      ...(typeof details?.left === 'number' && { left: String(details.left) }),
      ...(typeof details?.client === 'string' && { client: details.client }),
      ...(typeof details?.endsAt === 'string' && { until: details.endsAt }),
    },
  };
}

/** Of browsers that are no longer trusted, those that people can know again. */
function trustedIn(details: AuditEvent['details']): { readonly trusted?: string } {
  const { trustedAs } = details ?? {};
  const named = [trustedAs].flat().filter((name) => typeof name === 'string' && name !== '');
  return named.length > 0 ? { trusted: named.join('; ') } : {};
}

/** Whose account, when and from where; in the account's language before the browser's. */
export function occasionOf(
  { username, name, profile }: Account,
  { at, from }: Pick<AuditEvent, 'at' | 'from'>,
): Pick<Letter, 'locale' | 'values'> {
  return {
    locale: profile.locale ?? from?.locale ?? '',
    values: {
      username,
      name: name || username,
      at: at.toISOString(),
      ...(profile.zoneinfo !== undefined && { zone: profile.zoneinfo }),
      ...(from && { address: from.address }),
      ...(from?.browser !== undefined && { browser: from.browser }),
    },
  };
}
