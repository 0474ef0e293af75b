/**
 * One process that is measured: started, watched and ended. What the kernel knows of it is
 * read from /proc, so that measuring costs the measured nothing; Linux only.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';

export interface Program {
  readonly pid: number;
  /** Milliseconds of CPU so far. */
  readonly cpu: () => Cpu;
  readonly rssMiB: () => number;
  readonly openFiles: () => number;
  /** Settles with the first line of its output that fits. */
  line(fits: RegExp): Promise<RegExpExecArray>;
  onLine(look: (line: string) => void): void;
  stop(): Promise<void>;
}

export interface Cpu {
  readonly all: number;
  /** Of libuv's pool, where password hashes and signatures are computed. */
  readonly pool: number;
}

interface Wanted {
  readonly name: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** USER_HZ, which Linux fixed at 100 for everybody outside the kernel. */
const TICK_MS = 10;
const PATIENCE_MS = 12_000;

export function startProgram({ name, command, environment }: Wanted): Program {
  const child = spawn(process.execPath, command, {
    env: environment,
    // The fourth is a line to us: the product ends when we are gone, however we went.
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${name} could not be started`);
  const { stdout } = child;
  if (!stdout) throw new Error(`${name} has no output`);
  const reader = createInterface(stdout);

  return {
    pid,
    cpu: () => ({ all: ticks(`/proc/${pid}/stat`) * TICK_MS, pool: poolTicks(pid) * TICK_MS }),
    rssMiB: () => Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1]) / 1024,
    openFiles: () => readdirSync(`/proc/${pid}/fd`).length,
    line: firstOf(reader, child, name),
    onLine: (look) => void reader.on('line', look),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const insist = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
      await once(child, 'exit');
      clearTimeout(insist);
    },
  };
}

function firstOf(reader: Interface, child: ChildProcess, name: string): Program['line'] {
  return async (fits) => {
    const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
    const look = (line: string): void => {
      const found = fits.exec(line);
      if (found) resolve(found);
    };
    const ended = (): void => reject(new Error(`${name} ended before it was ready`));
    reader.on('line', look);
    child.once('exit', ended);
    try {
      return await promise;
    } finally {
      reader.off('line', look);
      child.off('exit', ended);
    }
  };
}

const read = (file: string): string => readFileSync(file, 'utf8');

/** User and system time: the 14th and 15th field, counted behind a name that may hold spaces. */
function ticks(file: string): number {
  const fields = read(file).split(') ').at(-1)?.split(' ') ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

function poolTicks(pid: number): number {
  const tasks = readdirSync(`/proc/${pid}/task`).map((task) => `/proc/${pid}/task/${task}`);
  const isPool = (task: string): boolean => read(`${task}/comm`).startsWith('libuv-worker');
  return tasks.filter(isPool).reduce((sum, task) => sum + ticks(`${task}/stat`), 0);
}
