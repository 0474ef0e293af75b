/**
 * Whether an administrator changed how somebody verifies, who has not set up anything since: they
 * are advised to look at what they have, and to add another.
 */
import { STRANGER } from '../audit/audit.ts';
import type { EventName } from '../audit/event-types.ts';
import { type Clock, secondsAfter } from '../lib/clock.ts';
import type { AuditEvent } from '../models/audit-event.ts';
import type { AuditRecords } from '../models/audit-record.ts';

export interface HelpedDeps {
  readonly audited: Pick<AuditRecords, 'newestFirst'>;
  readonly clock: Clock;
}

/** For so long they are told. */
const DAYS_SECONDS = 7 * 24 * 60 * 60;
const AT_ONCE = 50;

const changes: ReadonlySet<string> = new Set<EventName>([
  ...(['method.added', 'method.replaced', 'method.removed'] as const),
  ...(['method.restored', 'method.reinstated'] as const),
]);

export async function wasHelped(account: string, { audited, clock }: HelpedDeps): Promise<boolean> {
  const since = secondsAfter(clock.now(), -DAYS_SECONDS);
  for await (const { events } of audited.newestFirst({ account, atOnce: AT_ONCE })) {
    const last = events.findLast((event) => event.account === account && changes.has(event.name));
    if (last) return last.at >= since && isByOthers(last);
    if (events.every(({ at }) => at < since)) break;
  }
  return false;
}

const isByOthers = ({ by, account }: AuditEvent): boolean => by !== account && by !== STRANGER;
