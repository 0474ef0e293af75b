/**
 * What one addressee may be sent, a number or a mailbox: the narrowest of all budgets, counted
 * under a digest, so that no list of addressees is kept.
 */
import type { Crypt } from '../../lib/crypt.ts';
import { takeBack } from './count.ts';
import { type CountersDeps, createCounters } from './counters.ts';
import type { Limit } from './limits.ts';
import { code, KEPT_SECONDS } from './shared-budget.ts';

export interface AddresseesDeps extends CountersDeps {
  readonly crypt: Pick<Crypt, 'digest'>;
}

/** An addressee's own counter. */
interface OfAddressee {
  readonly id: string;
  readonly key: string;
}

export type Addressees = ReturnType<typeof createAddressees>;

export function createAddressees(deps: AddresseesDeps) {
  const counters = createCounters(deps);

  return {
    digested: (scope: string, value: string): string =>
      `${scope}:${deps.crypt.digest(value, `limits/${scope}`)}`,

    /** Those of today, with this one. */
    async count({ id, key }: OfAddressee, limit: Limit): Promise<readonly Date[]> {
      const attempt = { [key]: limit };
      const kept = await counters.count(counters.under(id, KEPT_SECONDS), { attempt, code });
      return kept.attempts.tallies[key]?.times ?? [];
    },

    /** It was sent nothing: else who is refused on purpose would use up those that are judged. */
    async takeBack({ id, key }: OfAddressee, at: Date | undefined): Promise<void> {
      const store = counters.under(id, KEPT_SECONDS);
      await counters.change(store, ({ tallies }) => at && takeBack(tallies, [key], at));
    },
  };
}
