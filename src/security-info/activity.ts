/**
 * "Recent activity": what happened to an account in the last 30 days, as the audit has it, in words
 * that people understand. What only an administrator could make sense of is left out.
 */
import { STRANGER } from '../audit/audit.ts';
import type { EventName } from '../audit/event-types.ts';
import { type Clock, secondsAfter } from '../lib/clock.ts';
import type { AuditEvent } from '../models/audit-event.ts';
import type { AuditRecords } from '../models/audit-record.ts';
import { ACCOUNT_CLIENT } from '../oidc/account-client.ts';
import type { Clients } from '../oidc/clients.ts';
import type { Methods } from '../verification/choices.ts';
import type { ActivityRow } from './listing-pages.ts';
import { nameOf } from './sessions.ts';

/** Each has words of its own, by its name. */
const understood: ReadonlySet<string> = new Set<EventName>([
  ...(['sign-in.finished', 'sign-in.refused', 'password.failed', 'second-factor.failed'] as const),
  ...(['code.replayed', 'passkey.failed', 'approval.denied', 'approvals.paused'] as const),
  ...(['pass.issued', 'pass.used', 'pass.revoked'] as const),
  ...(['recovery-code.used', 'browser.admitted', 'browser.trusted'] as const),
  ...(['browser.trust-revoked', 'browser.trust-replayed'] as const),
  ...(['consent.given', 'consent.revoked', 'session.ended'] as const),
  ...(['method.added', 'method.removed', 'method.restored', 'method.renamed'] as const),
  ...(['method.suspended', 'method.default-changed', 'recovery-codes.made'] as const),
  ...(['password.changed', 'password.change-required'] as const),
  ...(['account.created', 'account.changed', 'account.disabled'] as const),
  ...(['account.enabled', 'account.unlocked'] as const),
]);

/** All that may be in the list. */
export const happenings: readonly string[] = [...understood, 'sign-in.stepped-up'];

const PAGE = 25;
const DAYS_SECONDS = 30 * 24 * 60 * 60;
/** Records read at a time: a page is seldom spread over more. */
const AT_ONCE = 50;

export interface ActivityDeps {
  readonly audited: Pick<AuditRecords, 'newestFirst'>;
  readonly clients: Pick<Clients, 'find'>;
  readonly methods: Methods;
  readonly clock: Clock;
}

/** Where in the chain something stands. */
interface Place {
  readonly record: number;
  readonly index: number;
}

interface Activity {
  readonly rows: readonly ActivityRow[];
  /** What the next page begins after. */
  readonly older?: string;
}

export async function activityOf(
  account: string,
  before: unknown,
  deps: ActivityDeps,
): Promise<Activity> {
  const found = await eventsOf(account, placeIn(before), deps);
  const shown = found.slice(0, PAGE);
  const last = shown.at(-1);
  // Of two processes, either may have been the first to move its own into the chain.
  const byTime = shown.toSorted((a, b) => b.event.at.getTime() - a.event.at.getTime());
  return {
    rows: await Promise.all(byTime.map(({ event }) => rowOf(event, account, deps))),
    ...(last && found.length > PAGE && { older: `${last.record}-${last.index}` }),
  };
}

/** One more than a page has, to know whether there is another. */
async function eventsOf(
  account: string,
  before: Place | undefined,
  { audited, clock }: ActivityDeps,
) {
  const since = secondsAfter(clock.now(), -DAYS_SECONDS);
  const found: (Place & { readonly event: AuditEvent })[] = [];
  const sought = { account, ...(before && { upTo: before.record }), atOnce: AT_ONCE };
  for await (const { _id: record, events } of audited.newestFirst(sought)) {
    for (const [index, event] of [...events.entries()].toReversed()) {
      const isSeen = before?.record === record && index >= before.index;
      if (!isSeen && isMeant(event, account, since)) found.push({ record, index, event });
    }
    if (found.length > PAGE || events.every(({ at }) => at < since)) break;
  }
  return found.slice(0, PAGE + 1);
}

const isMeant = (event: AuditEvent, account: string, since: Date): boolean =>
  event.account === account && event.at >= since && understood.has(event.name);

/** What somebody else put into the address is as good as nothing. */
function placeIn(before: unknown): Place | undefined {
  const said = typeof before === 'string' ? /^(\d{1,15})-(\d{1,9})$/.exec(before) : undefined;
  return said ? { record: Number(said[1]), index: Number(said[2]) } : undefined;
}

async function rowOf(
  { name, at, result, by, from, details = {} }: AuditEvent,
  account: string,
  { clients, methods }: ActivityDeps,
): Promise<ActivityRow> {
  const isByOthers = by !== account && by !== STRANGER;
  // Where the administration sits is no business of theirs.
  const { client, browser, address } = (isByOthers ? undefined : from) ?? {};
  const isApp = client !== undefined && client !== ACCOUNT_CLIENT;
  const used = [details.methods ?? [], details.method ?? []].flat().map(String);
  return {
    what: details.isStepUp === true ? 'sign-in.stepped-up' : name,
    ...{ at: at.toISOString(), result },
    isByOthers,
    methods: used.filter((method) => methods.has(method)),
    ...(isApp && { app: await nameOf(client, clients) }),
    ...(browser !== undefined && { browser }),
    ...(address !== undefined && { address }),
  };
}
