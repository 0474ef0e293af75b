/**
 * Clients that nobody here wrote, each signing people in by the product: `npm run test:clients`,
 * or with the names of some. They run on loopback, on a Debian with Go and Python, and end with
 * this script. `--fetch` only sees to it that everything is there, and says by its exit code
 * whether it is.
 */
import '../src/need-node-24.js';

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';

import { install } from './clients/install.ts';

const root = join(import.meta.dirname, '..');
const tell = (what: string): boolean => process.stderr.write(`clients: ${what}\n`);

const { values, positionals } = parseArgs({
  options: { fetch: { type: 'boolean', default: false } },
  allowPositionals: true,
});

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => stopping.abort());
}

process.exitCode = await main().catch((error: unknown) => {
  tell(error instanceof Error ? error.message : String(error));
  return 1;
});

async function main(): Promise<number> {
  const { signal } = stopping;
  await install({ tell, signal }).catch((error: unknown) => {
    // Whatever else was being fetched.
    stopping.abort();
    throw new Error(`cannot be had on this machine (${(error as Error).message})`);
  });
  return values.fetch ? 0 : runTests();
}

/** What asks us to stop asks mocha first. */
async function runTests(): Promise<number> {
  stopping.signal.throwIfAborted();
  const mocha = join('node_modules', 'mocha', 'bin', 'mocha.js');
  // One after the other, so that their seconds can be compared.
  const options = ['--no-parallel', '--reporter', 'scripts/clients/report.ts'];
  const child = spawn(process.execPath, [mocha, ...options, ...files()], {
    cwd: root,
    stdio: 'inherit',
    detached: true,
  });
  stopping.signal.addEventListener('abort', () => {
    if (child.pid !== undefined) process.kill(-child.pid);
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code === 0 ? 0 : 1;
}

function files(): string[] {
  const all = globSync('test/clients/*.test.ts', { cwd: root }).sort();
  if (positionals.length === 0) return all;
  const chosen = all.filter((file) => positionals.some((name) => basename(file).includes(name)));
  if (chosen.length === 0) throw new Error(`no client is called ${positionals.join(' or ')}`);
  return chosen;
}
