/**
 * How often a check of chance is repeated: a few times in the tests, and as often as the
 * reliability tables ask where SOAK_ROUNDS says so (`npm run soak`). SOAK_SEED repeats a run.
 */
import { randomInt } from 'node:crypto';

import fc, { type IAsyncPropertyWithHooks, type IPropertyWithHooks } from 'fast-check';

export const rounds = (few: number): number => Number(process.env.SOAK_ROUNDS ?? few);

export const isSoak = process.env.SOAK_ROUNDS !== undefined;

/**
 * How much slower than where the figures come from this machine is, from R-00: a limit on a time
 * is so much longer, and so is patience.
 */
export const slowness = Number(process.env.SOAK_FACTOR ?? 1);

export const seed = Number(process.env.SOAK_SEED ?? randomInt(2 ** 31));

const FEW = 200;

/** No counter-example is found; otherwise the smallest is told, with the seed that leads to it. */
export function holds<Given>(property: IPropertyWithHooks<Given>): void {
  fc.assert(property, { numRuns: rounds(FEW), seed });
}

export const holdsLater = <Given>(property: IAsyncPropertyWithHooks<Given>): Promise<void> =>
  fc.assert(property, { numRuns: rounds(FEW), seed });
