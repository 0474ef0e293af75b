/**
 * Records which apps ask for what they may not, once an hour for each app and kind of error and
 * with their number: whoever sends such requests could otherwise fill the audit.
 */
import { type Clock, secondsAfter } from '../lib/clock.ts';
import type { From } from '../models/audit-event.ts';
import type { Failures } from '../models/failure.ts';
import { type Audit, STRANGER } from './audit.ts';

export interface Refused {
  /** One that is registered; all that are not are one. */
  readonly client: string | undefined;
  readonly error: string;
  readonly from: From;
}

export interface RefusalCountDeps {
  readonly failures: Pick<Failures, 'collect'>;
  readonly audit: Pick<Audit, 'event' | 'record'>;
  readonly clock: Clock;
  readonly log: { error(fields: object, event: string): void };
}

const HOUR = 60 * 60;
/** How long what was not yet told waits for the next. */
const KEPT_SECONDS = 30 * 24 * HOUR;

/** Never throws: a request is refused whether that can be recorded or not. */
export const createRefusalCount =
  ({ failures, audit, clock, log }: RefusalCountDeps) =>
  async ({ client = '', error, from }: Refused): Promise<void> => {
    const now = clock.now();
    try {
      const count = await failures.collect(`refused:${client}:${error}`, {
        now,
        tellAt: secondsAfter(now, HOUR),
        expiresAt: secondsAfter(now, KEPT_SECONDS),
      });
      if (count === undefined) return;
      const about = { by: STRANGER, from };
      await audit.record([audit.event('request.refused', about, { client, error, count })]);
    } catch (cause) {
      log.error({ err: cause, requestId: from.request, client, error }, 'refusal.uncounted');
    }
  };
