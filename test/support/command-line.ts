/**
 * `npm run doorstep` as stories type it: on one data directory, in this process, which is some
 * seconds quicker for each command. `inProcesses` types it as an administrator does, and so does
 * everybody with PROCESSES=1.
 */
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';

import { commandLine } from '../../scripts/doorstep/command-line.ts';
import type { Terminal } from '../../scripts/doorstep/run.ts';
import { ownDirectory } from './own-directory.ts';

const script = resolve(import.meta.dirname, '../../scripts/doorstep.ts');
const run = promisify(execFile);

type Environment = Readonly<Record<string, string>>;

interface Printed {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

export interface CommandLine {
  readonly directory: string;
  readonly doorstep: (...args: string[]) => Promise<string>;
  readonly withInput: (input: string, ...args: string[]) => Promise<string>;
  /** What is said to whoever is refused. */
  readonly refused: (...args: string[]) => Promise<string>;
  /** All that it says, and how it ends. */
  readonly gives: (input: string, ...args: string[]) => Promise<Printed>;
  /** With no environment but this. */
  readonly runs: (environment: Environment, ...args: string[]) => Promise<Printed>;
  readonly close: () => Promise<void>;
}

export async function openCommandLine(
  more: Environment = {},
  { inProcesses = process.env.PROCESSES === '1' }: { readonly inProcesses?: boolean } = {},
): Promise<CommandLine> {
  const directory = await ownDirectory();
  const own = { NODE_ENV: 'test', DATA_DIRECTORY: directory, ...more };
  const runs = inProcesses ? byProcess : here;

  async function withInput(input: string, ...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await runs(args, own, input);
    if (code !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  return {
    directory,
    withInput,
    doorstep: (...args) => withInput('', ...args),
    async refused(...args) {
      const { code, stderr } = await runs(args, own);
      if (code === 0) throw new Error(`${args.join(' ')} was not refused`);
      return stderr;
    },
    gives: (input, ...args) => runs(args, own, input),
    runs: (environment, ...args) => runs(args, environment),
    close: () => rm(directory, { recursive: true, force: true }),
  };
}

async function here(args: readonly string[], env: Environment, input = ''): Promise<Printed> {
  const printed = { stdout: '', stderr: '' };
  const writes = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => ((printed[name] += text), true),
  });
  const terminal: Terminal = {
    env,
    stdin: Readable.from(input === '' ? [] : [Buffer.from(input)]),
    stdout: writes('stdout'),
    stderr: writes('stderr'),
  };
  await commandLine(args, terminal);
  return { ...printed, code: Number(terminal.exitCode ?? 0) };
}

async function byProcess(args: readonly string[], env: Environment, input = ''): Promise<Printed> {
  const running = run(process.execPath, [script, ...args], { env });
  running.child.stdin?.end(input);
  return running.then(
    ({ stdout, stderr }) => ({ stdout, stderr, code: 0 }),
    (error: unknown) => error as Printed, // what execFile rejects with
  );
}
