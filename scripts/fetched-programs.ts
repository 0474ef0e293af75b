/**
 * How scripts bring in programs that are no packages of ours: each into a folder of its own that
 * is kept, and which is there whole or not at all.
 */
import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const { XDG_CACHE_HOME = join(homedir(), '.cache') } = process.env;
/** Where they are kept unless somebody says otherwise. */
export const usualCache = join(XDG_CACHE_HOME, 'doorstep');

const PATIENCE_MS = 10 * 60_000;

/** Makes a folder unless it is there; one that was given up half-way is never taken for it. */
export async function once(
  folder: string,
  make: (target: string) => Promise<void>,
): Promise<string> {
  if (await exists(folder)) return folder;
  await mkdir(dirname(folder), { recursive: true });
  const unfinished = await mkdtemp(`${folder}-unfinished-`);
  try {
    await make(join(unfinished, 'made'));
    await rename(join(unfinished, 'made'), folder);
  } finally {
    // Of this file system alone: should /dev still be mounted in there, it is this machine's.
    await run('rm', ['--recursive', '--force', '--one-file-system', unfinished]);
  }
  return folder;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

export interface Terms {
  readonly signal?: AbortSignal;
  readonly env?: Readonly<Record<string, string>>;
}

/** Returns what it said; throws with the last line of what it complained about. */
export async function run(
  command: string,
  args: readonly string[],
  { env, ...terms }: Terms = {},
): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(command, args, {
      ...terms,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', ...env },
      timeout: PATIENCE_MS,
      maxBuffer: 2 ** 26,
    });
    return stdout;
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    const last = stderr?.trim().split('\n').at(-1);
    throw new Error(`${command}: ${last === undefined || last === '' ? message : last}`, {
      cause: error,
    });
  }
}
