/**
 * Every declared index is there: names are unique only by one, and the broom is another.
 */
import type { CheckDeps, Found } from './deps.ts';

export async function* indexesThere({ missingIndexes }: CheckDeps): AsyncGenerator<Found> {
  for (const index of await missingIndexes()) yield { what: `missing: ${index}` };
}
