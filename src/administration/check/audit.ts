/**
 * The audit: a chain that nobody changed, and no event that waits for it longer than the sweep
 * of any running service lets it.
 */
import { verifyChain } from '../../audit/verify.ts';
import { secondsAfter } from '../../lib/clock.ts';
import { type CheckDeps, type Found, SWEPT_WITHIN_SECONDS } from './deps.ts';

export async function* auditWhole({ audited: records, crypt }: CheckDeps): AsyncGenerator<Found> {
  for (const what of (await verifyChain({ records, crypt })).flaws) yield { what };
}

/** More of them are the same trouble. */
const MOST_NAMED = 20;

export async function* eventsMoved(deps: CheckDeps): AsyncGenerator<Found> {
  const before = secondsAfter(deps.clock.now(), -SWEPT_WITHIN_SECONDS);
  for (const holder of ['accounts', 'flows'] as const) {
    for (const { _id, events = [] } of await deps[holder].withEventsBefore(before, MOST_NAMED)) {
      const names = events.map(({ name }) => name).join(', ');
      yield { what: `${holder} ${_id}: waiting for more than an hour: ${names}` };
    }
  }
}
