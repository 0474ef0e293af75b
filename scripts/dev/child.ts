/**
 * One process of the demo: started, watched and ended. What it warns about is shown with
 * its name in front.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

export interface Child {
  readonly name: string;
  /** Settles when the process has ended, with why. */
  readonly ended: Promise<string>;
  /** Asks it to end, and insists after a while. */
  stop(): Promise<void>;
}

export interface Program {
  readonly name: string;
  /** Below scripts/ or src/, from the project's folder. */
  readonly script: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const root = new URL('../../', import.meta.url);
const PATIENCE_MS = 12_000;
const ASK_EVERY_MS = 100;
const READY_WITHIN_MS = 30_000;

export function startChild({ name, script, environment }: Program): Child {
  const child = spawn(process.execPath, [script], {
    cwd: root,
    env: environment,
    // The fourth is a line to us: a child notices when we are gone, however we went.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  show(child, name);
  const ended = once(child, 'exit').then(([code, signal]: unknown[]) =>
    typeof code === 'number' ? `exit code ${code}` : `signal ${String(signal)}`,
  );
  return {
    name,
    ended,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const insist = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
      await ended;
      clearTimeout(insist);
    },
  };
}

/** Doorstep logs JSON on standard output; of the others only complaints are of interest. */
function show({ stdout, stderr }: ChildProcess, name: string): void {
  const print = (line: string): boolean => process.stderr.write(`[${name}] ${line}\n`);
  if (stderr) createInterface(stderr).on('line', print);
  if (stdout) {
    createInterface(stdout).on('line', (line) => {
      if (line.startsWith('{')) print(line);
    });
  }
}

/** Waits until the address answers well; throws when the child ends first. */
export async function untilReady(child: Child, address: string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  let why: string | undefined;
  void child.ended.then((reason) => (why = reason));
  while (!(await answers(address))) {
    if (why) throw new Error(`${child.name} did not start (${why}).`);
    if (Date.now() > deadline) throw new Error(`${child.name} does not answer at ${address}.`);
    await pause(ASK_EVERY_MS);
  }
}

const answers = (address: string): Promise<boolean> =>
  fetch(address, { signal: AbortSignal.timeout(1_000) }).then(
    ({ ok }) => ok,
    () => false,
  );
