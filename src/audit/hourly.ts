/**
 * Records what strangers can cause as often as they like: once an hour for each kind of it, with
 * the number since the last, so that nobody fills the audit.
 */
import { type Clock, secondsAfter } from '../lib/clock.ts';
import type { From } from '../models/audit-event.ts';
import type { Failures } from '../models/failure.ts';
import { type Audit, STRANGER } from './audit.ts';
import type { Happenings } from './event-types.ts';

type Counted = 'request.refused' | 'refresh-token.replayed';

interface About<Name extends Counted> {
  readonly details: Omit<Happenings[Name], 'count'>;
  /** What else tells one kind from another, beside the details. */
  readonly account?: string | undefined;
  readonly from: From;
}

export interface HourlyDeps {
  readonly failures: Pick<Failures, 'collect'>;
  readonly audit: Pick<Audit, 'event' | 'record'>;
  readonly clock: Clock;
  readonly log: { error(fields: object, event: string): void };
}

const HOUR = 60 * 60;
/** How long what was not yet told waits for the next. */
const KEPT_SECONDS = 30 * 24 * HOUR;

/** Never throws: what is refused is refused, whether that can be recorded or not. */
export const createHourly =
  ({ failures, audit, clock, log }: HourlyDeps) =>
  async <Name extends Counted>(
    name: Name,
    { details, account, from }: About<Name>,
  ): Promise<void> => {
    const now = clock.now();
    const kind = [name, ...Object.values<unknown>(details).map(String), account ?? ''].join(':');
    try {
      const count = await failures.collect(kind, {
        now,
        tellAt: secondsAfter(now, HOUR),
        expiresAt: secondsAfter(now, KEPT_SECONDS),
      });
      if (count === undefined) return;
      const about = { by: STRANGER, account, from };
      // Of this name: what is left out of the details is the count alone.
      const all = { ...details, count } as unknown as Happenings[Name];
      await audit.record([audit.event(name, about, all)]);
    } catch (cause) {
      log.error({ err: cause, requestId: from.request, name, ...details }, 'audit.uncounted');
    }
  };
