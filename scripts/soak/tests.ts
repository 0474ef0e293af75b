/**
 * and two checks of the embedded database: tests that run here
 * with full counts, and hold counts, times and memory to their limits themselves.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';

import { atMost, type Check } from './check.ts';

const root = resolve(import.meta.dirname, '../..');
const mocha = join(root, 'node_modules/mocha/bin/mocha.js');

interface Wanted {
  readonly about: string;
  readonly tests: string;
  /** The full counts, by the variables that the tests read. */
  readonly counts: Readonly<Record<string, number>>;
}

const testing = ({ about, tests, counts }: Wanted): Check => ({
  about,
  withinSeconds: 3600,
  async run({ factor }) {
    const figures = { ...counts, SOAK_FACTOR: factor };
    const full = Object.entries(figures).map(([name, figure]) => [name, String(figure)] as const);
    const child = spawn(process.execPath, [mocha, '--no-parallel', '--timeout', '0', tests], {
      cwd: root,
      env: { ...process.env, ...Object.fromEntries(full) },
      // Whoever reads the figures wants the seed and the counter-example, but not among them.
      stdio: ['ignore', process.stderr, process.stderr],
    });
    // Mocha ends with the number of tests that failed.
    const [code] = (await once(child, 'close')) as [number | null];
    return [atMost('tests that failed', code ?? NaN, 0)];
  },
});

export const usedOnce = testing({
  about: 'what is good once, used by 50 at a time, 20 times over',
  tests: 'test/http/used-once.test.ts',
  counts: { SOAK_ROUNDS: 20, SOAK_AT_ONCE: 50 },
});
export const wrongCodes = testing({
  about: '200 wrong codes at once over 20 parallel sign-ins of one account',
  tests: 'test/http/limits-codes.test.ts',
  counts: {},
});
export const crawlers = testing({
  about: 'slow and hasty clients, and bodies without end (with R-34)',
  tests: 'test/http/slow-and-large.test.ts',
  counts: { SOAK_ROUNDS: 1 },
});
export const mistakes = testing({
  about: '20,000 requests with mistakes over all routes',
  tests: 'test/http/fuzz.test.ts',
  counts: { SOAK_ROUNDS: 20_000 },
});
export const tokens = testing({
  about: '20,000 hints and client assertions with a mistake',
  tests: 'test/http/mutated-tokens.test.ts',
  counts: { SOAK_ROUNDS: 4_000 },
});
export const properties = testing({
  about: 'what holds for every spelling, secret and tally, 10,000 times each',
  tests: 'test/unit/properties/*.test.ts',
  counts: { SOAK_ROUNDS: 10_000 },
});
export const kills = testing({
  about: 'kill -9 of the embedded database in the midst of writing, 200 times',
  tests: 'test/contract/embedded-database-process.test.ts',
  counts: { KILL_ROUNDS: 200 },
});
export const planner = testing({
  about: '40,000 queries by index and by looking at every document',
  tests: 'test/unit/database/embedded/plan.test.ts',
  counts: { PLANNER_SEEDS: 100 },
});
