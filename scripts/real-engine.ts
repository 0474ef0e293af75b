/**
 * An engine that nobody here wrote, for the tests: DocumentDB on PostgreSQL behind FerretDB, on
 * a Debian with Go, as root. `node scripts/real-engine.ts -- COMMAND...` runs a command with its
 * MONGODB_URI; without one it prints that address and goes on until it is told to stop.
 * `--fetch` only sees to it that everything is there, and says by its exit code whether it is.
 */
import '../src/need-node-24.js';

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';

import { usualCache } from './fetched-programs.ts';
import { install, type Installed } from './real-engine/install.ts';
import { type Engine, startEngine } from './real-engine/start.ts';

const tell = (what: string): boolean => process.stderr.write(`real engine: ${what}\n`);

const { values, positionals } = parseArgs({
  options: {
    fetch: { type: 'boolean', default: false },
    cache: { type: 'string', default: usualCache },
  },
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
  const installed = await install({ cache: values.cache, tell, signal }).catch((error: unknown) => {
    throw new Error(`cannot be had on this machine (${(error as Error).message})`);
  });
  return values.fetch ? 0 : runWith(installed);
}

async function runWith(installed: Installed): Promise<number> {
  const engine = await startEngine(installed);
  try {
    stopping.signal.throwIfAborted();
    const [command, ...args] = positionals;
    return await (command === undefined ? serve(engine) : runCommand(engine, command, args));
  } finally {
    await engine.stop();
  }
}

async function serve({ uri, ended }: Engine): Promise<number> {
  process.stdout.write(`${uri}\n`);
  const why = await Promise.race([ended, once(stopping.signal, 'abort').then(() => undefined)]);
  if (why === undefined) return 0;
  throw new Error(why);
}

/** Its exit code is ours; what asks us to stop asks it first. */
async function runCommand(
  { uri }: Engine,
  command: string,
  args: readonly string[],
): Promise<number> {
  const env = { ...process.env, MONGODB_URI: uri };
  // A group of its own: npm does not pass a signal on to what it runs.
  const child = spawn(command, args, { env, stdio: 'inherit', detached: true });
  stopping.signal.addEventListener('abort', () => {
    if (child.pid !== undefined) process.kill(-child.pid);
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}
