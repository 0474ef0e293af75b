/**
 * One server of the engine: started, waited for until it says that it can be used, and ended.
 * It never outlives this process, not even one that was killed.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Server {
  /** What it said that shows it is ready. */
  readonly ready: string;
  /** Settles when it has ended, with the last that it said. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

const LAST_LINES = 20;
const READY_WITHIN_MS = 60_000;

export async function startServer(command: readonly string[], ready: RegExp): Promise<Server> {
  // The kernel kills the child when we are gone.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...command], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // A Ctrl-C is for us; we end the servers when nobody needs them any more.
    detached: true,
  });
  const said: string[] = [];
  const ended = once(child, 'close').then(([code, signal]: unknown[]) =>
    [...said, `${command[0]} ended: ${String(code ?? signal)}`].join('\n'),
  );
  async function stop(): Promise<void> {
    child.kill('SIGKILL');
    await ended;
  }

  const isReady = listen(child, said, ready);
  const failed = ended.then((why) => Promise.reject(new Error(why)));
  const timer = setTimeout(() => void stop(), READY_WITHIN_MS);
  try {
    return { ready: await Promise.race([isReady, failed]), ended, stop };
  } finally {
    clearTimeout(timer);
    failed.catch(() => undefined);
  }
}

/** Keeps reading for as long as it lives, because a full pipe would stop it. */
function listen(child: ChildProcess, said: string[], ready: RegExp): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  for (const input of [child.stdout, child.stderr]) {
    if (!input) continue;
    createInterface(input).on('line', (line) => {
      said.push(line);
      if (said.length > LAST_LINES) said.shift();
      const match = ready.exec(line);
      if (match) resolve(match[1] ?? match[0]);
    });
  }
  return promise;
}
