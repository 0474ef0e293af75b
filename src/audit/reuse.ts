/**
 * Counts refresh tokens that were refused because they had been used before, and records them
 * once an hour: whoever holds one could otherwise fill the audit. Of a family that was revoked
 * for it, because somebody may have stolen it, each account's own is recorded.
 */
import { type Clock, secondsAfter } from '../lib/clock.ts';
import type { From } from '../models/audit-event.ts';
import type { Failures } from '../models/failure.ts';
import { type Audit, STRANGER } from './audit.ts';

export interface Reuse {
  readonly client: string;
  /** Whose token it was, where that is to be told. */
  readonly account?: string | undefined;
  readonly isFamilyRevoked: boolean;
  readonly from: From;
}

export interface ReuseDeps {
  readonly failures: Pick<Failures, 'collect'>;
  readonly audit: Pick<Audit, 'event' | 'record'>;
  readonly clock: Clock;
  readonly log: { error(fields: object, event: string): void };
}

const HOUR = 60 * 60;
/** How long what was not yet told waits for the next. */
const KEPT_SECONDS = 30 * 24 * HOUR;

/** Never throws: a token is refused, and a family revoked, whether that can be recorded or not. */
export const createReuseCount =
  ({ failures, audit, clock, log }: ReuseDeps) =>
  async ({ from, account, ...details }: Reuse): Promise<void> => {
    const now = clock.now();
    try {
      const count = await failures.collect(`refresh:${details.client}:${account ?? ''}`, {
        now,
        tellAt: secondsAfter(now, HOUR),
        expiresAt: secondsAfter(now, KEPT_SECONDS),
      });
      if (count === undefined) return;
      const about = { by: STRANGER, account, from };
      await audit.record([audit.event('refresh-token.replayed', about, { ...details, count })]);
    } catch (error) {
      log.error({ err: error, requestId: from.request, ...details }, 'reuse.uncounted');
    }
  };
