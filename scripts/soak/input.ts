/**
 * bad input. The checks are the tests of the same name; here they run with full
 * counts, and they hold times and memory to their limits themselves.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';

import { atMost, type Check } from './check.ts';

const root = resolve(import.meta.dirname, '../..');
const mocha = join(root, 'node_modules/mocha/bin/mocha.js');

const testing = (about: string, tests: string, rounds: number): Check => ({
  about,
  withinSeconds: 3600,
  async run() {
    const child = spawn(process.execPath, [mocha, '--timeout', '0', tests], {
      cwd: root,
      env: { ...process.env, SOAK_ROUNDS: String(rounds) },
      // Whoever reads the figures wants the seed and the counter-example, but not among them.
      stdio: ['ignore', process.stderr, process.stderr],
    });
    const [code] = (await once(child, 'close')) as [number | null];
    return [atMost('runs of the tests that failed', code === 0 ? 0 : 1, 0)];
  },
});

export const crawlers = testing(
  'slow clients, and bodies without end (with R-34)',
  'test/http/slow-and-large.test.ts',
  1,
);
export const mistakes = testing(
  '20,000 requests with mistakes over all routes',
  'test/http/fuzz.test.ts',
  20_000,
);
export const tokens = testing(
  '20,000 hints and client assertions with a mistake',
  'test/http/mutated-tokens.test.ts',
  4_000,
);
export const properties = testing(
  'what holds for every spelling, secret and tally, 10,000 times each',
  'test/unit/properties/*.test.ts',
  10_000,
);
